/** Starts the engine's process, watches it, and starts it again on the same port when it dies. */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, QuanyuError } from '../../errors.ts';
import { logFor } from '../../log.ts';
import { type EngineChild, spawnEngine } from './child.ts';
import { folderHolder } from './folder-holder.ts';
import { enginePassword, USERNAME } from './password.ts';
import type { EngineSettings } from './server-process.ts';

/** How to reach the engine with any ClickHouse HTTP client. */
export interface EngineConnection {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

export interface EngineState {
  /** `failed`: the last attempt to start it again did not succeed; another follows. */
  readonly status: 'running' | 'restarting' | 'failed' | 'stopped';
  readonly restarts: number;
  /** How the last process ended, or why it did not start. */
  readonly lastExit?: string;
}

export interface Engine {
  readonly connection: EngineConnection;
  readonly pid: number | undefined;
  state(): EngineState;
  onStateChange(listener: (state: EngineState) => void): void;
  stop(): Promise<void>;
}

const BACKOFF_MS = { first: 100, most: 10_000 };
/** A process that ran this long starts the back-off anew. */
const STEADY_MS = 30_000;
/** How long the process of a parent that was killed may take to let go of the folder. */
const TAKEOVER_MS = 3000;
const log = logFor('engine');

/**
 * Starts the engine over `dataDir` on `port` (0 or undefined: any free one; after a crash the same port and password are
 * used again) with at most `threads` threads a query. Resolves when it answers. Throws QuanyuError 'store.engine-locked'
 * when another process holds the folder, 'store.unavailable' when it cannot be started, 'config.invalid' for a folder whose
 * name the engine cannot bear.
 */
export async function startEngine(options: { dataDir: string; port?: number; threads?: number }): Promise<Engine> {
  const dataDir = resolve(options.dataDir);
  if (/[*?{}]/.test(dataDir)) {
    throw new QuanyuError(
      'config.invalid',
      `The engine cannot work in ${dataDir}: ClickHouse takes * ? { } in a path for a pattern. Choose a folder without them.`,
      { dataDir },
    );
  }
  mkdirSync(dataDir, { recursive: true });
  const supervisor = new Supervisor({
    dataDir,
    port: options.port ?? 0,
    username: USERNAME,
    password: enginePassword(dataDir),
    threads: options.threads,
  });
  await supervisor.start();
  return supervisor;
}

class Supervisor implements Engine {
  #settings: EngineSettings;
  #child: EngineChild | undefined;
  #state: EngineState = { status: 'restarting', restarts: 0 };
  #backoffMs = BACKOFF_MS.first;
  readonly #listeners: ((state: EngineState) => void)[] = [];

  constructor(settings: EngineSettings) {
    this.#settings = settings;
  }

  get connection(): EngineConnection {
    const { port, username, password } = this.#settings;
    return { url: `http://127.0.0.1:${port}`, username, password };
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  state(): EngineState {
    return this.#state;
  }

  onStateChange(listener: (state: EngineState) => void): void {
    this.#listeners.push(listener);
  }

  async start(): Promise<void> {
    try {
      await this.#launch();
    } catch (thrown) {
      if (!(thrown instanceof QuanyuError) || thrown.code !== 'store.engine-locked') throw thrown;
      const { dataDir } = this.#settings;
      for (const until = Date.now() + TAKEOVER_MS; folderHolder(dataDir) !== undefined; await sleep(50)) {
        if (Date.now() > until) throw thrown;
      }
      await this.#launch();
    }
  }

  async stop(): Promise<void> {
    this.#become({ status: 'stopped' });
    await this.#child?.stop();
  }

  async #launch(): Promise<void> {
    const startedMs = Date.now();
    const child = spawnEngine(this.#settings);
    this.#child = child;
    const report = await child.report;
    if ('refused' in report) {
      child.kill();
      await child.ended;
      this.#child = undefined;
      throw refusal(this.#settings, report);
    }
    this.#settings = { ...this.#settings, port: report.ready.port };
    if (this.#state.status !== 'stopped') this.#become({ status: 'running' });
    void child.ended.then((how) => this.#restart(how, Date.now() - startedMs));
  }

  async #restart(how: string, ranMs: number): Promise<void> {
    this.#child = undefined;
    if (this.#stopped()) return;
    if (ranMs > STEADY_MS) this.#backoffMs = BACKOFF_MS.first;
    log.warn({ name: how }, 'the engine ended; it is started again');
    this.#become({ status: 'restarting', lastExit: how });
    for (;;) {
      await sleep(this.#backoffMs);
      this.#backoffMs = Math.min(this.#backoffMs * 2, BACKOFF_MS.most);
      if (this.#stopped()) return;
      this.#state = { ...this.#state, restarts: this.#state.restarts + 1 };
      try {
        return await this.#launch();
      } catch (thrown) {
        if (this.#stopped()) return;
        log.error({ name: messageOf(thrown) }, 'the engine could not be started again');
        this.#become({ status: 'failed', lastExit: messageOf(thrown) });
      }
    }
  }

  #stopped(): boolean {
    return this.#state.status === 'stopped';
  }

  #become(change: Partial<EngineState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener(this.#state);
  }
}

function refusal(
  { dataDir, port }: EngineSettings,
  report: { refused: string; heldBy: number | undefined },
): QuanyuError {
  if (report.heldBy === undefined) {
    return new QuanyuError(
      'store.unavailable',
      `The engine over ${dataDir} on port ${port} did not start: ${report.refused}. What it printed above may say more.`,
    );
  }
  return new QuanyuError(
    'store.engine-locked',
    `The engine cannot open ${dataDir}: process ${report.heldBy} holds it. Stop that process, or choose another folder.`,
    { dataDir, pid: report.heldBy },
  );
}
