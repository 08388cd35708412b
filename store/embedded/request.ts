/** What a request of ClickHouse's HTTP interface asks for, read from its line and headers. Pure. */
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { exception } from './exception.ts';
import type { SessionWish } from './named-sessions.ts';
import type { Settings } from './sessions.ts';

/** Parameters of the interface itself; every other one is a setting (ClickHouse's HTTPHandler.cpp). */
const RESERVED: ReadonlySet<string> = new Set(
  [
    'query query_id user password quota_key role database default_format',
    'session_id session_timeout session_check close_session stacktrace client_protocol_version',
    'compress decompress enable_http_compression http_zlib_compression_level',
    'buffer_size http_response_buffer_size wait_end_of_query http_wait_end_of_query',
    'send_progress_in_http_headers http_headers_progress_interval_ms add_http_cors_header',
    'http_write_exception_in_output_format cancel_http_readonly_queries_on_client_close',
  ].flatMap((line) => line.split(' ')),
);

const EXTERNAL_TABLE = /^(\w+)_(structure|types|format)$/;
const SESSION_TIMEOUT_S = 60;

export interface EngineRequest {
  readonly user: string;
  readonly password: string;
  /** The part of the query that stands in the URL. */
  readonly query: string;
  readonly queryId: string;
  /** The database of names without one, if the request says. */
  readonly database: string | undefined;
  readonly settings: Settings;
  /** Whether nothing may be written (GET). */
  readonly readonly: boolean;
  /** Values by name, escaped as tab-separated text. */
  readonly params: ReadonlyMap<string, string>;
  readonly session: SessionWish | undefined;
  /** The result's format where the query names none. */
  readonly format: string;
  /** The Content-Type, if the body is a form. */
  readonly form: string | undefined;
  readonly tables: ReadonlyMap<string, ExternalTable>;
  /** How the answer may be compressed. */
  readonly encoding: 'gzip' | 'deflate' | undefined;
  /** Whether to send nothing before the statement has ended. */
  readonly waitEnd: boolean;
}

/** How a file part of a form is to be read as a table. */
export interface ExternalTable {
  /** Columns as in CREATE TABLE. */
  readonly structure: string;
  readonly format: string;
}

export interface RequestLine {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
}

export function readRequest({ method, url, headers }: RequestLine): EngineRequest {
  const given = url.searchParams;
  const header = (name: string) => [headers[name]].flat()[0] || undefined;
  const type = header('content-type') ?? '';
  const form = /^multipart\/form-data/i.test(type) ? type : undefined;
  const tables = form === undefined ? new Map() : tablesOf(given);
  const basic = credentials(header('authorization'));
  const sessionId = given.get('session_id');
  const isSetting = (name: string) =>
    !RESERVED.has(name) && !name.startsWith('param_') && !tables.has(EXTERNAL_TABLE.exec(name)?.[1] ?? '');
  return {
    user: header('x-clickhouse-user') ?? basic?.user ?? given.get('user') ?? 'default',
    password: header('x-clickhouse-key') ?? basic?.password ?? given.get('password') ?? '',
    query: given.getAll('query').join(''),
    queryId: given.get('query_id') || randomUUID(),
    database: given.get('database') || header('x-clickhouse-database'),
    settings: [...given].filter(([name]) => isSetting(name)),
    readonly: method === 'GET' || method === 'HEAD',
    params: new Map([...given].flatMap(([name, value]) => asParam(name, value))),
    session: sessionId ? { id: sessionId, timeoutS: timeout(given), check: isOn(given, 'session_check') } : undefined,
    format: given.get('default_format') || header('x-clickhouse-format') || 'TabSeparated',
    form,
    tables,
    encoding: isOn(given, 'enable_http_compression') ? accepted(header('accept-encoding') ?? '') : undefined,
    waitEnd: isOn(given, 'wait_end_of_query') || isOn(given, 'http_wait_end_of_query'),
  };
}

/** Throws for what the embedded engine cannot do. */
export function refuseUnsupported({ searchParams }: URL): void {
  for (const name of ['compress', 'decompress']) {
    if (!isOn(searchParams, name)) continue;
    const instead = 'use enable_http_compression=1 with gzip instead';
    throw exception(48, 'NOT_IMPLEMENTED', `The embedded engine does not support ${name}=1: ${instead}`);
  }
}

/** A form field or URL parameter as a parameter of the query, if it is one. */
export function asParam(name: string, value: string): [string, string][] {
  return /^param_\w+$/.test(name) ? [[name.slice('param_'.length), value]] : [];
}

/** `t_structure=a UInt8&t_format=CSV` describes the file part t; `t_types` gives types alone, for columns _1, _2, … */
function tablesOf(given: URLSearchParams): Map<string, ExternalTable> {
  const tables = new Map<string, ExternalTable>();
  for (const [name, value] of given) {
    const [, table, what] = EXTERNAL_TABLE.exec(name) ?? [];
    if (table === undefined || what === 'format') continue;
    const structure = what === 'structure' ? value : numbered(value);
    tables.set(table, { structure, format: given.get(`${table}_format`) || 'TabSeparated' });
  }
  return tables;
}

/** `UInt8, Map(String, String)` as `_1 UInt8, _2 Map(String, String)`. */
function numbered(types: string): string {
  const split: string[] = [''];
  let depth = 0;
  for (const letter of types) {
    if (letter === '(') depth += 1;
    if (letter === ')') depth -= 1;
    if (letter === ',' && depth === 0) split.push('');
    else split[split.length - 1] += letter;
  }
  return split.map((type, index) => `_${index + 1} ${type.trim()}`).join(', ');
}

function isOn(given: URLSearchParams, name: string): boolean {
  return ['1', 'true'].includes(given.get(name) ?? '');
}

function timeout(given: URLSearchParams): number {
  const text = given.get('session_timeout');
  return text === null ? SESSION_TIMEOUT_S : /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

function accepted(header: string): EngineRequest['encoding'] {
  const names = header
    .toLowerCase()
    .split(',')
    .map((part) => part.split(';')[0]?.trim());
  return (['gzip', 'deflate'] as const).find((encoding) => names.includes(encoding));
}

function credentials(authorization: string | undefined): { user: string; password: string } | undefined {
  const encoded = /^Basic\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [user, ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { user: user ?? '', password: password.join(':') };
}
