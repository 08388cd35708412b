/** Every kind of node: a kind that is in the type and not here does not compile. */
import { channel } from './channel.ts';
import type { Condition, ConditionKind } from './condition.ts';
import { and, not, or } from './group.ts';
import type { Kind } from './kind.ts';
import { purchase } from './purchase.ts';
import { tag } from './tag.ts';
import { trait } from './trait.ts';

const KINDS: { readonly [K in ConditionKind]: Kind<Extract<Condition, { kind: K }>> } = {
  and,
  or,
  not,
  trait,
  tag,
  purchase,
  channel,
};

export const KIND_NAMES = Object.keys(KINDS) as readonly ConditionKind[];

export function kindOf(node: Condition): Kind<Condition> {
  return kindNamed(node.kind);
}

export function kindNamed(kind: ConditionKind): Kind<Condition> {
  return KINDS[kind] as unknown as Kind<Condition>;
}
