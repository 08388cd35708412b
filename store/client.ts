/**
 * The one place that opens a @clickhouse/client: the same code and dialect for the embedded engine and for a server.
 * Parameters travel in the body (multipart), never in a URL.
 */
import { Readable } from 'node:stream';
import { ClickHouseError, type ClickHouseSettings, createClient } from '@clickhouse/client';
import { messageOf, QuanyuError } from '../errors.ts';
import { compile, type SqlFragment } from './sql.ts';

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

const SETTINGS: ClickHouseSettings = { output_format_json_quote_64bit_integers: 0 };

/** Opens a store. Nothing is sent before the first call. */
export function openStore(options: StoreOptions): Store {
  const client = createClient({
    url: options.url,
    username: options.username,
    password: options.password,
    database: options.database,
    use_multipart_params: true,
    request_timeout: 3_600_000,
    max_open_connections: 32,
    clickhouse_settings: SETTINGS,
    log: { level: 127 },
  });
  const shared = (more?: QueryOptions) => ({
    ...(more?.settings ? { clickhouse_settings: { ...SETTINGS, ...more.settings } } : {}),
    ...(more?.signal ? { abort_signal: more.signal } : {}),
  });

  return {
    options,
    async rows<Row>(statement: SqlFragment, more?: QueryOptions): Promise<Row[]> {
      const { query, params } = compile(statement);
      return guarded(async () => {
        const result = await client.query({ query, query_params: params, format: 'JSONEachRow', ...shared(more) });
        return result.json<Row>();
      });
    },
    async stream(statement, format, more) {
      const { query, params } = compile(statement);
      return guarded(async () => {
        // `query` sends the parameters in the body; the FORMAT it appends is ours, whatever the list of its type says.
        const result = await client.query({ query, query_params: params, format: format as 'CSV', ...shared(more) });
        return bytesOf(result as unknown as { _stream: Readable });
      });
    },
    async run(statement, more) {
      const { query, params } = compile(statement);
      await guarded(async () => {
        if (Object.keys(params).length === 0) await client.command({ query, ...shared(more) });
        else await (await client.query({ query, query_params: params, format: 'JSONEachRow', ...shared(more) })).text();
      });
    },
    async insert(table, rows, more) {
      const [first] = rows;
      if (first === undefined) return;
      const columns = Object.keys(first);
      const lines = rows.map((row) =>
        JSON.stringify(columns.map((column) => (row as Record<string, unknown>)[column])),
      );
      await this.insertStream(
        `${table} (${columns.join(', ')})`,
        'JSONCompactEachRow',
        Readable.from([lines.join('\n')]),
        more,
      );
    },
    async insertStream(target, format, bytes, more) {
      await guarded(async () => {
        const query = `INSERT INTO ${target} FORMAT ${format}`;
        const { stream } = await client.exec({ query, values: bytes, ...shared(more) });
        stream.resume();
        await new Promise<void>((resolve, reject) => stream.on('end', resolve).on('error', reject));
      });
    },
    async ping() {
      return (await client.ping()).success;
    },
    async close() {
      await client.close();
    },
  };
}

/** The response's byte stream; the result set of the client parses lines, which binary formats do not have. */
function bytesOf(result: { _stream: Readable }): Readable {
  return result._stream;
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw storeError(thrown);
  }
}

/** A store's failure as an error of the registry. The engine quotes values in its texts, so those are taken out. */
export function storeError(thrown: unknown): QuanyuError {
  if (thrown instanceof QuanyuError) return thrown;
  if (thrown instanceof ClickHouseError) {
    return new QuanyuError(
      'store.query-failed',
      `ClickHouse answered ${thrown.type ?? 'an error'}: ${withoutValues(thrown.message)}`,
      {
        engine_code: Number(thrown.code),
        engine_type: thrown.type,
      },
    );
  }
  return new QuanyuError(
    'store.unavailable',
    `ClickHouse did not answer: ${withoutValues(messageOf(thrown))}.`,
    {},
    { cause: thrown },
  );
}

function withoutValues(text: string): string {
  return text
    .replace(/'(?:[^'\\]|\\.)*'/g, "'…'")
    .replace(/\d{7,}/g, '…')
    .slice(0, 600);
}
