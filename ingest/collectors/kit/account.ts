/** Who a row of the shop is about, by the ladder: scoped platform id > verified phone > the fact's own key (a guest). */
import { readIdentifier } from '../../identifiers/index.ts';
import type { IdentifierType } from '../../identifiers/types.ts';
import type { Identifier, Rejection, SourceAccount } from '../../record.ts';

/** A value of the row that may name the buyer; better rungs stand first. */
export interface Rung {
  readonly type: IdentifierType;
  readonly scope: string;
  readonly given: unknown;
  readonly path: string;
}

export interface Named<Guest> {
  readonly account: SourceAccount | Guest;
  /** All identifiers of the row but the account's own. */
  readonly identifiers: readonly Identifier[];
  readonly rejections: readonly Rejection[];
}

/** Reads every rung; the first good one is the account, and `guest` where none is. The platform vouches for its ids. */
export function nameAccount<Guest extends SourceAccount | null>(rungs: readonly Rung[], guest: Guest): Named<Guest> {
  const identifiers: Identifier[] = [];
  const rejections: Rejection[] = [];
  for (const { given, ...cell } of rungs) {
    if (typeof given !== 'string') continue;
    const read = readIdentifier({ ...cell, given, strength: 'verified' });
    identifiers.push(...read.identifiers);
    rejections.push(...read.rejections);
  }
  const own = identifiers.find(({ strength }) => strength === 'verified');
  return {
    account: own ? { kind: own.type, scope: own.scope, key: own.value } : guest,
    identifiers: identifiers.filter((one) => one !== own),
    rejections,
  };
}
