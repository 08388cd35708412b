/** Worker processes from the main process's side: started, watched, restarted with back-off; calls as promises. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ERRORS, type ErrorCode, QuanyuError } from './errors.ts';
import type { FromWorker, JobName, Jobs, ToWorker, WorkerInit } from './jobs.ts';
import { logFor } from './log.ts';
import type { RunView } from './store/index.ts';

const log = logFor('workers');
const BACK_OFF_MS = { first: 200, most: 10_000 };

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly progress?: (view: RunView) => void;
}

export interface WorkerHandle {
  call<J extends JobName>(job: J, args: Jobs[J]['args'], options?: CallOptions): Promise<Jobs[J]['result']>;
  state(): { running: boolean; restarts: number; pid: number | undefined };
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
  const role = init().role;
  const pending = new Map<number, Pending>();
  let child: ChildProcess;
  let ready: Promise<void>;
  let nextId = 1;
  let restarts = 0;
  let stopping = false;
  let backOff = BACK_OFF_MS.first;

  function begin(): void {
    child = fork(join(import.meta.dirname, 'worker.ts'), [], {
      execArgv: ['--import', pathToFileURL(join(import.meta.dirname, 'node_modules/tsx/dist/esm/index.mjs')).href],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: withoutSecrets(process.env),
    });
    const started = child;
    ready = new Promise((resolve) => {
      started.on('message', (message: FromWorker) => {
        if (message.type === 'ready') {
          backOff = BACK_OFF_MS.first;
          resolve();
        } else settle(message);
      });
    });
    started.on('exit', (code, signal) => ended(`${signal ?? `exit code ${code}`}`));
    send(started, { type: 'init', init: init() });
  }

  function ended(how: string): void {
    for (const [id, call] of pending) {
      pending.delete(id);
      call.reject(
        new QuanyuError(
          'worker.died',
          `The ${role} worker ended (${how}) while it ran '${call.job}'. It is started again; nothing acknowledged is lost, and the job can be run again.`,
        ),
      );
    }
    if (stopping) return;
    restarts++;
    log.warn({ kind: role, count: restarts }, 'a worker ended and is started again');
    setTimeout(() => !stopping && begin(), backOff);
    backOff = Math.min(backOff * 2, BACK_OFF_MS.most);
  }

  function settle(message: Exclude<FromWorker, { type: 'ready' }>): void {
    const call = pending.get(message.id);
    if (call === undefined) return;
    if (message.type === 'progress') return call.progress?.(message.view);
    pending.delete(message.id);
    if (message.type === 'done') call.resolve(message.result);
    else call.reject(errorOf(message));
  }

  begin();
  return {
    async call(job, args, options) {
      await ready;
      const id = nextId++;
      return new Promise((resolve, reject) => {
        pending.set(id, { job, resolve: resolve as (result: unknown) => void, reject, progress: options?.progress });
        options?.signal?.addEventListener('abort', () => send(child, { type: 'cancel', id }), { once: true });
        send(child, { type: 'call', id, job, args });
      });
    },
    state: () => ({ running: child.connected, restarts, pid: child.pid }),
    async stop() {
      stopping = true;
      if (!child.connected) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.disconnect();
      await gone;
    },
  };
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
