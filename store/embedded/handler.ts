/** Serves one query, from the request's first byte to the answer's last. */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { unpacked } from './body.ts';
import type { Engine } from './engine.ts';
import { asException, exception } from './exception.ts';
import { executeRequest } from './execute-request.ts';
import { type EngineRequest, readRequest, refuseUnsupported } from './request.ts';
import { sendException } from './respond.ts';

/** What all requests of a server share. */
export interface Door {
  readonly engine: Engine;
  readonly username: string;
  readonly password: string;
  /** The queries under way by their ids; aborting one stops it. */
  readonly running: Map<string, AbortController>;
}

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
}

/** Answers one query request. Never rejects. */
export async function handleQuery(door: Door, { request, response, url }: Exchange): Promise<void> {
  const startedNs = process.hrtime.bigint();
  const asked = readRequest({ method: request.method ?? 'GET', url, headers: request.headers });
  const stop = new AbortController();
  response.once('close', () => response.writableFinished || stop.abort());
  try {
    setHeaders(door.engine, response, asked);
    authenticate(door, asked);
    refuseUnsupported(url);
    if (door.running.has(asked.queryId)) {
      throw exception(
        216,
        'QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING',
        `Query with id = ${asked.queryId} is already running`,
      );
    }
    door.running.set(asked.queryId, stop);
    try {
      const answer = { response, startedNs, encoding: asked.encoding, waitEnd: asked.waitEnd };
      await executeRequest({ engine: door.engine, asked, body: unpacked(request), answer, signal: stop.signal });
    } finally {
      door.running.delete(asked.queryId);
    }
  } catch (thrown) {
    sendException(response, asException(thrown));
  } finally {
    // What the client still sends is read and dropped, so that it gets to read its answer.
    request.unpipe();
    request.resume();
  }
}

function setHeaders({ timezone, formats }: Engine, response: ServerResponse, { queryId, format }: EngineRequest): void {
  response.setHeader('X-ClickHouse-Server-Display-Name', 'quanyu');
  response.setHeader('X-ClickHouse-Query-Id', queryId.replace(/[^\x20-\x7e]/g, '?'));
  response.setHeader('X-ClickHouse-Timezone', timezone);
  response.setHeader('Content-Type', formats.contentType(format));
}

function authenticate({ username, password }: Door, asked: EngineRequest): void {
  const [given, expected] = [Buffer.from(asked.password), Buffer.from(password)];
  const right = given.length === expected.length && timingSafeEqual(given, expected);
  if (right && asked.user === username) return;
  const text = `${asked.user}: Authentication failed: password is incorrect, or there is no user with such name.`;
  throw exception(516, 'AUTHENTICATION_FAILED', text);
}
