/** The configured sources from the main process's side: one run at a time each, tried again after passing faults. */
import { randomUUID } from 'node:crypto';
import type { SourcesService, SourceView } from '../api/index.ts';
import type { Clock } from '../clock.ts';
import { clickhouseInstant } from '../clock.ts';
import type { ConfiguredSource } from '../config.ts';
import { messageOf, QuanyuError } from '../errors.ts';
import type { PullEnded } from '../ingest/index.ts';
import { logFor } from '../log.ts';
import type { RunView } from '../store/index.ts';
import type { WorkerHandle } from './supervise.ts';

const log = logFor('sources');
/** Pauses before a source that failed is tried again, besides its schedule. */
const RETRY_MS = { first: 15_000, most: 300_000 };
const LONGEST_WAIT_MS = 86_400_000;

interface SourceState {
  readonly source: ConfiguredSource;
  last: RunView | null;
  running: { view: RunView; abort: AbortController; ended: Promise<void> } | null;
  wholeAt: Date | null;
  retryMs: number;
  retry: NodeJS.Timeout | null;
  /** A person must act first: its schedule does not pull it, a call or a restart does. */
  held: boolean;
}

export interface SourcesOptions {
  readonly sources: readonly ConfiguredSource[];
  readonly collector: WorkerHandle;
  readonly clock: Clock;
  /** The newest run of each source from before, by source id. */
  readonly before: ReadonlyMap<string, RunView>;
  /** Told after every run, with what it brought. */
  readonly ended: (view: RunView) => void;
}

export class Sources implements SourcesService {
  readonly #options: SourcesOptions;
  readonly #states: Map<string, SourceState>;
  #paused = false;

  constructor(options: SourcesOptions) {
    this.#options = options;
    this.#states = new Map(
      options.sources.map((source) => [
        source.id,
        {
          source,
          last: options.before.get(source.id) ?? null,
          running: null,
          wholeAt: null,
          retryMs: RETRY_MS.first,
          retry: null,
          held: false,
        },
      ]),
    );
  }

  list(): SourceView[] {
    const now = this.#options.clock.now().getTime();
    return [...this.#states.values()].map(({ source, last, running, wholeAt }) => {
      const failed = running === null && last?.status === 'failed';
      return {
        id: source.id,
        platform: source.platform,
        channel: source.channel,
        schedule: source.schedule,
        state: running ? 'running' : failed ? 'fault' : 'waiting',
        last_run: running?.view ?? last,
        fault: failed ? last.fault : '',
        advice: failed ? last.advice : '',
        lag_seconds: wholeAt === null ? null : Math.round((now - wholeAt.getTime()) / 1000),
      };
    });
  }

  /** Begins a pull, or names the one that runs. */
  async run(id: string): Promise<RunView> {
    return this.#begin(this.#state(id), 'collect');
  }

  /** Begins a pull of the schedule; a source that waits for a person is left alone: to go on calling gets a shop banned. */
  async pull(id: string): Promise<void> {
    const state = this.#state(id);
    if (!state.held) this.#begin(state, 'collect');
  }

  async replay(id: string): Promise<RunView> {
    return this.#begin(this.#state(id), 'replay');
  }

  async rebuild(id: string): Promise<RunView> {
    return this.#begin(this.#state(id), 'rebuild');
  }

  async push(id: string, request: Parameters<SourcesService['push']>[1]) {
    if (!this.#states.has(id)) return undefined;
    if (this.#paused)
      throw new QuanyuError('store.unavailable', 'Collecting is paused for a moment; send the call again.');
    return this.#options.collector.call('push', { sourceId: id, request });
  }

  /** Runs under way, with their counts so far. */
  running(): RunView[] {
    return [...this.#states.values()].flatMap(({ running }) => (running ? [running.view] : []));
  }

  /** Stops all pulls, holds new ones back while `work` runs, and lets them go on. */
  async paused<T>(work: () => Promise<T>): Promise<T> {
    this.#paused = true;
    try {
      await this.stop();
      return await work();
    } finally {
      this.#paused = false;
    }
  }

  /** Ends running pulls at their next page and waits for them. */
  async stop(): Promise<void> {
    for (const state of this.#states.values()) {
      if (state.retry) clearTimeout(state.retry);
      state.running?.abort.abort();
    }
    await Promise.all([...this.#states.values()].map((state) => state.running?.ended));
  }

  #state(id: string): SourceState {
    const state = this.#states.get(id);
    if (state) return state;
    throw new QuanyuError(
      'api.not-found',
      `There is no source '${id}'. Configured are: ${[...this.#states.keys()].join(', ')}.`,
    );
  }

  #begin(state: SourceState, job: 'collect' | 'replay' | 'rebuild'): RunView {
    if (state.running) return state.running.view;
    if (this.#paused) throw new QuanyuError('store.unavailable', 'Collecting is paused for a moment; try again.');
    const view: RunView = {
      run_id: randomUUID(),
      kind: job,
      source: state.source.id,
      status: 'running',
      started_at: clickhouseInstant(this.#options.clock.now()),
      finished_at: null,
      counts: {},
      fault: '',
      advice: '',
    };
    const abort = new AbortController();
    state.running = { view, abort, ended: this.#follow(state, { job, view, abort }) };
    return view;
  }

  async #follow(
    state: SourceState,
    run: { job: 'collect' | 'replay' | 'rebuild'; view: RunView; abort: AbortController },
  ): Promise<void> {
    const args = { sourceId: state.source.id, runId: run.view.run_id };
    const progress = (view: RunView) => {
      if (state.running) state.running.view = view;
    };
    const { resume = null, ...ended } = await this.#options.collector
      .call(run.job, args, { signal: run.abort.signal, progress })
      .then((view): RunView & Partial<PullEnded> => view)
      .catch((thrown: unknown): RunView & Partial<PullEnded> => ({
        ...run.view,
        status: 'failed',
        finished_at: clickhouseInstant(this.#options.clock.now()),
        fault: messageOf(thrown),
        advice: 'It is tried again by itself; nothing acknowledged is lost.',
      }));
    state.running = null;
    state.last = ended;
    this.#afterwards(state, ended, resume);
    this.#options.ended(ended);
  }

  #afterwards(state: SourceState, ended: RunView, resume: PullEnded['resume']): void {
    state.held = resume === 'mended';
    if (ended.status === 'done') {
      state.wholeAt = this.#options.clock.now();
      state.retryMs = RETRY_MS.first;
    }
    if (ended.status !== 'failed' || this.#paused) return;
    const about = { source: state.source.id, run: ended.run_id };
    if (state.held) {
      log.warn(about, 'a source failed and waits for a person');
      return;
    }
    const told = !(resume instanceof Date) ? 0 : resume.getTime() - this.#options.clock.now().getTime();
    const ms = Math.min(Math.max(told, state.retryMs), LONGEST_WAIT_MS);
    log.warn({ ...about, ms }, 'a source failed and is tried again');
    state.retry = setTimeout(() => void this.run(state.source.id).catch(() => undefined), ms);
    state.retry.unref();
    state.retryMs = Math.min(state.retryMs * 2, RETRY_MS.most);
  }
}
