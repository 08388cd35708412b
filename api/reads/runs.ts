/** Runs from the store, newest first, with those under way as they are now. */
import { p, type RunView, type Store, sql } from '../../store/index.ts';
import type { PageOf } from '../routes/shared.ts';
import type { RunsService } from '../services.ts';

export interface RunFilter {
  readonly kind?: string;
  readonly source?: string;
  readonly status?: string;
}

/** Position of a run in the list: when it began, then its id. */
export type RunPosition = readonly [startedAt: string, runId: string];

const COLUMNS = sql`run_id, kind, source, status, toString(started_at) AS started_at,
  if(isNull(finished_at), NULL, toString(finished_at)) AS finished_at, counts, fault, advice`;
const LAST = ['2200-01-01 00:00:00.000', ''] as const;

export async function listRuns(
  { store, runs }: { store: Store; runs: RunsService },
  { filter, page }: { filter: RunFilter; page: PageOf<RunPosition> },
): Promise<RunView[]> {
  const [startedAt, runId] = page.after ?? LAST;
  const found = await store.rows<RunView>(sql`
    SELECT ${COLUMNS} FROM (SELECT * FROM runs FINAL) AS r
    WHERE (r.started_at, r.run_id) < (${p("DateTime64(3, 'UTC')", startedAt)}, ${p('String', runId)})
      AND (${p('String', filter.kind ?? '')} IN ('', r.kind)) AND (${p('String', filter.source ?? '')} IN ('', r.source))
      AND (${p('String', filter.status ?? '')} IN ('', r.status))
    ORDER BY r.started_at DESC, r.run_id DESC LIMIT ${p('UInt32', page.limit)}`);
  return found.map((run) => asItIs(runs, run));
}

/** One run; one that only just began may not be in the store yet. */
export async function findRun({ store, runs }: { store: Store; runs: RunsService }, id: string) {
  const running = runs.running().find((one) => one.run_id === id);
  if (running !== undefined) return running;
  const [found] = await store.rows<RunView>(
    sql`SELECT ${COLUMNS} FROM (SELECT * FROM runs FINAL WHERE run_id = ${p('String', id)}) AS r`,
  );
  return found;
}

/** Counts of a run under way are in memory only. */
function asItIs(runs: RunsService, run: RunView): RunView {
  return run.status === 'running' ? (runs.running().find((one) => one.run_id === run.run_id) ?? run) : run;
}
