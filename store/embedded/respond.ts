/** Answers as ClickHouse's HTTP interface gives them: headers, results held back until they can be trusted, exceptions. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { EngineException } from './exception.ts';
import type { Counts, Outcome, Running } from './run-statement.ts';

/** Results up to this size are sent once the engine is done with them, so that an error still gets its status. */
const HELD_BYTES = 256 * 1024;

/** The headers every answer of a query has. */
export function queryHeaders(
  response: ServerResponse,
  { queryId, format }: { queryId: string; format?: string },
): void {
  response.setHeader('X-ClickHouse-Server-Display-Name', 'quanyu');
  response.setHeader('X-ClickHouse-Query-Id', queryId);
  response.setHeader('X-ClickHouse-Timezone', 'UTC');
  response.setHeader('Content-Type', contentType(format));
  if (format !== undefined) response.setHeader('X-ClickHouse-Format', format);
}

export function contentType(format: string | undefined): string {
  if (format === undefined) return 'text/plain; charset=UTF-8';
  if (/^JSON.*EachRow/.test(format)) return 'application/x-ndjson; charset=UTF-8';
  if (format.startsWith('JSON')) return 'application/json; charset=UTF-8';
  if (format.startsWith('CSV'))
    return 'text/csv; charset=UTF-8; header=' + (format.includes('WithNames') ? 'present' : 'absent');
  if (/^(TabSeparated|TSV)/.test(format)) return 'text/tab-separated-values; charset=UTF-8';
  if (format === 'XML') return 'application/xml; charset=UTF-8';
  if (/^(RowBinary|Native|Parquet|Arrow|ORC|Avro|Protobuf|MsgPack|CapnProto|RawBLOB|Npy|BSON)/.test(format))
    return 'application/octet-stream';
  return 'text/plain; charset=UTF-8';
}

export function summary(counts: Counts, elapsedNs: bigint): string {
  return JSON.stringify({
    read_rows: String(counts.readRows),
    read_bytes: String(counts.readBytes),
    written_rows: String(counts.writtenRows),
    written_bytes: String(counts.writtenBytes),
    total_rows_to_read: '0',
    result_rows: String(counts.writtenRows || counts.readRows),
    result_bytes: String(counts.writtenBytes || counts.readBytes),
    elapsed_ns: String(elapsedNs),
  });
}

export function sendException(response: ServerResponse, failure: EngineException): void {
  response.statusCode = failure.status;
  response.setHeader('X-ClickHouse-Exception-Code', String(failure.code));
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
  response.end(`${failure.message}\n`);
}

/** Sends what has been produced whole. */
export function sendOutcome(
  response: ServerResponse,
  outcome: Outcome & { body?: Uint8Array },
  startedNs: bigint,
): void {
  response.setHeader('X-ClickHouse-Summary', summary(outcome.counts, process.hrtime.bigint() - startedNs));
  if (outcome.failure !== undefined) return sendException(response, outcome.failure);
  response.end(outcome.body);
}

/** Sends a result as it comes, in bounded memory. A late error ends it so that nobody takes it for whole. */
export async function sendResult(
  response: ServerResponse,
  running: Running & { output: Readable },
  startedNs: bigint,
): Promise<void> {
  const held: Buffer[] = [];
  let heldBytes = 0;
  let streaming = false;
  const tag = randomBytes(8).toString('hex');
  for await (const chunk of running.output as AsyncIterable<Buffer>) {
    if (streaming) {
      if (!response.write(chunk) && !response.destroyed)
        await Promise.race([once(response, 'drain'), once(response, 'close')]);
      if (response.destroyed) break;
      continue;
    }
    held.push(chunk);
    heldBytes += chunk.length;
    if (heldBytes < HELD_BYTES) continue;
    streaming = true;
    response.setHeader('X-ClickHouse-Exception-Tag', tag);
    response.setHeader(
      'X-ClickHouse-Summary',
      summary({ readRows: 0, readBytes: 0, writtenRows: 0, writtenBytes: 0 }, process.hrtime.bigint() - startedNs),
    );
    response.write(Buffer.concat(held.splice(0)));
  }
  const outcome = await running.done;
  if (!streaming) return sendOutcome(response, { ...outcome, body: Buffer.concat(held) }, startedNs);
  if (outcome.failure === undefined) return void response.end();
  // The block ClickHouse writes since 25.11, then a body that does not end as HTTP demands.
  const text = `${outcome.failure.message}\n`;
  response.write(`\r\n__exception__\r\n${tag}\r\n${text}${Buffer.byteLength(text)} ${tag}\r\n__exception__\r\n`, () =>
    response.destroy(),
  );
}
