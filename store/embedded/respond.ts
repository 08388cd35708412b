/** Answers as ClickHouse's HTTP interface gives them: headers, results held back until they can be trusted, exceptions. */
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import { createDeflate, createGzip, type Gzip, constants as zlib } from 'node:zlib';
import { drained } from './drained.ts';
import type { EngineException } from './exception.ts';
import { type Counts, NO_COUNTS, type Outcome } from './run-statement.ts';

/** How much of a result is held back until the statement has ended, so that an error still gets its status. */
const HELD_BYTES = 256 * 1024;
/** The same where the client asked to wait for the end; a longer result is sent as it comes. */
const WAITING_BYTES = 64 * 1024 * 1024;
const COMPRESSION_LEVEL = 3;
/**
 * A client drops what it has not read yet when a connection breaks. This gives it time to find the exception, upon which
 * it closes the connection itself.
 */
const LINGER_MS = 2000;

export interface Answer {
  readonly response: ServerResponse;
  readonly startedNs: bigint;
  readonly encoding: 'gzip' | 'deflate' | undefined;
  readonly waitEnd: boolean;
}

/** A failure, in ClickHouse's status, headers and words. Once the answer has begun, it is broken off instead. */
export function sendException(response: ServerResponse, failure: EngineException): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.statusCode = failure.status;
  response.setHeader('X-ClickHouse-Exception-Code', String(failure.code));
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
  response.end(`${failure.message}\n`);
}

/** An answer that is whole. */
export function sendOutcome(answer: Answer, { counts, failure, body }: Outcome): void {
  setSummary(answer, counts);
  if (failure !== undefined) sendException(answer.response, failure);
  else if (body === undefined || body.length === 0) answer.response.end();
  else openSink(answer).end(body);
}

/** A result as it comes, in bounded memory. A late error ends it so that nobody takes it for whole. */
export async function sendResult(
  answer: Answer,
  query: { readonly output: Readable; readonly done: Promise<Outcome> },
): Promise<void> {
  const { response } = answer;
  const mostHeld = answer.waitEnd ? WAITING_BYTES : HELD_BYTES;
  const tag = randomBytes(8).toString('hex');
  let held: Buffer[] = [];
  let heldBytes = 0;
  let sink: Writable | undefined;
  // An output that breaks off was called off; `done` says so.
  for await (const chunk of untilBroken(query.output)) {
    held.push(chunk);
    heldBytes += chunk.length;
    if (sink === undefined && heldBytes < mostHeld) continue;
    if (sink === undefined) {
      response.setHeader('X-ClickHouse-Exception-Tag', tag);
      setSummary(answer, NO_COUNTS);
      sink = openSink(answer);
    }
    for (const piece of held) sink.write(piece);
    held = [];
    await drained(sink);
  }
  const outcome = await query.done;
  if (sink === undefined) sendOutcome(answer, { ...outcome, body: Buffer.concat(held) });
  else if (outcome.failure === undefined) sink.end();
  else breakOff(response, sink, exceptionBlock(outcome.failure, tag));
}

async function* untilBroken(output: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of output) yield chunk;
  } catch {}
}

/** The end ClickHouse gives a result that failed after its first bytes were sent (since 25.11; a client looks for it). */
function exceptionBlock({ message }: EngineException, tag: string): string {
  const text = `${message}\n`;
  return `\r\n__exception__\r\n${tag}\r\n${text}${Buffer.byteLength(text)} ${tag}\r\n__exception__\r\n`;
}

/** Sends the last bytes and, a little later, ends the connection without the end that HTTP demands of a body. */
function breakOff(response: ServerResponse, sink: Writable | Gzip, last: string): void {
  sink.write(last);
  if ('flush' in sink) sink.flush(zlib.Z_SYNC_FLUSH);
  const { socket } = response;
  const hangUp = setTimeout(() => socket?.destroySoon(), LINGER_MS);
  response.once('close', () => clearTimeout(hangUp));
}

function openSink({ response, encoding }: Answer): Writable {
  if (encoding === undefined) return response;
  response.setHeader('Content-Encoding', encoding);
  const packer =
    encoding === 'gzip' ? createGzip({ level: COMPRESSION_LEVEL }) : createDeflate({ level: COMPRESSION_LEVEL });
  response.once('close', () => packer.destroy());
  packer.on('error', () => response.destroy());
  packer.pipe(response);
  return packer;
}

function setSummary({ response, startedNs }: Answer, counts: Counts): void {
  const figures = {
    read_rows: counts.writtenRows,
    read_bytes: counts.writtenBytes,
    written_rows: counts.writtenRows,
    written_bytes: counts.writtenBytes,
    total_rows_to_read: 0,
    result_rows: counts.writtenRows || counts.resultRows,
    result_bytes: counts.writtenBytes || counts.resultBytes,
    elapsed_ns: process.hrtime.bigint() - startedNs,
  };
  const texts = Object.entries(figures).map(([name, figure]) => [name, String(figure)]);
  response.setHeader('X-ClickHouse-Summary', JSON.stringify(Object.fromEntries(texts)));
}
