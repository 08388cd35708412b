/** Condition -> SQL: one UInt8 expression over a row of `profiles`, never NULL, values as typed parameters. */
import type { SqlFragment } from '../../store/index.ts';
import { readCondition } from './check.ts';
import type { Condition } from './condition.ts';
import type { CompileContext } from './kind.ts';
import { kindOf } from './kinds.ts';

/** Compiles whatever was given; what is not a whole, sound condition is condition.invalid, never a missing clause. */
export function compileCondition(input: unknown, context: CompileContext): SqlFragment {
  const compile = (node: Condition): SqlFragment => {
    const kind = kindOf(node);
    const parts = kind.children(node).map((child) => compile(child.node));
    return kind.compile(node, { parts, context });
  };
  return compile(readCondition(input));
}
