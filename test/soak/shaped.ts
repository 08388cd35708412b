/** Values that fit a JSON schema of the OpenAPI document. */
import fc from 'fast-check';

export interface Schema {
  readonly $ref?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly type?: string;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

export type Components = Readonly<Record<string, Schema>>;

/** Stands for an id that an earlier answer held: which one is known when the request is sent. */
export const knownId = (n: number) => `KNOWN${n}ID`;
export const KNOWN_ID = /KNOWN(\d+)ID/g;

const DEEPEST = 12;
const anything = fc.oneof(fc.constant(null), fc.string({ maxLength: 5 }), fc.integer(), fc.boolean());

export function shaped(schema: Schema, components: Components, depth = 0): fc.Arbitrary<unknown> {
  if (depth > DEEPEST) return anything;
  const inner = (one: Schema) => shaped(one, components, depth + 1);
  if (schema.$ref !== undefined) return inner(components[schema.$ref.split('/').at(-1)!] ?? {});
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const some = schema.anyOf ?? schema.oneOf;
  if (some !== undefined) return fc.oneof(...some.map(inner));
  switch (schema.type) {
    case 'string':
      return text(schema);
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -5, max: schema.maximum ?? 1000 });
    case 'number':
      return fc.double({ min: schema.minimum ?? -5, max: schema.maximum ?? 1e9, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(inner(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: 4 });
    case 'object': {
      const properties = Object.entries(schema.properties ?? {}).map(([name, one]) => [name, inner(one)] as const);
      return fc.record(Object.fromEntries(properties), { requiredKeys: [...(schema.required ?? [])] });
    }
    default:
      return anything;
  }
}

function text({ pattern, format, minLength = 0, maxLength = 30 }: Schema): fc.Arbitrary<string> {
  const known = fc.nat(1000).map(knownId);
  if (format === 'date') return fc.constantFrom('2026-01-31', '1965-03-01', '2024-02-29');
  if (format === 'date-time') return fc.constantFrom('2026-01-31T08:00:00Z', '2026-01-31T08:00:00.123+08:00');
  if (pattern !== undefined) return fc.oneof(known, fc.stringMatching(new RegExp(pattern)));
  return fc.oneof(known, fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 60) }));
}
