/** One row per job run: status, counts in and out, fault and advice. A run's row is written by the process that runs it. */
import { randomUUID } from 'node:crypto';
import { type Clock, clickhouseInstant } from '../clock.ts';
import type { Store } from './client.ts';

export type RunStatus = 'running' | 'done' | 'failed' | 'stopped';

export interface RunView {
  readonly run_id: string;
  readonly kind: string;
  readonly source: string;
  readonly status: RunStatus;
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly fault: string;
  readonly advice: string;
}

export interface Run {
  readonly id: string;
  view(): RunView;
  /** Sets counts (rows in, out, done, total, rate); kept in memory, written when the run ends. */
  count(counts: Readonly<Record<string, number>>): void;
  finish(outcome: { status: Exclude<RunStatus, 'running'>; fault?: string; advice?: string }): Promise<RunView>;
}

/** Notes that a run began and returns its handle. */
export async function startRun(
  store: Store,
  clock: Clock,
  what: { kind: string; source?: string; id?: string },
): Promise<Run> {
  const id = what.id ?? randomUUID();
  const started = clickhouseInstant(clock.now());
  let counts: Record<string, number> = {};
  let end: { status: RunStatus; finished_at: string | null; fault: string; advice: string } = {
    status: 'running',
    finished_at: null,
    fault: '',
    advice: '',
  };
  const view = (): RunView => ({
    run_id: id,
    kind: what.kind,
    source: what.source ?? '',
    started_at: started,
    counts,
    ...end,
  });
  await store.insert('runs', [{ ...view(), revision: 1 }]);
  return {
    id,
    view,
    count(more) {
      counts = { ...counts, ...more };
    },
    async finish(outcome) {
      end = {
        status: outcome.status,
        finished_at: clickhouseInstant(clock.now()),
        fault: outcome.fault ?? '',
        advice: outcome.advice ?? '',
      };
      await store.insert('runs', [{ ...view(), revision: 2 }]);
      return view();
    },
  };
}
