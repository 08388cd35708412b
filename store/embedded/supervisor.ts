/** Starts the engine's process, watches it, and starts it again on the same port when it dies. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { QuanyuError } from '../../errors.ts';
import { logFor } from '../../log.ts';
import type { EngineReport, EngineSettings } from './server-process.ts';

/** How to reach the engine with any ClickHouse HTTP client. */
export interface EngineConnection {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

export interface EngineState {
  readonly status: 'running' | 'restarting' | 'failed' | 'stopped';
  readonly restarts: number;
  /** How the last process ended, if one did. */
  readonly lastExit?: string;
}

export interface Engine {
  readonly connection: EngineConnection;
  readonly pid: number | undefined;
  state(): EngineState;
  onStateChange(listener: (state: EngineState) => void): void;
  stop(): Promise<void>;
}

const USERNAME = 'quanyu';
const BACKOFF_MS = { first: 100, most: 10_000 };
const STOP_MS = 10_000;
/** At least this many statements run beside each other; see the limit in server-process. */
const WORKER_THREADS = 32;
const KEPT_ENVIRONMENT = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LD_LIBRARY_PATH', 'CHDB_LIBCHDB_PATH', 'CHDB_LIBCHDB_DIR'];
const log = logFor('engine');

/**
 * Starts the engine over `dataDir` on `port` (0 or undefined: any free one; after a crash the same port and password are
 * used again). Resolves when it answers. Throws QuanyuError 'store.engine-locked' when another process holds the folder.
 */
export async function startEngine(options: { dataDir: string; port?: number; threads?: number }): Promise<Engine> {
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true });
  const supervisor = new Supervisor({
    dataDir,
    port: options.port ?? 0,
    username: USERNAME,
    password: passwordOf(dataDir),
    threads: options.threads,
  });
  await supervisor.start();
  return supervisor;
}

class Supervisor implements Engine {
  #settings: EngineSettings;
  #child: ChildProcess | undefined;
  #state: EngineState = { status: 'restarting', restarts: 0 };
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
    const child = spawnEngine();
    this.#child = child;
    const ended = new Promise<string>((done) => {
      child.once('exit', (code, signal) => done(signal === null ? `exit code ${code}` : `signal ${signal}`));
    });
    const reported = new Promise<EngineReport>((done) =>
      child.once('message', (message) => done(message as EngineReport)),
    );
    child.send(this.#settings);
    const report = await Promise.race([
      reported,
      ended.then((how) => ({ refused: `the process ended (${how})`, locked: false })),
    ]);
    if ('refused' in report) {
      child.kill('SIGKILL');
      await ended;
      throw refusal(this.#settings.dataDir, report);
    }
    this.#settings = { ...this.#settings, port: report.ready.port };
    this.#become({ status: 'running' });
    void ended.then((how) => this.#afterExit(how));
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#become({ status: 'stopped' });
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(timer);
  }

  async #afterExit(how: string): Promise<void> {
    if (this.#state.status === 'stopped') return;
    log.warn({ name: how }, 'the engine ended; starting it again');
    this.#become({ status: 'restarting', lastExit: how });
    for (let wait = BACKOFF_MS.first; this.#state.status === 'restarting'; wait = Math.min(wait * 2, BACKOFF_MS.most)) {
      await sleep(wait);
      if (this.#state.status !== 'restarting') return;
      this.#state = { ...this.#state, restarts: this.#state.restarts + 1 };
      await this.start().catch((thrown: QuanyuError) =>
        this.#become({ status: 'restarting', lastExit: thrown.message }),
      );
    }
  }

  #become(change: Partial<EngineState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener(this.#state);
  }
}

function spawnEngine(): ChildProcess {
  const program = fileURLToPath(new URL('server-process.ts', import.meta.url));
  const kept = KEPT_ENVIRONMENT.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return spawn(process.execPath, ['--import', import.meta.resolve('tsx/esm'), program], {
    env: { ...Object.fromEntries(kept), TZ: 'UTC', UV_THREADPOOL_SIZE: String(WORKER_THREADS) },
    stdio: ['ignore', 2, 2, 'ipc'],
  });
}

function passwordOf(dataDir: string): string {
  const path = join(dataDir, 'engine-password');
  try {
    writeFileSync(path, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  }
  return readFileSync(path, 'utf8').trim();
}

function refusal(dataDir: string, report: { refused: string; locked: boolean }): QuanyuError {
  if (!report.locked)
    return new QuanyuError('store.unavailable', `The engine over ${dataDir} did not start: ${report.refused}`);
  return new QuanyuError(
    'store.engine-locked',
    `The engine cannot open ${dataDir}: another process holds it. Stop that process, or choose another folder.`,
    { dataDir },
  );
}
