/** Reads the edges of a run: streamed, ordered by token, as plain integers. */
import { p, type SqlFragment, type Store, sql } from '../../store/index.ts';
import type { AccountIndex } from '../accounts.ts';
import type { IdentityRules } from '../rules/index.ts';
import { type CollectedEdges, EdgeCollector } from './collect.ts';
import { EDGE_WORDS } from './group.ts';
import { packed } from './packing.ts';
import { type SlotRow, type Slots, slotsOf } from './slots.ts';
import { eachBatch } from './words.ts';

/** The types and scopes among rows (type, scope) of `from`; `phone` always, since hashes may turn out to be phones. */
export async function readSlots(store: Store, rules: IdentityRules, from: SqlFragment): Promise<Slots> {
  const rows = await store.rows<SlotRow>(sql`
    SELECT toString(type) AS type, toString(scope) AS scope, toString(cityHash64(type, scope)) AS hash
    FROM (SELECT DISTINCT type, scope FROM ${from} UNION DISTINCT SELECT 'phone', '')
    ORDER BY type, scope`);
  return slotsOf(rows, rules);
}

/** The edges that rows of `given` (edges/given.ts) make between `accounts`. */
export async function readEdges(
  store: Store,
  of: {
    rules: IdentityRules;
    slots: Slots;
    blocked: readonly string[];
    given: SqlFragment;
    accounts: AccountIndex;
  },
): Promise<CollectedEdges> {
  const packing = packed({
    slotHashes: of.slots.rows.map((row) => row.hash),
    strengths: of.rules.strengths,
    blocked: of.blocked,
  });
  const stream = await store.stream(
    sql`SELECT token, account_ordinal, toUInt32(toUnixTimestamp(seen_at)), toUInt32(bitAnd(record_id, ${p('UInt32', 0xffffffff)})), ${packing}
        FROM ${of.given} ORDER BY token, account_ordinal`,
    'RowBinary',
    // Left on, the engine would carry strings through the sort and pack them afterwards: four times the time.
    { settings: { query_plan_execute_functions_after_sorting: 0 } as Record<string, number> },
  );
  const { indexOf, ordinals } = of.accounts;
  const collector = new EdgeCollector(of.slots, { indexOf, accounts: ordinals.length });
  await eachBatch(stream, EDGE_WORDS, (words, rows) => collector.take(words, rows));
  return collector.end();
}
