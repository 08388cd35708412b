/** The published JSON schema of a whole condition (draft 2020-12), made of the kinds. */
import { CONDITION_LIMITS } from './condition.ts';
import { KIND_NAMES, kindNamed } from './kinds.ts';

export const conditionSchema = {
  $id: 'urn:quanyu:condition',
  title: 'Condition',
  description: `The tree that selects profiles: at most ${CONDITION_LIMITS.depth} levels and ${CONDITION_LIMITS.nodes} nodes.`,
  $ref: '#/$defs/condition',
  $defs: {
    condition: {
      type: 'object',
      properties: { kind: { type: 'string' } },
      required: ['kind'],
      discriminator: { propertyName: 'kind' },
      oneOf: KIND_NAMES.map((kind) => ({ $ref: `#/$defs/${kind}` })),
    },
    ...Object.fromEntries(KIND_NAMES.map((kind) => [kind, kindNamed(kind).schema])),
  },
} as const;
