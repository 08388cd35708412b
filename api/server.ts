/** The HTTP server under the app: limits on slow clients, an answer to what is not HTTP, a stop that lets requests end. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';

export interface RunningServer {
  readonly port: number;
  /** Takes no new connection, lets requests under way end for at most `graceMs`, then cuts them off. */
  stop(graceMs: number): Promise<void>;
}

const HEADERS_MS = 15_000;
/** Time for a whole request to arrive; answers may take longer. */
const REQUEST_MS = 60_000;

/** Listens on `port` (0 = any free one) of `host`. Rejects when the port is taken. */
export async function startServer(
  app: Express,
  { port, host }: { port: number; host?: string },
): Promise<RunningServer> {
  const server = createServer({ headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS, maxHeaderSize: 16_384 }, app);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
    const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
    socket.end(rawProblem(tooLarge ? 431 : 400, tooLarge ? 'Request Header Fields Too Large' : 'Bad Request'));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return { port: (server.address() as AddressInfo).port, stop: (graceMs) => stopped(server, graceMs) };
}

async function stopped(server: Server, graceMs: number): Promise<void> {
  const cutOff = setTimeout(() => server.closeAllConnections(), graceMs);
  // A connection whose last answer has gone out is kept alive by its client, and would hold the server up.
  const letGo = setInterval(() => server.closeIdleConnections(), 50);
  await new Promise((resolve) => server.close(resolve));
  clearTimeout(cutOff);
  clearInterval(letGo);
}

function rawProblem(status: number, title: string): string {
  const body = JSON.stringify({
    type: 'urn:quanyu:error:api.request-invalid',
    title,
    status,
    detail: 'The request is not HTTP as it can be read here: its request line or its headers are broken or too large.',
    code: 'api.request-invalid',
    retry: 'after-mending',
  });
  return (
    `HTTP/1.1 ${status} ${title}\r\nContent-Type: application/problem+json\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${body}`
  );
}
