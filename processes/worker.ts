/** A worker process: takes jobs from the main process over IPC, one kind of worker for collecting, one for heavy jobs. */
import { systemClock } from '../clock.ts';
import { messageOf, QuanyuError } from '../errors.ts';
import { logFor } from '../log.ts';
import { openStore, openVault, type RunView, type Store, type Vault } from '../store/index.ts';
import { collectorHandlers } from './collect.ts';
import { jobHandlers } from './heavy.ts';
import type { FromWorker, JobName, Jobs, ToWorker, WorkerInit } from './jobs.ts';

/** What a job is given besides its arguments. */
export interface JobContext {
  readonly init: WorkerInit;
  readonly store: Store;
  readonly vault: Vault;
  readonly clock: typeof systemClock;
  readonly signal: AbortSignal;
  progress(view: RunView): void;
}

export type Handlers = { [J in JobName]?: (args: Jobs[J]['args'], context: JobContext) => Promise<Jobs[J]['result']> };

const log = logFor('worker');
const running = new Map<number, AbortController>();
let handlers: Handlers = {};
let shared: Pick<JobContext, 'init' | 'store' | 'vault' | 'clock'> | null = null;

function tell(message: FromWorker): void {
  if (process.connected) process.send?.(message);
}

async function begin(init: WorkerInit): Promise<void> {
  const store = openStore(init.store);
  const vault = openVault(init.keys);
  shared = { init, store, vault, clock: systemClock };
  handlers = init.role === 'collector' ? await collectorHandlers({ ...shared }) : jobHandlers();
  tell({ type: 'ready' });
}

async function call(message: Extract<ToWorker, { type: 'call' }>): Promise<void> {
  const { id, job, args } = message;
  const abort = new AbortController();
  running.set(id, abort);
  try {
    const handler = handlers[job] as ((args: unknown, context: JobContext) => Promise<unknown>) | undefined;
    if (handler === undefined || shared === null) throw new Error(`this worker does not run '${job}'`);
    const context: JobContext = {
      ...shared,
      signal: abort.signal,
      progress: (view) => tell({ type: 'progress', id, view }),
    };
    tell({ type: 'done', id, result: await handler(args, context) });
  } catch (thrown) {
    const code = thrown instanceof QuanyuError ? thrown.code : null;
    const details = thrown instanceof QuanyuError ? thrown.details : {};
    log.warn({ kind: job, ...(code ? { code } : {}) }, 'a job failed');
    tell({ type: 'failed', id, code, message: messageOf(thrown), details });
  } finally {
    running.delete(id);
  }
}

process.on('message', (message: ToWorker) => {
  if (message.type === 'init') {
    begin(message.init).catch((thrown: unknown) => {
      log.error({}, `the worker could not begin: ${messageOf(thrown)}`);
      process.exit(1);
    });
  } else if (message.type === 'call') void call(message);
  else running.get(message.id)?.abort();
});
// The main process is gone or lets go: nothing here may outlive it.
process.on('disconnect', () => process.exit(0));
