/** Checks the parts of a request against the schemas of its route; every fault is told with its place, none with its value. */
import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { TSchema } from 'typebox';
import { QuanyuError } from '../errors.ts';
import { COMPONENT } from './condition-schema.ts';

/** One thing that is not as documented. */
export interface Fault {
  readonly in: Part;
  /** JSON pointer within that part. */
  readonly pointer: string;
  /** Kind and size of what was given, never the value. */
  readonly given: string;
  readonly expected: string;
}

export type Part = 'path' | 'query' | 'body';

/** Checks values, setting defaults and (path, query) turning texts into numbers and booleans in place. */
export type Check = (values: Readonly<Partial<Record<Part, unknown>>>) => void;

const MOST_TOLD = 20;

// `1e309` is turned into Infinity: bounds are held against it too only where numbers are not strict.
const ofText = new Ajv2020({
  allErrors: true,
  verbose: true,
  useDefaults: true,
  coerceTypes: true,
  strictNumbers: false,
});
const ofJson = new Ajv2020({ allErrors: true, verbose: true, useDefaults: true });
for (const ajv of [ofText, ofJson]) {
  addFormats.default(ajv);
  ajv.addKeyword(COMPONENT);
}

/** Compiles the schemas of one route into one check. Throws api.request-invalid with all faults. */
export function checkFor(schemas: Readonly<Partial<Record<Part, TSchema>>>): Check {
  const compiled = (Object.entries(schemas) as [Part, TSchema][]).map(([part, schema]): [Part, ValidateFunction] => [
    part,
    (part === 'body' ? ofJson : ofText).compile(schema),
  ]);
  return (values) => {
    const faults: Fault[] = [];
    for (const [part, validate] of compiled) {
      if (!validate(values[part])) faults.push(...(validate.errors ?? []).map((error) => faultOf(part, error)));
    }
    if (faults.length > 0) throw invalid(faults);
  };
}

function invalid(faults: readonly Fault[]): QuanyuError {
  const [first] = faults as [Fault, ...Fault[]];
  const place = `${first.in}${first.pointer === '' ? '' : ` ${first.pointer}`}`;
  const more = faults.length === 1 ? '' : `, and ${faults.length - 1} more in errors`;
  return new QuanyuError(
    'api.request-invalid',
    `${place}: given ${first.given}, expected ${first.expected}${more}. /docs shows what the route takes.`,
    { errors: faults.slice(0, MOST_TOLD) },
  );
}

function faultOf(part: Part, error: ErrorObject): Fault {
  const { keyword, params, instancePath } = error;
  if (keyword === 'required')
    return {
      in: part,
      pointer: `${pointerOf(instancePath)}/${params.missingProperty}`,
      given: 'nothing',
      expected: 'a value',
    };
  if (keyword === 'additionalProperties') {
    const pointer = `${pointerOf(instancePath)}/${plainName(String(params.additionalProperty))}`;
    const known = Object.keys((error.parentSchema as { properties?: object }).properties ?? {});
    return {
      in: part,
      pointer,
      given: 'a name that is not known here',
      expected: `one of: ${known.join(', ') || '(none)'}`,
    };
  }
  const allowed = params.allowedValues as unknown[] | undefined;
  const expected = allowed ? `one of: ${allowed.join(', ')}` : (error.message ?? 'another value').replace(/^must /, '');
  return { in: part, pointer: pointerOf(instancePath), given: sizeOf(error.data), expected };
}

/** Names in a body come from outside too: those that do not look like a field's name are not repeated. */
function pointerOf(path: string): string {
  return path
    .split('/')
    .map((name, index) => (index === 0 ? name : plainName(name)))
    .join('/');
}

function plainName(name: string): string {
  return /^([A-Za-z_][\w.-]{0,40}|\d{1,6})$/.test(name) && !/\d{7}/.test(name) ? name : '…';
}

/** Kind and size of a value, in words. */
function sizeOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'string') return `a text of ${value.length} characters`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
