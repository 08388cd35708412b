/** Checks a rules document: every fault at once, each with its path. */
import { Ajv, type ErrorObject } from 'ajv';
import { QuanyuError } from '../../errors.ts';
import { IDENTIFIER_DEFINITIONS, IDENTIFIER_TYPES } from '../../ingest/identifiers/index.ts';
import type { IdentityRules } from './rules.ts';

const COUNT = { type: 'integer', minimum: 1, maximum: 1_000_000_000 } as const;

/** JSON schema of the rules document. */
export const RULES_SCHEMA = {
  type: 'object',
  required: ['version', 'strengths', 'types', 'blocked_values', 'blocked_tokens', 'max_accounts'],
  additionalProperties: false,
  properties: {
    version: { ...COUNT, description: 'Counts every change' },
    strengths: {
      type: 'array',
      description: 'Strengths that join, the strongest first',
      items: { enum: ['verified', 'stated'] },
      minItems: 1,
      uniqueItems: true,
    },
    types: {
      type: 'object',
      required: [...IDENTIFIER_TYPES],
      additionalProperties: false,
      properties: Object.fromEntries(IDENTIFIER_TYPES.map((type) => [type, { $ref: '#/$defs/type' }])),
    },
    blocked_values: {
      type: 'array',
      items: {
        type: 'object',
        required: ['type', 'scope', 'value'],
        additionalProperties: false,
        properties: {
          type: { enum: [...IDENTIFIER_TYPES] },
          scope: { type: 'string' },
          value: { type: 'string', minLength: 1 },
        },
      },
    },
    blocked_tokens: { type: 'array', items: { type: 'string', pattern: '^[0-9]{1,39}$' } },
    max_accounts: { ...COUNT, description: 'Accounts one profile may hold' },
  },
  $defs: {
    type: {
      type: 'object',
      required: ['joins', 'priority', 'limit', 'exclusive', 'shared_above'],
      additionalProperties: false,
      properties: {
        joins: { type: 'boolean', description: 'False: never makes two accounts one person' },
        priority: { type: 'integer', minimum: 1, maximum: 99, description: '1 = the strongest type' },
        limit: {
          anyOf: [COUNT, { type: 'null' }],
          description: 'Values of one scope that a profile may hold; null = any number',
        },
        exclusive: { type: 'boolean', description: 'Two different values are never one person' },
        shared_above: { ...COUNT, description: 'Accounts one value may join' },
      },
    },
  },
} as const;

const validate = new Ajv({ allErrors: true }).compile<IdentityRules>(RULES_SCHEMA);

/** The document as rules, or `identity.rules-invalid` with all its faults. */
export function checkRules(document: unknown): IdentityRules {
  const faults = validate(document) ? neverJoining(document) : (validate.errors ?? []).map(inWords);
  if (faults.length === 0) return document as IdentityRules;
  throw new QuanyuError(
    'identity.rules-invalid',
    `The identity rules are not valid: ${faults.join('; ')}. Nothing was changed; mend them and give them again.`,
    { faults },
  );
}

/** A type that says of itself that it never joins (a receiver's oaid, a masked phone) cannot be switched on. */
function neverJoining(rules: IdentityRules): string[] {
  return IDENTIFIER_TYPES.filter((type) => rules.types[type].joins && !IDENTIFIER_DEFINITIONS[type].joins).map(
    (type) => `/types/${type}/joins was true, expected false: a ${type} does not point at one person`,
  );
}

function inWords({ instancePath, message, params }: ErrorObject): string {
  const more = 'allowedValues' in params ? ` (${(params.allowedValues as string[]).join(', ')})` : '';
  const extra = 'additionalProperty' in params ? ` (${String(params.additionalProperty)})` : '';
  return `${instancePath || '/'} ${message}${more}${extra}`;
}
