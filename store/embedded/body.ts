/** A request's body: unpacked, and split into the statement at its start and the data that follows. */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { exception } from './exception.ts';
import { parseInsert } from './insert-statement.ts';

/** The longest text of a statement, parameters included. */
export const TEXT_BYTES_MAX = 16 * 1024 * 1024;

/** The body as it was before Content-Encoding. */
export function unpacked(request: IncomingMessage): Readable {
  const encoding = request.headers['content-encoding'] ?? '';
  if (encoding === '' || encoding === 'identity') return request;
  if (encoding !== 'gzip' && encoding !== 'deflate') {
    throw exception(
      89,
      'UNKNOWN_COMPRESSION_METHOD',
      `Content-Encoding '${encoding}' is not supported; send gzip, deflate or none`,
    );
  }
  return pipeline(
    request,
    encoding === 'gzip' ? createGunzip() : createInflate(),
    () => undefined,
  ) as unknown as Readable;
}

/** A statement and the data that follows it; `data` is undefined when the statement is the whole text. */
export interface SplitBody {
  readonly text: string;
  readonly data: AsyncIterable<Uint8Array> | undefined;
}

/** Reads as much as is needed to tell where the statement ends. The rest stays in the stream until `data` is read. */
export async function splitBody(query: string, body: Readable): Promise<SplitBody> {
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  let held = Buffer.from(query === '' ? '' : `${query}\n`);
  let looked = 0;
  for (;;) {
    const next = await chunks.next();
    if (!next.done) held = Buffer.concat([held, next.value]);
    if (next.done || held.length >= 2 * looked) {
      looked = held.length;
      const insert = parseInsert(held.toString('latin1'), next.done === true);
      if (typeof insert === 'object') {
        const text = held.toString('utf8', 0, insert.dataAt);
        return { text, data: followedBy(held.subarray(insert.dataAt), chunks) };
      }
    }
    if (next.done) return { text: held.toString('utf8'), data: undefined };
    if (held.length > TEXT_BYTES_MAX) {
      throw exception(
        229,
        'QUERY_IS_TOO_LARGE',
        `The text of a statement may take ${TEXT_BYTES_MAX} bytes; this one is longer`,
      );
    }
  }
}

async function* followedBy(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** A whole body of at most TEXT_BYTES_MAX. */
export async function wholeBody(body: Readable): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > TEXT_BYTES_MAX) {
      throw exception(229, 'QUERY_IS_TOO_LARGE', `A form may take ${TEXT_BYTES_MAX} bytes; this one is longer`);
    }
  }
  return Buffer.concat(chunks);
}
