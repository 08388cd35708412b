/** Runs from before this process began. */
import { type Clock, clickhouseInstant } from '../clock.ts';
import { p, type RunView, type Store, sql } from '../store/index.ts';

/** Runs that still say 'running' were cut off with the process that ran them: they are marked as stopped. */
export async function closeCutOffRuns(store: Store, clock: Clock): Promise<void> {
  await store.run(sql`
    INSERT INTO runs
    SELECT run_id, revision + 1, kind, source, 'stopped', started_at, ${p("DateTime64(3, 'UTC')", clickhouseInstant(clock.now()))},
           counts, 'The process ended while this ran.', 'It goes on behind the last checkpoint with the next run.'
    FROM (SELECT * FROM runs FINAL WHERE status = 'running')`);
}

/** The newest pull of each source. */
export async function lastRuns(store: Store): Promise<Map<string, RunView>> {
  const rows = await store.rows<RunView>(sql`
    SELECT run_id, kind, source, status, toString(started_at) AS started_at, toString(finished_at) AS finished_at, counts, fault, advice
    FROM runs FINAL WHERE kind = 'collect' ORDER BY runs.started_at DESC LIMIT 1 BY source`);
  return new Map(rows.map((row) => [row.source, row]));
}

/** Number of the newest finished commit; 0 before the first. */
export async function lastCommit(store: Store): Promise<number> {
  const [row] = await store.rows<{ seq: number }>(sql`SELECT max(commit_seq) AS seq FROM commits`);
  return row?.seq ?? 0;
}
