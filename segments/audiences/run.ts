/** Runs a segment: finds its members, compares them with the run before, then makes the run visible. */
import { createHash } from 'node:crypto';
import { clickhouseInstant } from '../../clock.ts';
import { type Published, p, type SqlFragment, type Store, sql } from '../../store/index.ts';
import { channelCounts, countsByChannel } from '../channels.ts';
import { compileCondition } from '../conditions/index.ts';
import { reshapedProfiles } from '../links.ts';
import { type AudienceRun, listAudiences } from './audience.ts';
import { membersAt } from './translate.ts';

export interface RunAudienceOptions {
  readonly store: Store;
  /** The version to run on, as readPublished gave it; the run keeps to it. */
  readonly published: Published;
  /** Id of the segment's document. */
  readonly segment: string;
  readonly condition: unknown;
  /** The caller's id for the run. */
  readonly runId: string;
  readonly now: Date;
  /** The brand's zone. */
  readonly zone: string;
}

/** Throws condition.invalid before anything is written. Only one run may be made at a time. */
export async function runAudience(options: RunAudienceOptions): Promise<AudienceRun> {
  const { store, published } = options;
  const condition = compileCondition(options.condition, options);
  const run = await nextRun(store);
  const [previous] = await listAudiences(store, { segment: options.segment, limit: 1 });
  const selected = sql`profiles WHERE version = ${p('UInt32', published.tags_version)} AND ${condition}`;
  await store.run(sql`
    INSERT INTO audience_members (run, profile_ordinal) SELECT ${p('UInt64', run)}, profile_ordinal FROM ${selected}`);
  const [counted] = await store.rows<{ members: number; by_channel: number[] }>(
    sql`SELECT count() AS members, ${channelCounts()} AS by_channel FROM ${selected}`,
  );
  const written: AudienceRun = {
    run,
    run_id: options.runId,
    segment: options.segment,
    condition: options.condition,
    condition_hash: createHash('sha256').update(JSON.stringify(options.condition)).digest('hex'),
    published_version: published.version,
    identity_version: published.identity_version,
    tags_version: published.tags_version,
    data_up_to: published.data_up_to,
    now: clickhouseInstant(options.now),
    member_count: counted?.members ?? 0,
    channel_counts: countsByChannel(counted?.by_channel),
    previous_run: previous?.run ?? 0,
    ...(await compareRuns(store, { previous, next: { run, identity_version: published.identity_version } })),
    finished_at: clickhouseInstant(options.now),
  };
  await store.insert('audiences', [{ ...written, condition: JSON.stringify(written.condition) }]);
  return written;
}

/** The number after the last visible run; members that a killed run left under it are taken away first. */
async function nextRun(store: Store): Promise<number> {
  const [row] = await store.rows<{ run: number; left_over: number }>(sql`
    WITH (SELECT max(run) FROM audiences) + 1 AS next
    SELECT toUInt64(next) AS run, count() AS left_over FROM audience_members WHERE run = next`);
  const { run, left_over } = row!;
  if (left_over > 0)
    await store.run(sql`ALTER TABLE audience_members DELETE WHERE run = ${p('UInt64', run)}`, {
      settings: { mutations_sync: '2' },
    });
  return run;
}

interface Moves {
  readonly entered: number;
  readonly left: number;
  readonly entered_by_identity: number;
  readonly left_by_identity: number;
}

type Members = Pick<AudienceRun, 'run' | 'identity_version'>;

/**
 * Who entered and who left, both runs told by the newer identity version. A profile that was merged, split or lost an
 * account in between enters or leaves by identity: previous + entered + entered_by_identity − left − left_by_identity
 * is the new count.
 */
async function compareRuns(
  store: Store,
  { previous, next }: { previous: (Members & { member_count: number }) | undefined; next: Members },
): Promise<Moves> {
  const nobody: SqlFragment = sql`(SELECT toUInt32(0) AS profile_ordinal WHERE 0)`;
  const before = previous === undefined ? nobody : membersAt(previous, next.identity_version);
  const reshaped = previous === undefined ? nobody : reshapedProfiles(previous.identity_version, next.identity_version);
  const [row] = await store.rows<Moves & { still_told: number }>(sql`
    SELECT countIf(is_member AND NOT was_member AND NOT by_identity) AS entered,
      countIf(was_member AND NOT is_member AND NOT by_identity) AS \`left\`,
      countIf(is_member AND NOT was_member AND by_identity) AS entered_by_identity,
      countIf(was_member AND NOT is_member AND by_identity) AS left_by_identity,
      countIf(was_member) AS still_told
    FROM (
      SELECT profile_ordinal, max(after) AS is_member, max(NOT after) AS was_member,
        profile_ordinal IN ${reshaped} AS by_identity
      FROM (SELECT profile_ordinal, true AS after FROM audience_members WHERE run = ${p('UInt64', next.run)}
            UNION ALL SELECT profile_ordinal, false AS after FROM ${before})
      GROUP BY profile_ordinal)`);
  const { still_told, ...moves } = row!;
  const vanished = previous === undefined ? 0 : (await countMembers(store, previous)) - still_told;
  return { ...moves, left_by_identity: moves.left_by_identity + vanished };
}

async function countMembers(store: Store, { run }: Members): Promise<number> {
  const [row] = await store.rows<{ members: number }>(
    sql`SELECT count() AS members FROM audience_members WHERE run = ${p('UInt64', run)}`,
  );
  return row?.members ?? 0;
}
