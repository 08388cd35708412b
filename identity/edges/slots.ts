/** The slots of one run: every (type, scope) among the identifiers, numbered, with what the rules allow in it. */

import { QuanyuError } from '../../errors.ts';
import { IDENTIFIER_TYPES, type IdentifierType } from '../../ingest/identifiers/index.ts';
import type { SlotLimits } from '../graph/slot-counts.ts';
import { type IdentityRules, PHONE_HASH_TYPES } from '../rules/index.ts';
import { SLOTS_MAX } from './packing.ts';

export interface SlotRow {
  readonly type: string;
  readonly scope: string;
  /** cityHash64(type, scope), by which SQL finds the slot's number. */
  readonly hash: string;
}

export interface Slots extends SlotLimits {
  readonly rows: readonly SlotRow[];
  /** Accounts that an identifier of the slot may join. */
  readonly sharedAbove: Uint32Array;
  /** Rank of an edge by its type and strength: `ranks[slot * strengths + strength]`, lower enters first. */
  readonly ranks: Uint8Array;
  readonly strengths: number;
  readonly hasPhoneHashes: boolean;
}

/** Ranks: 0 = an exclusive identifier; then by strength, then by type. */
const RANKS_PER_STRENGTH = 100;

export function slotsOf(rows: readonly SlotRow[], rules: IdentityRules): Slots {
  if (rows.length > SLOTS_MAX)
    throw new QuanyuError(
      'identity.too-many-scopes',
      `The identifiers have ${rows.length} different types and scopes; at most ${SLOTS_MAX} are expected. A scope is a shop, an app, a source: look for a mapping that puts a person's own value there.`,
      { scopes: rows.length },
    );
  const strengths = rules.strengths.length;
  const slots: Slots = {
    rows,
    limits: new Uint32Array(rows.length),
    exclusive: new Uint8Array(rows.length),
    sharedAbove: new Uint32Array(rows.length),
    ranks: new Uint8Array(rows.length * strengths),
    strengths,
    hasPhoneHashes: rows.some((row) => PHONE_HASH_TYPES.includes(row.type as IdentifierType)),
  };
  rows.forEach(({ type }, slot) => {
    if (!IDENTIFIER_TYPES.includes(type as IdentifierType)) return;
    const rule = rules.types[type as IdentifierType];
    slots.limits[slot] = rule.exclusive ? 1 : (rule.limit ?? 0);
    slots.exclusive[slot] = rule.exclusive ? 1 : 0;
    slots.sharedAbove[slot] = rule.shared_above;
    for (let strength = 0; strength < strengths; strength++)
      slots.ranks[slot * strengths + strength] = rule.exclusive ? 0 : strength * RANKS_PER_STRENGTH + rule.priority;
  });
  return slots;
}
