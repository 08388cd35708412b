/** and, or, not: the nodes that hold others. */
import { join, sql } from '../../store/index.ts';
import type { And, Not, Or } from './condition.ts';
import type { Kind } from './kind.ts';

const NODE = { $ref: '#/$defs/condition' };

function listSchema(kind: 'and' | 'or', description: string): object {
  return {
    type: 'object',
    description,
    properties: { kind: { const: kind }, of: { type: 'array', items: NODE, minItems: 1 } },
    required: ['kind', 'of'],
    additionalProperties: false,
  };
}

const childrenOf = (node: And | Or) => node.of.map((child, place) => ({ path: `/of/${place}`, node: child }));

export const and: Kind<And> = {
  schema: listSchema('and', 'Profiles that match all of these.'),
  children: childrenOf,
  check: () => undefined,
  compile: (_, { parts }) => sql`(${join(parts, ' AND ')})`,
  describe: (_, { parts, language }) => together(parts, language === 'zh' ? ' 且 ' : ' and '),
};

export const or: Kind<Or> = {
  schema: listSchema('or', 'Profiles that match at least one of these.'),
  children: childrenOf,
  check: () => undefined,
  compile: (_, { parts }) => sql`(${join(parts, ' OR ')})`,
  describe: (_, { parts, language }) => together(parts, language === 'zh' ? ' 或 ' : ' or '),
};

export const not: Kind<Not> = {
  schema: {
    type: 'object',
    description: 'All profiles that do not match this.',
    properties: { kind: { const: 'not' }, of: NODE },
    required: ['kind', 'of'],
    additionalProperties: false,
  },
  children: (node) => [{ path: '/of', node: node.of }],
  check: () => undefined,
  compile: (_, { parts: [part] }) => sql`(NOT ${part!})`,
  describe: (_, { parts: [part], language }) => (language === 'zh' ? `不满足（${part}）` : `not (${part})`),
};

function together(parts: readonly string[], between: string): string {
  return parts.length === 1 ? parts[0]! : `(${parts.join(between)})`;
}
