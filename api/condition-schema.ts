/** The condition in route schemas: segments/ checks it (with better words), the OpenAPI document shows its published schema. */
import { Type } from 'typebox';
import { type Condition as ConditionTree, conditionSchema } from '../segments/index.ts';

/** Keyword of a schema that stands for a component of the OpenAPI document. Validation lets any value pass there. */
export const COMPONENT = 'x-component';

export const Condition = Type.Unsafe<ConditionTree>({ [COMPONENT]: 'Condition' });

/** A condition as it was kept: it may name what a library no longer has. */
export const KeptCondition = Type.Unsafe<unknown>({ [COMPONENT]: 'Condition' });

const componentOf = (definition: string) => (definition === 'condition' ? 'Condition' : `Condition_${definition}`);

/** The definitions of the published schema, each as a component. */
export function conditionComponents(): Record<string, object> {
  const { description, $defs } = conditionSchema;
  const kinds = Object.keys($defs).filter((name) => name !== 'condition');
  const mapping = Object.fromEntries(kinds.map((kind) => [kind, `#/components/schemas/${componentOf(kind)}`]));
  const entries = Object.entries($defs).map(([name, schema]): [string, object] => {
    const moved = withMovedRefs(schema) as object;
    return [
      componentOf(name),
      name === 'condition' ? { ...moved, description, discriminator: { propertyName: 'kind', mapping } } : moved,
    ];
  });
  return Object.fromEntries(entries);
}

function withMovedRefs(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withMovedRefs);
  if (schema === null || typeof schema !== 'object') return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string'
        ? `#/components/schemas/${componentOf(value.replace('#/$defs/', ''))}`
        : withMovedRefs(value),
    ]),
  );
}
