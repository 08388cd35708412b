/** One run of the engine's process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { EngineReport, EngineSettings } from './server-process.ts';

/** Some more than the statements that run at once (engine.ts): feeding, packing and stopping need threads too. */
const WORKER_THREADS = 40;
/** The child gets nothing else of the environment: the keys in it are not for the engine. */
const KEPT_ENVIRONMENT = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LD_LIBRARY_PATH', 'CHDB_LIBCHDB_PATH', 'CHDB_LIBCHDB_DIR'];
const STOP_MS = 10_000;

export interface EngineChild {
  readonly pid: number | undefined;
  /** What it said about its start; a process that ends before it says anything has refused. */
  readonly report: Promise<EngineReport>;
  /** Resolves with how it ended. */
  readonly ended: Promise<string>;
  /** Lets running statements end for a while, then ends the process. */
  stop(): Promise<void>;
  kill(): void;
}

/** Starts the process. Its settings go over IPC, so that the password stands in no argument and no environment. */
export function spawnEngine(settings: EngineSettings): EngineChild {
  const program = fileURLToPath(new URL('server-process.ts', import.meta.url));
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm')).href;
  const kept = KEPT_ENVIRONMENT.filter((name) => process.env[name] !== undefined);
  const child = spawn(process.execPath, ['--import', loader, program], {
    env: {
      ...Object.fromEntries(kept.map((name) => [name, process.env[name]])),
      TZ: 'UTC',
      UV_THREADPOOL_SIZE: String(WORKER_THREADS),
    },
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  const ended = endOf(child);
  const said = new Promise<EngineReport>((done) => child.once('message', (message) => done(message as EngineReport)));
  child.send(settings, () => {});
  return {
    pid: child.pid,
    report: Promise.race([said, ended.then((how) => ({ refused: `it ended at once (${how})`, heldBy: undefined }))]),
    ended,
    async stop() {
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      if (child.connected) child.send('stop', () => {});
      await ended;
      clearTimeout(timer);
    },
    kill: () => child.kill('SIGKILL'),
  };
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((done) => {
    child.once('error', (thrown) => done(thrown.message));
    child.once('exit', (code, signal) => done(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
}
