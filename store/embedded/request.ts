/** What a request of ClickHouse's HTTP interface asks for, read from its line and headers. Pure. */
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Parameters that are no settings (HTTPHandler.cpp). */
const RESERVED = new Set([
  'query',
  'user',
  'password',
  'quota_key',
  'role',
  'database',
  'default_format',
  'query_id',
  'session_id',
  'session_timeout',
  'session_check',
  'stacktrace',
  'compress',
  'decompress',
  'client_protocol_version',
  'close_session',
  'buffer_size',
  'wait_end_of_query',
  'http_response_buffer_size',
  'enable_http_compression',
  'http_zlib_compression_level',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
  'cancel_http_readonly_queries_on_client_close',
  'add_http_cors_header',
  'http_wait_end_of_query',
  'http_write_exception_in_output_format',
  'log_queries',
]); // prettier-ignore

export interface EngineRequest {
  /** Whether nothing may be written (GET). */
  readonly readonly: boolean;
  /** The part of the query that stands in the URL. */
  readonly query: string;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly format: string;
  readonly queryId: string;
  readonly settings: readonly (readonly [string, string])[];
  readonly params: ReadonlyMap<string, string>;
  readonly multipart: boolean;
  readonly compressed: boolean;
  readonly waitEnd: boolean;
  readonly session: { readonly id: string; readonly timeoutS: number; readonly check: boolean } | undefined;
}

export interface RequestLine {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
}

export function readRequest({ method, url, headers }: RequestLine): EngineRequest {
  const given = url.searchParams;
  const header = (name: string) => [headers[name]].flat()[0] || undefined;
  const basic = credentials(header('authorization'));
  const settings = [...given].filter(([name]) => !RESERVED.has(name) && !name.startsWith('param_'));
  const sessionId = given.get('session_id');
  return {
    readonly: method === 'GET' || method === 'HEAD',
    query: given.getAll('query').join(''),
    user: header('x-clickhouse-user') ?? basic?.user ?? given.get('user') ?? 'default',
    password: header('x-clickhouse-key') ?? basic?.password ?? given.get('password') ?? '',
    database: given.get('database') || header('x-clickhouse-database') || 'default',
    format: given.get('default_format') || header('x-clickhouse-format') || 'TabSeparated',
    queryId: given.get('query_id') || randomUUID(),
    settings,
    params: new Map([...given].flatMap(([name, value]) => asParam(name, value))),
    multipart: /^multipart\/form-data/i.test(header('content-type') ?? ''),
    compressed: isOn(given.get('enable_http_compression')),
    waitEnd: isOn(given.get('wait_end_of_query')),
    session: sessionId
      ? { id: sessionId, timeoutS: Number(given.get('session_timeout') ?? 60), check: isOn(given.get('session_check')) }
      : undefined,
  };
}

/** A form field or URL parameter as a parameter of the query, if it is one. */
export function asParam(name: string, value: string): [string, string][] {
  return /^param_\w+$/.test(name) ? [[name.slice('param_'.length), value]] : [];
}

function isOn(value: string | null): boolean {
  return value === '1' || value === 'true';
}

function credentials(authorization: string | undefined): { user: string; password: string } | undefined {
  const encoded = /^Basic\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [user, ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { user: user ?? '', password: password.join(':') };
}
