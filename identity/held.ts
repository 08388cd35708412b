/** Links that were refused and wait for review: rows of held_links as of a version. */
import { p, type Store, sql } from '../store/index.ts';
import type { AccountIndex } from './accounts.ts';
import type { CollectedEdges } from './edges/collect.ts';
import type { Scope } from './edges/given.ts';
import type { Slots } from './edges/slots.ts';
import { decimalOf } from './edges/words.ts';
import type { Refusal } from './graph/clusters.ts';
import { NONE } from './graph/slot-counts.ts';
import type { Held } from './graph/solve.ts';

/** `account_a` gives the identifier but was refused by the profile that holds it, which `account_b` brought it into. */
export interface HeldLink {
  readonly account_a: number;
  readonly account_b: number;
  /** '' and token 0 for a decision that was refused. */
  readonly id_type: string;
  readonly id_scope: string;
  readonly id_token: string;
  readonly reason: Refusal;
  /** JSON of HeldDetail. */
  readonly detail: string;
}

/** What stood in the way: the type and scope whose limit would be broken, or the size cap. */
export interface HeldDetail {
  readonly type?: string;
  readonly scope?: string;
  readonly limit?: number;
}

/** The held links at `version` that name an account in scope. */
export async function readHeld(store: Store, of: { version: number; scope: Scope }): Promise<HeldLink[]> {
  const inScope = of.scope === 'everyone' ? sql`1` : sql`(account_a IN (${of.scope}) OR account_b IN (${of.scope}))`;
  return store.rows<HeldLink>(sql`
    SELECT account_a, account_b, id_type, id_scope, toString(id_token) AS id_token,
           argMax(held_links.reason, held_links.version) AS reason, argMax(held_links.detail, held_links.version) AS detail
    FROM held_links WHERE held_links.version <= ${p('UInt32', of.version)} AND ${inScope}
    GROUP BY account_a, account_b, id_type, id_scope, id_token
    HAVING argMax(held_links.cleared, held_links.version) = 0`);
}

/** The core's held unions as rows. */
export function heldLinks(
  held: readonly Held[],
  of: { accounts: AccountIndex; edges: CollectedEdges; slots: Slots; maxAccounts: number },
): HeldLink[] {
  const { ordinals } = of.accounts;
  return held.map((one) => {
    const decided = one.identifier === NONE;
    const slot = decided ? undefined : of.slots.rows[of.edges.slots[one.identifier]!];
    return {
      account_a: ordinals[one.account]!,
      account_b: ordinals[one.other]!,
      id_type: slot?.type ?? '',
      id_scope: slot?.scope ?? '',
      id_token: decided ? '0' : decimalOf(of.edges.tokens, one.identifier * 4),
      reason: one.reason,
      detail: JSON.stringify(detailOf(one, of)),
    };
  });
}

function detailOf(one: Held, of: { slots: Slots; maxAccounts: number }): HeldDetail {
  if (one.reason === 'size') return { limit: of.maxAccounts };
  const slot = of.slots.rows[one.slot];
  return slot === undefined ? {} : { type: slot.type, scope: slot.scope, limit: of.slots.limits[one.slot]! };
}

const keyOf = (row: HeldLink) => `${row.account_a} ${row.account_b} ${row.id_token}`;

/** Writes what differs from `before`: new or otherwise refused links, and those that nothing holds any more. */
export async function writeHeld(
  store: Store,
  of: { before: readonly HeldLink[]; now: readonly HeldLink[]; version: number },
): Promise<number> {
  const before = new Map(of.before.map((row) => [keyOf(row), row]));
  const changed = of.now.filter((row) => {
    const same = before.get(keyOf(row));
    return same === undefined || same.reason !== row.reason || same.detail !== row.detail;
  });
  for (const row of of.now) before.delete(keyOf(row));
  const rows = [
    ...changed.map((row) => ({ ...row, cleared: 0, version: of.version })),
    ...[...before.values()].map((row) => ({ ...row, cleared: 1, version: of.version })),
  ];
  await store.insert('held_links', rows);
  return rows.length;
}
