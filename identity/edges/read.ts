/** Reads the edges of a run from account_records: streamed, ordered by token, as plain integers. */
import { p, raw, type Store, sql } from '../../store/index.ts';
import type { AccountIndex } from '../accounts.ts';
import type { IdentityRules } from '../rules/index.ts';
import { type CollectedEdges, EdgeCollector } from './collect.ts';
import { given, type Scope, within } from './given.ts';
import { EDGE_WORDS } from './group.ts';
import { packed } from './packing.ts';
import { type SlotRow, type Slots, slotsOf } from './slots.ts';
import { eachBatch } from './words.ts';

/** The types and scopes that accounts in `scope` give; `phone` always, since hashes may turn out to be phones. */
export async function readSlots(store: Store, rules: IdentityRules, scope: Scope): Promise<Slots> {
  const rows = await store.rows<SlotRow>(sql`
    SELECT toString(type) AS type, toString(scope) AS scope, toString(cityHash64(type, scope)) AS hash
    FROM (SELECT DISTINCT type, scope FROM account_records ARRAY JOIN id_type AS type, id_scope AS scope
          WHERE ${within(scope)}
          UNION DISTINCT SELECT 'phone', '')
    ORDER BY type, scope`);
  return slotsOf(rows, rules);
}

/** The edges in `scope`, without identifiers that a subquery of tokens says to leave out. */
export async function readEdges(
  store: Store,
  of: {
    rules: IdentityRules;
    slots: Slots;
    blocked: readonly string[];
    scope: Scope;
    without: ReturnType<typeof sql> | null;
    accounts: AccountIndex;
  },
): Promise<CollectedEdges> {
  const { rules, slots } = of;
  const packing = packed({
    slotHashes: slots.rows.map((row) => row.hash),
    strengths: rules.strengths,
    blocked: of.blocked,
  });
  const stream = await store.stream(
    sql`SELECT token, account_ordinal, toUInt32(toUnixTimestamp(seen_at)), toUInt32(bitAnd(record_id, ${p('UInt32', 0xffffffff)})), ${packing}
        FROM ${given(rules, { scope: of.scope, hashes: slots.hasPhoneHashes })}
        WHERE ${of.without === null ? raw('1') : sql`token NOT IN (${of.without})`}
        ORDER BY token, account_ordinal`,
    'RowBinary',
    // Left on, the engine would carry strings through the sort and pack them afterwards: four times the time.
    { settings: { query_plan_execute_functions_after_sorting: 0 } as Record<string, number> },
  );
  const collector = new EdgeCollector(slots, { indexOf: of.accounts.indexOf, accounts: of.accounts.ordinals.length });
  await eachBatch(stream, EDGE_WORDS, (words, rows) => collector.take(words, rows));
  return collector.end();
}
