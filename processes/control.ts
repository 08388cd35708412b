/** What the main process does besides answering requests: keeps workers busy, publishes what is new, one heavy job at a time. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { schedule } from 'node-cron';
import type { RunTotals } from '../api/index.ts';
import { type Clock, clickhouseInstant } from '../clock.ts';
import type { Config } from '../config.ts';
import { messageOf, QuanyuError } from '../errors.ts';
import { rulesInForce } from '../identity/index.ts';
import { spoolKeysOf } from '../ingest/index.ts';
import { logFor } from '../log.ts';
import {
  checkVaultKeys,
  type Documents,
  openVault,
  type Published,
  type RunView,
  readPublished,
  type Store,
  type StoreOptions,
  saveVaultKeys,
  type Vault,
  type VaultKeys,
  withNewSealingKey,
} from '../store/index.ts';
import { closeCutOffRuns, lastCommit, lastRuns } from './history.ts';
import type { JobName, Jobs, WorkerInit } from './jobs.ts';
import { Sources } from './sources.ts';
import { startWorker, type WorkerHandle } from './supervise.ts';
import { Tracking } from './tracking.ts';

const log = logFor('control');

export interface ControlOptions {
  readonly config: Config;
  readonly store: Store;
  readonly engine: StoreOptions;
  readonly documents: Documents;
  readonly clock: Clock;
  readonly dataDir: string;
  readonly keys: VaultKeys;
}

export class Control {
  readonly sources: Sources;
  readonly tracking: Tracking;
  readonly #options: ControlOptions;
  readonly #collector: WorkerHandle;
  readonly #heavy: WorkerHandle;
  readonly #totals = new Map<string, RunTotals>();
  readonly #stops: (() => void)[] = [];
  #keys: VaultKeys;
  #published: Published;
  #turn: Promise<unknown> = Promise.resolve();
  #heavyRun: RunView | null = null;
  /** True when something was written that is not published yet. */
  #news: boolean;

  private constructor(
    options: ControlOptions,
    from: { published: Published; before: ReadonlyMap<string, RunView>; lastCommit: number },
  ) {
    this.#options = options;
    this.#keys = options.keys;
    this.#published = from.published;
    this.#news = from.lastCommit > from.published.resolved_to;
    const init = (role: WorkerInit['role']) => (): WorkerInit => ({
      role,
      store: options.engine,
      keys: this.#keys,
      sources: options.config.sources,
      zone: options.config.brand.zone,
      dataDir: options.dataDir,
    });
    this.#collector = startWorker(init('collector'));
    this.#heavy = startWorker(init('jobs'));
    this.sources = new Sources({
      sources: options.config.sources,
      collector: this.#collector,
      clock: options.clock,
      before: from.before,
      ended: (view) => this.#collected(view),
    });
    this.tracking = new Tracking({
      sources: options.config.sources,
      dataDir: options.dataDir,
      clock: options.clock,
      keys: () => spoolKeysOf(this.#keys),
      pull: (sourceId) => this.#pulled(sourceId),
    });
  }

  /** Reads what is known from before and starts the workers. */
  static async start(options: ControlOptions): Promise<Control> {
    await closeCutOffRuns(options.store, options.clock);
    return new Control(options, {
      published: await readPublished(options.store),
      before: await lastRuns(options.store),
      lastCommit: await lastCommit(options.store),
    });
  }

  /** Begins the schedules and pulls every source once: what was missed while Quanyu slept is caught up with. */
  schedule(): void {
    const { config } = this.#options;
    const zone = { timezone: config.brand.zone };
    const every = (cron: string, work: () => Promise<unknown>) => {
      const task = schedule(
        cron,
        () => void work().catch((thrown: unknown) => log.warn({}, `a scheduled job failed: ${messageOf(thrown)}`)),
        zone,
      );
      this.#stops.push(() => void task.stop());
    };
    for (const source of config.sources) every(source.schedule, () => this.sources.pull(source.id));
    every(config.refresh, () => this.refreshIfNew());
    for (const source of config.sources) void this.sources.run(source.id).catch(() => undefined);
  }

  /** The vault under the keys in force; a rotation changes them. */
  vault(): Vault {
    return openVault(this.#keys);
  }

  published(): Published {
    return this.#published;
  }

  running(): RunView[] {
    return [...this.sources.running(), ...(this.#heavyRun ? [this.#heavyRun] : [])];
  }

  totals(): RunTotals[] {
    return [...this.#totals.values()];
  }

  workers(): Record<string, ReturnType<WorkerHandle['state']>> {
    return { collector: this.#collector.state(), jobs: this.#heavy.state() };
  }

  async refreshIfNew(): Promise<void> {
    if (this.#news && this.#heavyRun === null) await this.refresh(false);
  }

  /** Resolves, tags and publishes; `full` resolves everything anew instead of what changed. */
  async refresh(full: boolean): Promise<Published> {
    this.#news = false;
    try {
      const { published } = await this.#run('refresh', {
        full,
        runId: randomUUID(),
        rules: rulesInForce(this.#options.documents),
      });
      this.#published = published;
      return published;
    } catch (thrown) {
      this.#news = true;
      throw thrown;
    }
  }

  /** Runs a heavy job in its turn. */
  heavy<J extends 'audience' | 'export'>(job: J, args: Jobs[J]['args']): Promise<Jobs[J]['result']> {
    return this.#run(job, args);
  }

  /** Erases a person while no pull runs; what is left is published before this returns. */
  async forget(person: Omit<Jobs['forget']['args'], 'rules'>): Promise<Jobs['forget']['result']> {
    const rules = rulesInForce(this.#options.documents);
    const report = await this.sources.paused(async () => {
      await this.tracking.rotate();
      return this.#run('forget', { ...person, rules });
    });
    this.#published = await readPublished(this.#options.store);
    return report;
  }

  /** Makes a new sealing key the current one and seals everything anew with it. */
  async rotateKey(): Promise<Record<string, number>> {
    const { dataDir, documents } = this.#options;
    if (process.env.QUANYU_SEALING_KEYS !== undefined) {
      throw new QuanyuError(
        'vault.key-missing',
        'The sealing keys come from QUANYU_SEALING_KEYS: add a new last key there, start again, and run reseal.',
      );
    }
    return this.sources.paused(async () => {
      const keys = withNewSealingKey(this.#keys);
      await saveVaultKeys(join(dataDir, 'keys.json'), keys);
      await checkVaultKeys(documents, keys);
      this.#keys = keys;
      await this.tracking.rotate();
      await Promise.all([this.#collector.restart(), this.#heavy.restart()]);
      return this.#run('reseal', { runId: randomUUID() });
    });
  }

  /** Stops schedules, lets running pulls end at their next page, and ends the workers. */
  async stop(): Promise<void> {
    for (const stop of this.#stops) stop();
    await this.tracking.stop();
    await this.sources.stop();
    await Promise.all([this.#collector.stop(), this.#heavy.stop()]);
  }

  #run<J extends JobName>(job: J, args: Jobs[J]['args']): Promise<Jobs[J]['result']> {
    const work = async () => {
      const started = clickhouseInstant(this.#options.clock.now());
      const view: RunView = {
        run_id: randomUUID(),
        kind: job,
        source: '',
        status: 'running',
        started_at: started,
        finished_at: null,
        counts: {},
        fault: '',
        advice: '',
      };
      this.#heavyRun = view;
      try {
        const result = await this.#heavy.call(job, args, { progress: (next) => (this.#heavyRun = next) });
        this.#count({ ...view, status: 'done' });
        return result;
      } catch (thrown) {
        this.#count({ ...view, status: 'failed' });
        throw thrown;
      } finally {
        this.#heavyRun = null;
      }
    };
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #pulled(sourceId: string): Promise<boolean> {
    if (this.sources.running().some(({ source }) => source === sourceId)) return false;
    await this.sources.run(sourceId);
    return true;
  }

  #collected(view: RunView): void {
    this.#count(view);
    if ((view.counts.records ?? 0) > 0) this.#news = true;
    if (this.#published.version === 0 && this.sources.running().length === 0) {
      void this.refreshIfNew().catch((thrown: unknown) =>
        log.warn({}, `the first refresh failed: ${messageOf(thrown)}`),
      );
    }
  }

  #count(view: RunView): void {
    if (view.status === 'running') return;
    const key = `${view.kind}|${view.source}|${view.status}`;
    const before = this.#totals.get(key);
    this.#totals.set(key, {
      kind: view.kind,
      source: view.source,
      status: view.status,
      runs: (before?.runs ?? 0) + 1,
      records: (before?.records ?? 0) + (view.counts.records ?? 0),
    });
  }
}
