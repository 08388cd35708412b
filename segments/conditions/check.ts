/** Reads a condition from outside: limits first, then the schema, then what each kind checks; all faults with their paths. */
import type { ErrorObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { QuanyuError } from '../../errors.ts';
import { CONDITION_LIMITS, type Condition } from './condition.ts';
import { kindOf } from './kinds.ts';
import { conditionSchema } from './schema.ts';

/** `path` is a JSON pointer into the tree. */
export interface ConditionFault {
  readonly path: string;
  readonly problem: string;
}

const FAULTS_TOLD = 20;

const validate = new Ajv2020({ allErrors: true, discriminator: true, strict: true, allowUnionTypes: true }).compile(
  conditionSchema,
);

/** The condition, or condition.invalid with `details.faults`. Nothing that cannot be compiled passes. */
export function readCondition(input: unknown): Condition {
  const faults = faultsOf(input);
  if (faults.length === 0) return input as Condition;
  const [first] = faults as [ConditionFault, ...ConditionFault[]];
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  throw new QuanyuError(
    'condition.invalid',
    `The condition cannot be used: at ${first.path || 'its root'}, ${first.problem}${more}. Nothing was counted or saved.`,
    { faults: faults.slice(0, FAULTS_TOLD) },
  );
}

function faultsOf(input: unknown): ConditionFault[] {
  const tooLarge = sizeFault(input);
  if (tooLarge !== null) return [tooLarge];
  if (!validate(input)) return schemaFaults(validate.errors ?? []);
  const faults: ConditionFault[] = [];
  const walk = (node: Condition, path: string): void => {
    const kind = kindOf(node);
    kind.check(node, (below, problem) => faults.push({ path: path + below, problem }));
    for (const child of kind.children(node)) walk(child.node, path + child.path);
  };
  walk(input as Condition, '');
  return faults;
}

/** Depth and number of nodes, counted without recursion, before anything recursive looks at the tree. */
function sizeFault(input: unknown): ConditionFault | null {
  const left: { node: unknown; path: string; depth: number }[] = [{ node: input, path: '', depth: 1 }];
  let nodes = 0;
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { node, path, depth } = next;
    if (depth > CONDITION_LIMITS.depth)
      return { path, problem: `the tree is deeper than ${CONDITION_LIMITS.depth} levels` };
    if (++nodes > CONDITION_LIMITS.nodes)
      return { path, problem: `the tree has more than ${CONDITION_LIMITS.nodes} nodes` };
    const of = (node as { of?: unknown } | null)?.of;
    if (Array.isArray(of))
      for (const [place, child] of of.entries())
        left.push({ node: child, path: `${path}/of/${place}`, depth: depth + 1 });
    else if (typeof of === 'object' && of !== null) left.push({ node: of, path: `${path}/of`, depth: depth + 1 });
  }
  return null;
}

/** The schema's faults, without those that only say that some branch did not fit. */
function schemaFaults(errors: readonly ErrorObject[]): ConditionFault[] {
  return errors
    .filter((error) => !['oneOf', '$ref', 'if'].includes(error.keyword))
    .map((error) => ({ path: error.instancePath, problem: wordsFor(error) }));
}

function wordsFor({ keyword, params, message }: ErrorObject): string {
  const allowed = (params as { allowedValues?: unknown[] }).allowedValues;
  const property = (params as { additionalProperty?: string }).additionalProperty;
  if (keyword === 'enum' && allowed !== undefined) return `expected one of: ${allowed.join(', ')}`;
  if (keyword === 'additionalProperties') return `"${property?.slice(0, 60)}" is not known here`;
  if (keyword === 'minItems') return 'is empty; expected at least one';
  if (keyword === 'discriminator') return 'expected an object with a known "kind"';
  return message ?? 'is not as the schema says';
}
