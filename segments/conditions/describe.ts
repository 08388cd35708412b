/** Condition -> one sentence. */
import type { Language } from '../words.ts';
import { readCondition } from './check.ts';
import type { Condition } from './condition.ts';
import { kindOf } from './kinds.ts';

/** The condition in words, as a marketer would say it. Throws condition.invalid as the compiler does. */
export function describeCondition(input: unknown, language: Language): string {
  const describe = (node: Condition): string => {
    const kind = kindOf(node);
    return kind.describe(node, { parts: kind.children(node).map((child) => describe(child.node)), language });
  };
  return describe(readCondition(input));
}
