/** The room of conditions: the tree, its schema, its compiler and its words. */
export { type ConditionFault, readCondition } from './check.ts';
export { compileCondition } from './compile.ts';
export { CONDITION_LIMITS, type Condition } from './condition.ts';
export { describeCondition } from './describe.ts';
export type { CompileContext } from './kind.ts';
export { conditionSchema } from './schema.ts';
