/** The paths of ClickHouse's HTTP interface, on loopback. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Door, handleQuery } from './handler.ts';

/** ClickHouse's http_max_uri_size: values may come in the URL. */
const HEADER_BYTES_MAX = 1024 * 1024;
const BASE = 'http://localhost';
const KEEP_ALIVE_MS = 30_000;
const HELP = `
Use / or /ping for health checks.
Or /replicas_status for more sophisticated health checks.
Send queries from your program with POST method or GET /?query=...
`;

/** A server that is not listening yet. */
export function createEngineServer(door: Door): Server {
  const options = { maxHeaderSize: HEADER_BYTES_MAX, requestTimeout: 0, keepAliveTimeout: KEEP_ALIVE_MS };
  return createServer(options, (request, response) => route(door, request, response));
}

function route(door: Door, request: IncomingMessage, response: ServerResponse): void {
  response.on('error', () => {});
  request.on('error', () => {});
  const target = request.url ?? '/';
  const url = URL.canParse(target, BASE) ? new URL(target, BASE) : undefined;
  const fixed = fixedAnswer(request.method ?? 'GET', url);
  if (fixed === undefined && url !== undefined) {
    void handleQuery(door, { request, response, url });
    return;
  }
  response.statusCode = fixed?.status ?? 500;
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
  response.end(fixed?.text);
}

/** The answer to everything that is no query. */
function fixedAnswer(method: string, url: URL | undefined): { status: number; text: string } | undefined {
  if (url === undefined) return { status: 400, text: 'Malformed request target\n' };
  if (['/ping', '/replicas_status'].includes(url.pathname)) return { status: 200, text: 'Ok.\n' };
  if (url.pathname !== '/') return { status: 404, text: `There is no handle ${url.pathname}\n${HELP}` };
  if (method === 'OPTIONS') return { status: 204, text: '' };
  const reading = method === 'GET' || method === 'HEAD';
  if (reading && !url.searchParams.has('query')) return { status: 200, text: 'Ok.\n' };
  if (reading || method === 'POST') return undefined;
  return { status: 405, text: `Send queries with POST or GET, not ${method}\n` };
}
