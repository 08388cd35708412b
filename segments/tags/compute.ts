/**
 * Writes one partition of `profiles`: staged steps from the facts, then thresholds, then traits and tags of a range of
 * ordinals at a time. Memory is bounded by the spill settings and the size of a range, whatever the number of profiles.
 */
import { businessDay } from '../../clock.ts';
import { join, p, raw, type SqlFragment, type Store, sql } from '../../store/index.ts';
import { PARAMETER_SETS, TAGS } from './library/index.ts';
import { dropOldPartitions, dropPartition } from './partitions.ts';
import { STAGED_TABLES, stages } from './stages.ts';
import type { ParameterSet, TagRun } from './tag.ts';

export interface ComputeOptions {
  readonly store: Store;
  /** Links up to this version say which account belongs to which profile. */
  readonly identityVersion: number;
  /** The partition to write; what a killed run left in it is dropped first. */
  readonly version: number;
  readonly now: Date;
  /** The brand's zone: its days are the days of all tags. */
  readonly zone: string;
  /** Partitions a running export reads; they are kept beside the newest. */
  readonly pinned?: readonly number[];
  readonly signal?: AbortSignal;
}

/** A threshold of a run, and whether it was measured or is the default for too few cases. */
export interface TagParameter {
  readonly parameter: string;
  readonly value: number;
  readonly basis: 'measured' | 'default';
}

export interface ComputedProfiles {
  readonly version: number;
  readonly profiles: number;
  readonly parameters: readonly TagParameter[];
}

/** Ordinals written by one statement. */
const RANGE = 500_000;

/** A step spills to disk instead of holding more than a gigabyte; joins do once the links alone would take half of one. */
const SPILLING = { max_bytes_before_external_group_by: '1000000000', max_bytes_before_external_sort: '1000000000' };
const SPILLING_JOINS = { ...SPILLING, join_algorithm: 'grace_hash', max_bytes_in_join: '500000000' };
const MANY_LINKS = 8_000_000;

/** Columns of the staged tables that go into `profiles` as they are. */
const STAGED_COLUMNS = `profile_ordinal, profile_id, accounts, records, name_masked, name_from, phone_masked, phone_from,
  email_masked, email_from, gender, gender_from, birth_date, birth_precision, birth_from, province, city, region_from,
  member_status, level, points, joined_at, join_store, membership_count, membership_account, membership_source,
  membership_record_id, purchases`;

/** Computes traits and tags of every profile into partition `version` and drops partitions nobody reads any more. */
export async function computeProfiles(options: ComputeOptions): Promise<ComputedProfiles> {
  const { store, version } = options;
  const today = sql`${p('Date32', businessDay(options.now, options.zone))}`;
  await dropPartition(store, version);
  await emptyStages(store);
  await fillStages(options);
  const parameters = await measure(store, version, today);
  const profiles = await writeProfiles(options, { today, parameter: parameterOf(parameters) });
  await emptyStages(store);
  await dropOldPartitions(store, options.pinned ?? []);
  return { version, profiles, parameters };
}

/** The thresholds that the tags of a version were computed with. */
export function readTagParameters(store: Store, version: number): Promise<TagParameter[]> {
  return store.rows<TagParameter>(sql`
    SELECT parameter, value, basis FROM tag_parameters FINAL WHERE version = ${p('UInt32', version)} ORDER BY parameter`);
}

async function fillStages(options: ComputeOptions): Promise<void> {
  const { store, signal } = options;
  const [size] = await store.rows<{ accounts: number }>(
    sql`SELECT max(account_ordinal) AS accounts FROM identity_links`,
  );
  const settings = (size?.accounts ?? 0) > MANY_LINKS ? SPILLING_JOINS : SPILLING;
  for (const fill of stages(options)) {
    signal?.throwIfAborted();
    await store.run(fill, { settings, ...(signal ? { signal } : {}) });
  }
}

async function emptyStages(store: Store): Promise<void> {
  for (const table of STAGED_TABLES) await store.run(sql`TRUNCATE TABLE ${raw(table)}`);
}

async function measure(store: Store, version: number, today: SqlFragment): Promise<TagParameter[]> {
  const found = await Promise.all(PARAMETER_SETS.map((set) => measureSet(store, set, today)));
  const parameters = found.flat();
  await store.insert(
    'tag_parameters',
    parameters.map((one) => ({ version, ...one })),
  );
  return parameters;
}

async function measureSet(store: Store, set: ParameterSet, today: SqlFragment): Promise<TagParameter[]> {
  const [row] = await store.rows<Record<string, number>>(set.measure({ today }));
  const enough = (row?.cases ?? 0) >= set.enough;
  return Object.entries(set.defaults).map(([parameter, value]) => ({
    parameter,
    value: enough ? (row?.[parameter] ?? value) : value,
    basis: enough ? 'measured' : 'default',
  }));
}

function parameterOf(parameters: readonly TagParameter[]): TagRun['parameter'] {
  const values = new Map(parameters.map((one) => [one.parameter, one.value]));
  return (id) => sql`${p('Float64', values.get(id))}`;
}

async function writeProfiles({ store, version, signal }: ComputeOptions, run: TagRun): Promise<number> {
  const [size] = await store.rows<{ profiles: number; last: number }>(
    sql`SELECT count() AS profiles, max(profile_ordinal) AS last FROM staged_founders`,
  );
  for (let from = 0; from <= (size?.last ?? 0); from += RANGE) {
    signal?.throwIfAborted();
    await store.run(insertRange({ version, from, run }), signal ? { signal } : {});
  }
  return size?.profiles ?? 0;
}

function insertRange({ version, from, run }: { version: number; from: number; run: TagRun }): SqlFragment {
  const range = sql`profile_ordinal >= ${p('UInt32', from)} AND profile_ordinal < ${p('UInt32', from + RANGE)}`;
  const staged = (table: string) => sql`(SELECT * FROM ${raw(table)} WHERE ${range}) AS ${raw(table)}`;
  const tags = TAGS.map((tag) => sql`${tag.sql(run)} AS ${raw(tag.id)}`);
  const names = TAGS.map((tag) => tag.id).join(', ');
  return sql`
    INSERT INTO profiles (version, ${raw(STAGED_COLUMNS)}, channels_bits, reachable_bits, ${raw(names)})
    SELECT ${p('UInt32', version)}, ${raw(STAGED_COLUMNS)}, bitOr(account_channels, bound_channels) AS channels_bits, reachable_bits,
      ${join(tags, ', ')}
    FROM (SELECT * FROM staged_founders WHERE ${range}) AS founder
    LEFT ANY JOIN ${staged('staged_traits')} USING profile_ordinal
    LEFT ANY JOIN ${staged('staged_memberships')} USING profile_ordinal
    LEFT ANY JOIN ${staged('staged_bindings')} USING profile_ordinal
    LEFT ANY JOIN ${staged('staged_reach')} USING profile_ordinal
    LEFT ANY JOIN ${staged('staged_purchases')} USING profile_ordinal`;
}
