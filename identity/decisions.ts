/** Stewards' decisions as the resolver needs them: pairs of accounts that are one, or are not, in canonical order. */
import { p, type Store, sql } from '../store/index.ts';
import type { AccountIndex } from './accounts.ts';
import { NONE } from './graph/slot-counts.ts';

export interface DecidedPairs {
  readonly together: readonly (readonly [number, number])[];
  readonly apart: readonly (readonly [number, number])[];
}

interface Row {
  readonly verdict: 'one' | 'not';
  readonly a: string;
  readonly b: string;
}

/** The decisions in force between accounts of this run, by their indices. */
export async function readDecisions(store: Store, accounts: AccountIndex): Promise<DecidedPairs> {
  const rows = await store.rows<Row>(sql`
    SELECT verdict, toString(account_a) AS a, toString(account_b) AS b
    FROM decisions FINAL WHERE withdrawn = 0 ORDER BY decided_at, decision_id`);
  if (rows.length === 0) return { together: [], apart: [] };
  const ids = [...new Set(rows.flatMap((row) => [row.a, row.b]))];
  const known = await store.rows<{ id: string; ordinal: number }>(sql`
    SELECT toString(account_id) AS id, account_ordinal AS ordinal
    FROM accounts WHERE account_id IN ${p('Array(UInt128)', ids.map(BigInt))}`);
  const ordinalOf = new Map(known.map((row) => [row.id, row.ordinal]));
  const indexOf = (id: string) => accounts.indexOf[ordinalOf.get(id) ?? NONE] ?? NONE;
  const pairs = (verdict: Row['verdict']) =>
    rows
      .filter((row) => row.verdict === verdict)
      .map((row) => [indexOf(row.a), indexOf(row.b)] as const)
      .filter(([a, b]) => a !== NONE && b !== NONE && a !== b);
  return { together: pairs('one'), apart: pairs('not') };
}
