/** A run of a segment: its row is written last, after its members, and is what makes it visible. */

import { QuanyuError } from '../../errors.ts';
import type { Channel } from '../../ingest/record.ts';
import { p, type SqlFragment, type Store, sql } from '../../store/index.ts';

export interface AudienceRun {
  readonly run: number;
  readonly run_id: string;
  /** Id of the segment's document. */
  readonly segment: string;
  /** The condition as it was, and a SHA-256 of it. */
  readonly condition: unknown;
  readonly condition_hash: string;
  readonly published_version: number;
  readonly identity_version: number;
  readonly tags_version: number;
  readonly data_up_to: string;
  /** The instant its windows were counted from. */
  readonly now: string;
  readonly member_count: number;
  readonly channel_counts: Readonly<Record<Channel, number>>;
  /** The run it is compared with; 0 = the first of its segment. */
  readonly previous_run: number;
  readonly entered: number;
  readonly left: number;
  /** Entries and exits made by a merge, a split or a forgotten person. */
  readonly entered_by_identity: number;
  readonly left_by_identity: number;
  readonly finished_at: string;
}

type Row = Omit<AudienceRun, 'condition'> & { readonly condition: string };

async function readRuns(store: Store, where: SqlFragment): Promise<AudienceRun[]> {
  const rows = await store.rows<Row>(sql`
    SELECT run, run_id, segment, condition, condition_hash, published_version, identity_version, tags_version,
      toString(data_up_to) AS data_up_to, toString(now) AS now, member_count, channel_counts, previous_run,
      entered, \`left\`, entered_by_identity, left_by_identity, toString(finished_at) AS finished_at
    FROM audiences FINAL WHERE ${where}`);
  return rows.map((row) => ({ ...row, condition: JSON.parse(row.condition) as unknown }));
}

/** The run with this id, or audience.not-found. */
export async function readAudience(store: Store, runId: string): Promise<AudienceRun> {
  const [run] = await readRuns(store, sql`run_id = ${p('String', runId)} ORDER BY run DESC LIMIT 1`);
  if (run !== undefined) return run;
  throw new QuanyuError(
    'audience.not-found',
    'There is no finished audience run with this id. List the runs of its segment, or run the segment again.',
  );
}

/** Runs, newest first: of one segment, or of all; older than `before` (exclusive) if given. */
export function listAudiences(
  store: Store,
  { segment, before, limit }: { segment?: string; before?: number; limit: number },
): Promise<AudienceRun[]> {
  const ofSegment = segment === undefined ? sql`1` : sql`segment = ${p('String', segment)}`;
  const older = before === undefined ? sql`1` : sql`run < ${p('UInt64', before)}`;
  return readRuns(store, sql`${ofSegment} AND ${older} ORDER BY run DESC LIMIT ${p('UInt32', limit)}`);
}
