/** What of a group must not be taken in: people who asked to be forgotten do not come back with the next pull. */
import { type Clock, clickhouseInstant } from '../../clock.ts';
import { identifierToken, p, raw, type SqlFragment, sql } from '../../store/index.ts';
import type { Group } from './group.ts';
import { type Engine, identifierTokens, itemIdOf } from './staging.ts';

/**
 * Numbers of the items to leave out: those of forgotten accounts, those that give a forgotten identifier, and those that
 * went with somebody and still are not understood. An account that such an item names is theirs too (a new card with the
 * old phone) and is left out from now on. Call after `nameAccounts`.
 */
export async function leaveOut(engine: Engine & { readonly clock: Clock }, group: Group): Promise<Set<number>> {
  const { store, clock } = engine;
  const rows = await store.rows<{ item_n: number }>(forgottenItems(engine, group));
  if (rows.length === 0) return new Set();
  const items = p(
    'Array(UInt32)',
    rows.map(({ item_n }) => item_n),
  );
  const theirs = sql`SELECT account_kind, account_key FROM staged_records
    WHERE account_kind != '' AND item_n IN (SELECT arrayJoin(${items}))`;
  const since = p("DateTime64(3, 'UTC')", clickhouseInstant(clock.now()));
  await store.run(sql`
    INSERT INTO suppressed (token, kind, request_id, since)
    SELECT account_id, 'account', 'same-identifier', ${since} FROM staged_accounts
    WHERE NOT is_suppressed AND (kind, key) IN (${theirs})`);
  const all = await store.rows<{ item_n: number }>(sql`
    SELECT arrayJoin(${items}) AS item_n
    UNION DISTINCT SELECT item_n FROM staged_records WHERE account_kind != '' AND (account_kind, account_key) IN (${theirs})`);
  return new Set(all.map(({ item_n }) => item_n));
}

function forgottenItems({ vault }: Engine, group: Group): SqlFragment {
  const accountsOwn = identifierToken(vault, { type: raw('kind'), scope: raw('scope'), value: raw('key') });
  return sql`
    SELECT item_n
    FROM (SELECT item_n, arrayJoin(${identifierTokens(vault)}) AS token
          FROM staged_records
          UNION ALL SELECT item_n, ${accountsOwn} FROM staged_accounts)
    WHERE token IN (SELECT token FROM suppressed)
    UNION DISTINCT
    SELECT item_n FROM staged_records
    WHERE account_kind != '' AND (account_kind, account_key) IN (SELECT kind, key FROM staged_accounts WHERE is_suppressed)
    UNION DISTINCT
    SELECT n FROM staged_items
    WHERE n NOT IN (SELECT item_n FROM staged_records)
      AND (${p('String', group.source.id)}, item_kind, ${itemIdOf(vault, group)}) IN
          (SELECT source, item_kind, item_id FROM item_tombstones)`;
}
