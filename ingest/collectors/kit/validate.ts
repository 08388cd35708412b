/** Checks an item against its schema; every fault becomes a Rejection with path, what was given (masked) and expected. */
import { Ajv, type AnySchema, type ErrorObject, type ValidateFunction } from 'ajv';
import { mask } from '../../identifiers/index.ts';
import type { Mapped, Rejection } from '../../record.ts';
import { isObject, tryJson } from './json.ts';
import { yuanToFen } from './money.ts';
import { readPlatformTime } from './time.ts';

const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true });
// `reason` of a schema is the rejection's code, `description` what was expected.
ajv.addVocabulary(['reason']);
ajv.addFormat('platform-time', (text: string) => readPlatformTime(text) !== null);
ajv.addFormat('yuan', (text: string) => yuanToFen(text) !== null);

const TEXT = { type: 'string', reason: 'field.not-text', description: 'text' } as const;
const ID = {
  type: ['string', 'integer'],
  pattern: '^\\d{1,20}$',
  minimum: 0,
  reason: 'field.not-an-id',
  description: 'a whole number of at most 20 digits',
} as const;
const YUAN = {
  type: ['string', 'integer'],
  format: 'yuan',
  reason: 'amount.not-yuan',
  description: 'an amount in yuan with at most two decimals, such as "200.07"',
} as const;
const COUNT = {
  type: 'integer',
  minimum: 0,
  reason: 'field.not-a-count',
  description: 'a whole number, 0 or more',
} as const;
const TIME = {
  type: 'string',
  format: 'platform-time',
  reason: 'time.not-valid',
  description: 'a time such as "2026-01-15 12:00:00"',
} as const;
const FEN = {
  type: 'integer',
  minimum: 0,
  reason: 'amount.not-fen',
  description: 'an amount in fen: a whole number, 0 or more',
} as const;
const SECONDS = {
  type: 'integer',
  minimum: 0,
  maximum: 4_102_444_800,
  reason: 'time.not-valid',
  description: 'a time as whole seconds since 1970',
} as const;
const FLAG = { type: 'boolean', reason: 'field.not-a-flag', description: 'true or false' } as const;

/** What a field may hold. Platforms send null and "" for nothing: an optional field may be either. */
export const shape = {
  text: TEXT,
  id: ID,
  yuan: YUAN,
  count: COUNT,
  time: TIME,
  fen: FEN,
  seconds: SECONDS,
  flag: FLAG,
  oneOf: (values: readonly (string | number)[]) =>
    ({ enum: values, reason: 'field.not-known', description: `one of ${values.join(', ')}` }) as const,
  optional: <S extends { reason: string; description: string }>(of: S) =>
    ({ if: { enum: [null, ''] }, else: of, reason: of.reason, description: of.description }) as const,
};

export function object(properties: Readonly<Record<string, AnySchema>>, required: readonly string[]): object {
  return { type: 'object', properties, required, reason: 'item.not-an-object', description: 'a JSON object' };
}

export type Check<T> = (
  payload: string,
) => { readonly ok: true; readonly value: T } | { readonly ok: false; readonly mapped: Mapped };

/**
 * A check of JSON texts, compiled once. `T` is what the schema says; that the two agree is for the tests of the map.
 * `at` stands before the paths of what it finds, for a text within an item.
 */
export function checker<T>(schema: object, at = ''): Check<T> {
  const validate: ValidateFunction = ajv.compile(schema);
  return (payload) => {
    const value = tryJson(payload);
    if (value === undefined)
      return {
        ok: false,
        mapped: rejected({ path: at, given: mask(payload.slice(0, 200)), expected: 'JSON', code: 'item.not-json' }),
      };
    if (validate(value)) return { ok: true, value: value as T };
    const faults = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if');
    return { ok: false, mapped: { records: [], rejections: faults.map((fault) => rejectionOf(fault, at)) } };
  };
}

/** An item of which nothing became a record, for one reason. */
export function rejected(fault: Omit<Rejection, 'wholeItem'>): Mapped {
  return { records: [], rejections: [{ ...fault, wholeItem: true }] };
}

function rejectionOf({ instancePath, keyword, params, parentSchema, data }: ErrorObject, at: string): Rejection {
  const path = at + instancePath;
  const said = parentSchema as {
    reason?: string;
    description?: string;
    properties?: Record<string, { description?: string }>;
  };
  if (keyword === 'required') {
    const field = String((params as { missingProperty: string }).missingProperty);
    const expected = said.properties?.[field]?.description ?? 'a value';
    return { path: `${path}/${field}`, given: '', expected, code: 'field.missing', wholeItem: true };
  }
  return {
    path,
    given: shown(data),
    expected: said.description ?? 'another value',
    code: said.reason ?? 'field.not-valid',
    wholeItem: true,
  };
}

/** Codes, amounts and times are shown as they are; whatever could be a person's is masked. */
const HARMLESS = /^(?:[A-Z_]{1,40}|(?!.*\d{7})[\d.:\- ]{1,19})$/;

export function shown(value: unknown): string {
  if (typeof value === 'string') return HARMLESS.test(value) ? value : mask(value);
  if (typeof value === 'number') return shown(String(value));
  if (typeof value === 'boolean' || value === null || value === undefined) return String(value);
  return isObject(value) ? 'an object' : 'a list';
}
