/**
 * The one place that opens a @clickhouse/client: the same code and dialect for the embedded engine and for a server.
 * Parameters travel in the body (multipart), never in a URL.
 */
import { Readable } from 'node:stream';
import { type ClickHouseClient, type ClickHouseSettings, createClient } from '@clickhouse/client';
import { resultBytes } from './result-bytes.ts';
import { compile, type SqlFragment } from './sql.ts';
import { type Asked, storeError } from './store-error.ts';

export interface StoreOptions {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Database all tables live in; made by migrate(). */
  readonly database: string;
}

export interface QueryOptions {
  readonly settings?: ClickHouseSettings;
  readonly signal?: AbortSignal;
}

export interface Store {
  readonly options: StoreOptions;
  /** Rows as objects. 64-bit integers come as numbers; select toString(x) of anything wider. */
  rows<Row>(statement: SqlFragment, options?: QueryOptions): Promise<Row[]>;
  /** Raw bytes of a result in `format` (RowBinary, CSV, …), streamed; chunks do not end at row boundaries. */
  stream(statement: SqlFragment, format: string, options?: QueryOptions): Promise<Readable>;
  /** A statement without a result: DDL, INSERT … SELECT, ALTER. */
  run(statement: SqlFragment, options?: QueryOptions): Promise<void>;
  /** Inserts rows that all have the same columns. They become one block: all of it or nothing. */
  insert(table: string, rows: readonly object[], options?: QueryOptions): Promise<void>;
  /** Inserts bytes of `format` into `target` (a table, with columns in brackets if not all are given), streamed. */
  insertStream(target: string, format: string, bytes: Readable, options?: QueryOptions): Promise<void>;
  ping(): Promise<boolean>;
  close(): Promise<void>;
}

const EXCEPTION_TAG = 'x-clickhouse-exception-tag';
const SETTINGS: ClickHouseSettings = { output_format_json_quote_64bit_integers: 0 };

/** Opens a store. Nothing is sent before the first call. */
export function openStore(options: StoreOptions): Store {
  const client = createClient({
    ...options,
    use_multipart_params: true,
    request_timeout: 3_600_000,
    max_open_connections: 32,
    clickhouse_settings: SETTINGS,
    log: { level: 127 },
  });
  return {
    options,
    async rows<Row>(statement: SqlFragment, more?: QueryOptions): Promise<Row[]> {
      const { query, params } = compile(statement);
      return guarded({ query, values: params }, async () => {
        const result = await client.query({ query, query_params: params, format: 'JSONEachRow', ...shared(more) });
        return result.json<Row>();
      });
    },
    async stream(statement, format, more) {
      const { query, params } = compile(statement);
      const asked = { query, values: params };
      return guarded(asked, async () => {
        // `query` sends the parameters in the body; the FORMAT it appends is ours, whatever the list of its type says.
        const result = await client.query({ query, query_params: params, format: format as 'CSV', ...shared(more) });
        return resultBytes(bytesOf(result), { asked, tag: result.response_headers[EXCEPTION_TAG]?.toString() });
      });
    },
    async run(statement, more) {
      const { query, params } = compile(statement);
      await guarded({ query, values: params }, async () => {
        if (Object.keys(params).length === 0) await client.command({ query, ...shared(more) });
        else await (await client.query({ query, query_params: params, format: 'JSONEachRow', ...shared(more) })).text();
      });
    },
    async insert(table, rows, more) {
      const [first] = rows;
      if (first === undefined) return;
      const columns = Object.keys(first);
      const lines = rows
        .map((row) => JSON.stringify(columns.map((column) => (row as Record<string, unknown>)[column])))
        .join('\n');
      const asked = { query: `INSERT INTO ${table} (${columns.join(', ')}) FORMAT JSONCompactEachRow`, values: lines };
      await guarded(asked, () => feed(client, { query: asked.query, values: Readable.from([lines]), ...shared(more) }));
    },
    async insertStream(target, format, bytes, more) {
      const query = `INSERT INTO ${target} FORMAT ${format}`;
      await guarded({ query, values: '' }, () => feed(client, { query, values: bytes, ...shared(more) }));
    },
    async ping() {
      return (await client.ping()).success;
    },
    async close() {
      await client.close();
    },
  };
}

function shared(more: QueryOptions | undefined) {
  return {
    ...(more?.settings ? { clickhouse_settings: { ...SETTINGS, ...more.settings } } : {}),
    ...(more?.signal ? { abort_signal: more.signal } : {}),
  };
}

async function feed(client: ClickHouseClient, insert: Parameters<ClickHouseClient['exec']>[0]): Promise<void> {
  const { stream } = await client.exec(insert);
  stream.resume();
  await new Promise<void>((resolve, reject) => stream.on('end', resolve).on('error', reject));
}

/** The response's byte stream; the result set of the client parses lines, which binary formats do not have. */
function bytesOf(result: object): Readable {
  return (result as { _stream: Readable })._stream;
}

async function guarded<T>(asked: Asked, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw storeError(thrown, asked);
  }
}
