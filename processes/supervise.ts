/** Worker processes from the main process's side: started, watched, restarted with back-off; calls as promises. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ERRORS, type ErrorCode, QuanyuError } from '../errors.ts';
import { logFor } from '../log.ts';
import type { RunView } from '../store/index.ts';
import type { FromWorker, JobName, Jobs, ToWorker, WorkerInit } from './jobs.ts';

const log = logFor('workers');
const BACK_OFF_MS = { first: 200, most: 10_000 };

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly progress?: (view: RunView) => void;
}

export interface WorkerHandle {
  call<J extends JobName>(job: J, args: Jobs[J]['args'], options?: CallOptions): Promise<Jobs[J]['result']>;
  state(): { running: boolean; restarts: number; pid: number | undefined };
  /** Ends the process and starts it again, with `init` read anew. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

interface Pending {
  readonly job: JobName;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly progress: ((view: RunView) => void) | undefined;
}

/** Starts a worker; `init` is read anew at every start, so that a rotated key reaches the next one. */
export function startWorker(init: () => WorkerInit): WorkerHandle {
  return new SupervisedWorker(init);
}

class SupervisedWorker implements WorkerHandle {
  readonly #init: () => WorkerInit;
  readonly #pending = new Map<number, Pending>();
  #child!: ChildProcess;
  /** Resolves once a process is ready; replaced only when a ready one ends, so that nobody waits for a dead one. */
  #ready = deferred();
  #isReady = false;
  #nextId = 1;
  #restarts = 0;
  #stopping = false;
  #backOff = BACK_OFF_MS.first;

  constructor(init: () => WorkerInit) {
    this.#init = init;
    this.#begin();
  }

  async call<J extends JobName>(job: J, args: Jobs[J]['args'], options?: CallOptions): Promise<Jobs[J]['result']> {
    await this.#ready.promise;
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, {
        job,
        resolve: resolve as (result: unknown) => void,
        reject,
        progress: options?.progress,
      });
      options?.signal?.addEventListener('abort', () => send(this.#child, { type: 'cancel', id }), { once: true });
      send(this.#child, { type: 'call', id, job, args });
    });
  }

  state() {
    return { running: this.#child.connected, restarts: this.#restarts, pid: this.#child.pid };
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    if (!this.#child.connected) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.disconnect();
    await gone;
  }

  async restart(): Promise<void> {
    await this.stop();
    this.#stopping = false;
    this.#begin();
    await this.#ready.promise;
  }

  #begin(): void {
    const child = fork(join(import.meta.dirname, 'worker.ts'), [], {
      execArgv: [
        '--max-semi-space-size=32',
        '--import',
        pathToFileURL(join(import.meta.dirname, '../node_modules/tsx/dist/esm/index.mjs')).href,
      ],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: withoutSecrets(process.env),
    });
    this.#child = child;
    child.on('message', (message: FromWorker) => {
      if (message.type !== 'ready') {
        this.#settle(message);
        return;
      }
      this.#backOff = BACK_OFF_MS.first;
      this.#isReady = true;
      this.#ready.resolve();
    });
    child.on('exit', (code, signal) => this.#ended(`${signal ?? `exit code ${code}`}`));
    send(child, { type: 'init', init: this.#init() });
  }

  #ended(how: string): void {
    if (this.#isReady) this.#ready = deferred();
    this.#isReady = false;
    const { role } = this.#init();
    for (const [id, call] of this.#pending) {
      this.#pending.delete(id);
      const text = `The ${role} worker ended (${how}) while it ran '${call.job}'. It is started again; nothing acknowledged is lost, and the job can be run again.`;
      call.reject(new QuanyuError('worker.died', text));
    }
    if (this.#stopping) return;
    this.#restarts++;
    log.warn({ kind: role, count: this.#restarts }, 'a worker ended and is started again');
    setTimeout(() => !this.#stopping && this.#begin(), this.#backOff);
    this.#backOff = Math.min(this.#backOff * 2, BACK_OFF_MS.most);
  }

  #settle(message: Exclude<FromWorker, { type: 'ready' }>): void {
    const call = this.#pending.get(message.id);
    if (call === undefined) return;
    if (message.type === 'progress') {
      call.progress?.(message.view);
      return;
    }
    this.#pending.delete(message.id);
    if (message.type === 'done') call.resolve(message.result);
    else call.reject(errorOf(message));
  }
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

function send(child: ChildProcess, message: ToWorker): void {
  if (child.connected) child.send(message);
}

function errorOf(message: { code: string | null; message: string; details: unknown }): Error {
  if (message.code !== null && message.code in ERRORS) {
    return new QuanyuError(
      message.code as ErrorCode,
      message.message,
      (message.details ?? {}) as Record<string, unknown>,
    );
  }
  return new Error(message.message);
}

/** The environment without what only the main process may know. */
function withoutSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([key]) => !/^(QUANYU_(TOKEN|SEALING|ADMIN)|CLICKHOUSE_)/.test(key)),
  );
}
