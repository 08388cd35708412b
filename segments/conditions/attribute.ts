/** trait, tag: an attribute of the profile compared by an operator of its type. */
import type { SqlFragment } from '../../store/index.ts';
import type { Attribute } from '../tags/attribute.ts';
import { CONDITION_LIMITS, type Comparison, type TagIs, type TraitIs } from './condition.ts';
import { type Kind, NO_CHILDREN, type NoteFault } from './kind.ts';
import { checkOperands, OPERATOR_NAMES, OPERATORS } from './operators/index.ts';

/** Operands as the schema can say them; which of them an operator takes depends on the attribute's type. */
const OPERANDS = {
  value: {
    type: ['number', 'string'],
    description: 'What to compare with: a number, fen for money, a text, or a day as yyyy-MM-dd.',
  },
  values: {
    type: 'array',
    items: { type: 'string', minLength: 1, maxLength: CONDITION_LIMITS.text_length },
    minItems: 1,
    maxItems: CONDITION_LIMITS.values,
    description: 'What to look for.',
  },
  from: { type: ['number', 'string'], description: 'Lowest value or first day, included.' },
  to: { type: ['number', 'string'], description: 'Highest value or last day, included.' },
  days: { type: 'integer', minimum: 1, maximum: CONDITION_LIMITS.days, description: 'Days back, today counts.' },
} as const;

export const COMPARISON_PROPERTIES = {
  operator: { enum: OPERATOR_NAMES, description: 'An operator of the type of the value.' },
  ...OPERANDS,
} as const;

interface AttributeKind<C> {
  readonly kind: 'trait' | 'tag';
  readonly attributes: readonly Attribute[];
  id(node: C): string;
  value(attribute: Attribute): SqlFragment;
}

/** A leaf that compares one of `attributes`. */
export function attributeKind<C extends TraitIs | TagIs>(of: AttributeKind<C>): Kind<C> {
  const byId = new Map(of.attributes.map((attribute) => [attribute.id, attribute]));
  const attributeOf = (node: C): Attribute => byId.get(of.id(node))!;
  return {
    ...NO_CHILDREN,
    schema: {
      type: 'object',
      description: `A ${of.kind} of the profile by an operator of its type. A missing value matches is_unknown only.`,
      properties: {
        kind: { const: of.kind },
        [of.kind]: { type: 'string', description: `One of: ${[...byId.keys()].join(', ')}.` },
        ...COMPARISON_PROPERTIES,
      },
      required: ['kind', of.kind, 'operator'],
      additionalProperties: false,
    },
    check(node, fault) {
      const attribute = byId.get(of.id(node));
      if (attribute === undefined) return unknown({ kind: of.kind, id: of.id(node), known: byId.keys(), fault });
      checkOperands(node, { operators: OPERATORS[attribute.type], attribute, fault });
    },
    compile(node, { context }) {
      const attribute = attributeOf(node);
      return operatorOf(node, attribute).compile({ column: of.value(attribute), comparison: node, attribute, context });
    },
    describe(node, { language }) {
      const attribute = attributeOf(node);
      const title = attribute.title[language];
      return operatorOf(node, attribute).describe({ title, comparison: node, attribute, language });
    },
  };
}

const operatorOf = (node: Comparison, attribute: Attribute) => OPERATORS[attribute.type][node.operator]!;

function unknown(of: { kind: string; id: string; known: Iterable<string>; fault: NoteFault }): void {
  const given = of.id.slice(0, 60);
  of.fault(`/${of.kind}`, `there is no ${of.kind} "${given}"; expected one of: ${[...of.known].join(', ')}`);
}
