/** An HTTP proxy between a client and the engine that notes what passes by in the open, and can be cut like a cable. */
import { createServer, type IncomingMessage, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly method: string;
  /** Path and query, decoded. */
  readonly target: string;
  readonly headers: string;
  readonly body: string;
}

export interface Proxy {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  close(): Promise<void>;
}

/**
 * `cutAfter`: this many requests are let through, `cutAt`: those before the first whose body matches; every later one
 * finds its connection reset.
 */
export async function startProxy(target: string, options: { cutAfter?: number; cutAt?: RegExp } = {}): Promise<Proxy> {
  const seen: SeenRequest[] = [];
  let passed = 0;
  let cut = false;
  const server = createServer(async (incoming, outgoing) => {
    const body = await bytesOf(incoming);
    cut ||= ++passed > (options.cutAfter ?? Number.POSITIVE_INFINITY) || options.cutAt?.test(body.toString()) === true;
    if (cut) return void incoming.socket.resetAndDestroy();
    seen.push({
      method: incoming.method ?? '',
      target: decodeURIComponent((incoming.url ?? '').replaceAll('+', ' ')),
      headers: JSON.stringify(incoming.headers),
      body: body.toString('utf8'),
    });
    const { method, headers, url } = incoming;
    const onward = send(new URL(url ?? '/', target), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    onward.end(body);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

async function bytesOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
