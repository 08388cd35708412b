/** The settings of a paged REST interface: its address, how calls are authorised, and its lists. */
import type { FileKind } from '../files/headers.ts';
import { FILE_KINDS } from '../files/headers.ts';
import { type FileRule, type FilesSettings, settingsSchema as filesSchema } from '../files/settings.ts';

/** How a list is divided into pages. */
export interface Paging {
  /** `page`: counted; `offset`: rows before the page; `cursor`: what the page before gave. */
  readonly by: 'page' | 'offset' | 'cursor';
  /** The parameter that says which page. */
  readonly parameter: string;
  /** Number of the first page. */
  readonly first: 0 | 1;
  readonly size_parameter?: string;
  readonly size: number;
  /** JSON pointer to the number of all rows. */
  readonly total?: string;
  /** JSON pointer to the next cursor; none, null or '' = the last page. */
  readonly next?: string;
  /** The platform gives no page behind this one. */
  readonly deepest: number;
}

/** How rows that changed are asked for. */
export interface Changed {
  readonly from: string;
  readonly to: string;
  readonly format: 'datetime' | 'iso' | 'seconds' | 'milliseconds';
  readonly longest_days: number;
}

export interface RestList extends Pick<FileRule, 'columns' | 'custom'> {
  readonly name: string;
  readonly kind: FileKind;
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  /** JSON pointer to the rows. */
  readonly items: string;
  /** The field with the row's own key. */
  readonly key?: string;
  readonly paging: Paging;
  readonly changed?: Changed;
}

export interface HmacAuth {
  readonly secret: string;
  readonly algorithm: 'sha256' | 'sha1' | 'md5';
  readonly encoding: 'hex' | 'base64';
  readonly header: string;
  readonly timestamp_header: string;
  readonly timestamp_unit: 'second' | 'millisecond';
  /** `{timestamp}`, `{method}`, `{path}`, `{query}`, `{body}` stand for what is sent. */
  readonly text: string;
}

/** Codes in answers that come with HTTP 200. */
export interface Codes {
  readonly at: string;
  readonly good: readonly string[];
  readonly busy: readonly string[];
  readonly expired: readonly string[];
}

export interface RestSettings
  extends Pick<FilesSettings, 'issuer' | 'programme' | 'role' | 'test_stores'>,
    Pick<FileRule, 'gender_codes' | 'business_day_cut' | 'amount_unit'> {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly hmac?: HmacAuth;
  readonly codes?: Codes;
  readonly calls_per_second: number;
  readonly lag_seconds: number;
  readonly history_days: number;
  readonly whole_every_hours: number;
  readonly lists: readonly RestList[];
}

const name = { type: 'string', minLength: 1 } as const;
const pointer = { type: 'string', pattern: '^(/[^/]+)*$' } as const;
const { issuer, programme, role, test_stores, gender_codes, business_day_cut, amount_unit, columns, custom } =
  filesSchema.properties;

const paging = {
  type: 'object',
  required: ['by', 'parameter', 'size'],
  additionalProperties: false,
  properties: {
    by: { enum: ['page', 'offset', 'cursor'] },
    parameter: name,
    first: { enum: [0, 1], default: 1 },
    size_parameter: name,
    size: { type: 'integer', minimum: 1, maximum: 10_000 },
    total: pointer,
    next: pointer,
    deepest: { type: 'integer', minimum: 1, default: 1_000_000 },
  },
  if: { required: ['by'], properties: { by: { const: 'cursor' } } },
  // biome-ignore lint/suspicious/noThenProperty: a word of JSON schema
  then: { required: ['next'] },
} as const;

const list = {
  type: 'object',
  required: ['name', 'kind', 'path', 'items', 'paging'],
  additionalProperties: false,
  properties: {
    name: { type: 'string', pattern: '^[a-z][a-z0-9_-]{0,39}$' },
    kind: { enum: FILE_KINDS },
    path: { type: 'string', pattern: '^/' },
    method: { enum: ['GET', 'POST'], default: 'GET' },
    parameters: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } },
    items: pointer,
    key: name,
    paging,
    changed: {
      type: 'object',
      required: ['from', 'to'],
      additionalProperties: false,
      properties: {
        from: name,
        to: name,
        format: { enum: ['datetime', 'iso', 'seconds', 'milliseconds'], default: 'datetime' },
        longest_days: { type: 'integer', minimum: 1, default: 30 },
      },
    },
    columns,
    custom,
  },
  if: {
    required: ['changed'],
    properties: { paging: { properties: { by: { enum: ['page', 'offset'] } } } },
  },
  // biome-ignore lint/suspicious/noThenProperty: a word of JSON schema
  then: { properties: { paging: { required: ['total'] } } },
} as const;

/** JSON schema of the settings. */
export const settingsSchema = {
  type: 'object',
  required: ['url', 'lists'],
  anyOf: [{ required: ['issuer'] }, { required: ['programme'] }],
  additionalProperties: false,
  properties: {
    url: { type: 'string', pattern: '^https?://', description: 'Address that the paths of the lists follow.' },
    headers: {
      type: 'object',
      additionalProperties: { type: 'string', minLength: 1 },
      description: 'Headers of every call, such as the token: {"authorization": {"env": "NAME"}}.',
    },
    hmac: {
      type: 'object',
      required: ['secret', 'header'],
      additionalProperties: false,
      properties: {
        secret: name,
        algorithm: { enum: ['sha256', 'sha1', 'md5'], default: 'sha256' },
        encoding: { enum: ['hex', 'base64'], default: 'hex' },
        header: name,
        timestamp_header: { ...name, default: 'x-timestamp' },
        timestamp_unit: { enum: ['second', 'millisecond'], default: 'second' },
        text: { ...name, default: '{timestamp}\n{query}{body}' },
      },
      description: 'Signs every call with a secret, where the interface asks for it.',
    },
    codes: {
      type: 'object',
      required: ['at', 'good'],
      additionalProperties: false,
      properties: {
        at: pointer,
        good: { type: 'array', items: { type: 'string' }, minItems: 1 },
        busy: { type: 'array', items: { type: 'string' }, default: [] },
        expired: { type: 'array', items: { type: 'string' }, default: [] },
      },
      description: 'Where an answer says with HTTP 200 whether it is one, and by which codes.',
    },
    calls_per_second: { type: 'number', exclusiveMinimum: 0, default: 5, description: 'At most. Default 5.' },
    lag_seconds: {
      type: 'integer',
      minimum: 0,
      default: 60,
      description: 'How late a change may show in the lists: a pull ends that far before the present. Default 60.',
    },
    history_days: { type: 'integer', minimum: 1, default: 365, description: 'How far back the first pull goes.' },
    whole_every_hours: {
      type: 'integer',
      minimum: 1,
      default: 24,
      description: 'How often lists that do not tell of changes are read whole. Default 24.',
    },
    lists: { type: 'array', items: list, minItems: 1, description: 'The lists that are pulled, each a stream.' },
    ...{ issuer, programme, role, test_stores, gender_codes, business_day_cut, amount_unit },
  },
} as const;
