/**
 * The engine's process: chdb over one folder, served as ClickHouse's HTTP interface on loopback. Its settings come in one
 * IPC message; when the channel closes its parent has ended, however that happened, and it ends at once.
 */
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../errors.ts';
import { type Engine, openEngine } from './engine.ts';
import { folderHolder } from './folder-holder.ts';
import type { Door } from './handler.ts';
import { createEngineServer } from './http-server.ts';

/** What the parent sends first; later it may send 'stop'. */
export interface EngineSettings {
  readonly dataDir: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly threads: number | undefined;
}

/** What the process answers, once. */
export type EngineReport =
  | { readonly ready: { readonly port: number } }
  | { readonly refused: string; readonly heldBy: number | undefined };

/** How long running statements may go on once the process is to stop. */
const GRACE_MS = 3000;

// A terminal's interrupt reaches the whole group; the parent decides when the engine stops.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.once('message', (settings: EngineSettings) => void serve(settings));

async function serve(settings: EngineSettings): Promise<void> {
  let engine: Engine;
  try {
    engine = await openEngine(settings.dataDir, settings.threads);
  } catch (thrown) {
    report({ refused: messageOf(thrown), heldBy: folderHolder(settings.dataDir) });
    return;
  }
  const { username, password } = settings;
  const door: Door = { engine, username, password, running: new Map() };
  const server = createEngineServer(door);
  const stop = () => void shutDown(server, door);
  process.on('message', stop);
  process.on('SIGTERM', stop);
  server.once('error', (thrown) => report({ refused: messageOf(thrown), heldBy: undefined }));
  server.listen(settings.port, '127.0.0.1', () => {
    const address = server.address();
    report({ ready: { port: typeof address === 'object' ? (address?.port ?? 0) : 0 } });
  });
}

async function shutDown(server: Server, { running, engine }: Door): Promise<void> {
  server.close();
  server.closeIdleConnections();
  const until = Date.now() + GRACE_MS;
  while (running.size > 0 && Date.now() < until) await sleep(20);
  for (const statement of running.values()) statement.abort();
  while (running.size > 0 && Date.now() < until + GRACE_MS) await sleep(20);
  engine.close();
  process.exit(0);
}

function report(message: EngineReport): void {
  process.send?.(message);
}
