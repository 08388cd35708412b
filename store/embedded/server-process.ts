/**
 * The engine's process: chdb over one folder, served as ClickHouse's HTTP interface on loopback. Its settings come in one
 * IPC message; it ends when the channel closes, that is when its parent ends, however that happened.
 */
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Session } from 'chdb';
import { messageOf } from '../../errors.ts';
import { handleQuery } from './handler.ts';
import { PipePool } from './pipes.ts';
import { SessionPool } from './sessions.ts';

export interface EngineSettings {
  readonly dataDir: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly threads: number | undefined;
}

export type EngineReport =
  | { readonly ready: { readonly port: number } }
  | { readonly refused: string; readonly locked: boolean };

process.once('message', (settings: EngineSettings) => serve(settings));
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

function serve({ dataDir, port, username, password, threads }: EngineSettings): void {
  const connectionArgs = threads === undefined ? [] : [`--max_threads=${threads}`];
  const open = () => new Session(join(dataDir, 'clickhouse'), { connectionArgs });
  try {
    open();
  } catch (thrown) {
    return refuse(messageOf(thrown));
  }
  const engine = {
    sessions: new SessionPool(open),
    pipes: new PipePool(join(dataDir, 'engine-pipes')),
    username,
    password,
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/ping') return void response.end('Ok.\n');
    if (url.pathname !== '/') {
      response.statusCode = 404;
      return void response.end(`There is no handle ${url.pathname}\n`);
    }
    if (request.method === 'GET' && !url.searchParams.has('query')) return void response.end('Ok.\n');
    void handleQuery(engine, { request, response, url });
  });
  server.requestTimeout = 0;
  server.keepAliveTimeout = 30_000;
  server.on('error', (thrown) => refuse(messageOf(thrown)));
  server.listen(port, '127.0.0.1', () => {
    const address = server.address();
    report({ ready: { port: typeof address === 'object' && address !== null ? address.port : port } });
  });
}

function refuse(text: string): void {
  report({ refused: text, locked: /CANNOT_OPEN_FILE|lock/i.test(text) });
}

function report(message: EngineReport): void {
  process.send?.(message);
}
