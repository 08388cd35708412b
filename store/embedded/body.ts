/** A request's body: unpacked, and split into the statement at its start and the data that follows. */
import type { IncomingMessage } from 'node:http';
import { PassThrough, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { asException, exception } from './exception.ts';
import { type InsertStatement, parseInsert } from './insert-statement.ts';

/** The longest text of a statement; also of a parameter. */
export const TEXT_BYTES_MAX = 16 * 1024 * 1024;

const DECODERS: Readonly<Record<string, () => Transform>> = {
  '': () => new PassThrough(),
  identity: () => new PassThrough(),
  gzip: () => createGunzip(),
  deflate: () => createInflate(),
  br: () => createBrotliDecompress(),
};

/**
 * The body as it was before Content-Encoding. It fails when the client goes away; when it fails or is left unread, the
 * request itself stays open, so that it can still be answered.
 */
export function unpacked(request: IncomingMessage): Readable {
  const encoding = (request.headers['content-encoding'] ?? '').toLowerCase();
  const decoder = DECODERS[encoding]?.();
  if (decoder === undefined) {
    const known = Object.keys(DECODERS).filter((name) => name !== '');
    throw exception(
      89,
      'UNKNOWN_COMPRESSION_METHOD',
      `Unknown Content-Encoding '${encoding}'; expected one of ${known.join(', ')}`,
    );
  }
  const broken = (text: string) => decoder.destroy(exception(210, 'NETWORK_ERROR', text));
  request.on('error', () => broken('The client closed the connection before the body ended'));
  request.once('close', () => request.complete || broken('The client closed the connection before the body ended'));
  decoder.on('error', () => {});
  return request.pipe(decoder);
}

function bodyFailure(thrown: unknown): Error {
  const code = (thrown as NodeJS.ErrnoException).code ?? '';
  const inflating = code.startsWith('Z_') || code.startsWith('ERR__ERROR_');
  return inflating ? exception(354, 'ZLIB_INFLATE_FAILED', `Cannot decompress the body: ${code}`) : asException(thrown);
}

/** A statement, and the data that follows it in the same body if it is an INSERT with data. */
export type SplitBody =
  | { readonly text: string; readonly data: undefined }
  | { readonly text: string; readonly data: AsyncIterator<Uint8Array> };

/** Reads as much as is needed to tell where the statement ends; the rest stays in the stream until `data` is read. */
export async function splitBody(query: string, body: Readable): Promise<SplitBody> {
  const chunks = chunksOf(body);
  const held: Uint8Array[] = query === '' ? [] : [Buffer.from(`${query}\n`)];
  let [length, looked] = [held[0]?.length ?? 0, 0];
  let look = true;
  for (;;) {
    const next = await chunks.next();
    if (!next.done) held.push(next.value);
    length += next.value?.length ?? 0;
    // Looking again only when there is twice as much keeps the work in proportion to the text.
    if (look && (next.done || length >= 2 * looked)) {
      const bytes = Buffer.concat(held);
      looked = length;
      const insert = parseInsert(bytes.toString('latin1'), next.done === true);
      if (typeof insert === 'object') return split(bytes, insert, chunks);
      look = insert === 'more';
    }
    if (next.done) return { text: Buffer.concat(held).toString('utf8'), data: undefined };
    if (length > TEXT_BYTES_MAX) throw tooLarge('The text of a statement');
  }
}

/** Everything in a stream, as text. */
export async function wholeText(what: string, chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const held: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    length += chunk.length;
    if (length > TEXT_BYTES_MAX) throw tooLarge(what);
  }
  return Buffer.concat(held).toString('utf8');
}

function split(bytes: Buffer, insert: InsertStatement, rest: AsyncIterator<Uint8Array>): SplitBody {
  const first = bytes.subarray(insert.dataAt);
  return { text: bytes.toString('utf8', 0, insert.dataAt), data: followedBy(first, rest) };
}

async function* followedBy(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** A body's bytes; what went wrong is thrown as an exception that can be answered with. */
export async function* chunksOf(body: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) yield chunk;
  } catch (thrown) {
    throw bodyFailure(thrown);
  }
}

function tooLarge(what: string): Error {
  return exception(229, 'QUERY_IS_TOO_LARGE', `${what} may take ${TEXT_BYTES_MAX} bytes; this one is longer`);
}
