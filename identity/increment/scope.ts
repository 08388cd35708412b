/** Which accounts an increment must solve again: the table resolve_scope, filled step by step inside ClickHouse. */
import { p, raw, type SqlFragment, type Store, sql } from '../../store/index.ts';
import { givenAsIs } from '../edges/given.ts';
import { NONE } from '../graph/slot-counts.ts';
import type { IdentityRules } from '../rules/index.ts';

export const SCOPE: SqlFragment = raw('SELECT account_ordinal FROM resolve_scope');

/** What the accounts give of which `fillGiven` was last asked. */
export const GIVEN: SqlFragment = raw('resolve_given');

const SCRATCH = ['resolve_scope', 'resolve_components', 'resolve_touched', 'resolve_holders', 'resolve_given'];

export async function clearScratch(store: Store): Promise<void> {
  await Promise.all(SCRATCH.map((table) => store.run(raw(`TRUNCATE TABLE ${table}`))));
}

/**
 * Accounts of which anything was written after commit `resolvedTo` (tombstones too), those that gave the hash of a phone
 * that became known, those that a steward ever decided about, new ones, and those that are gone since `version`.
 * Returns whether any is gone.
 */
export async function scopeChanged(
  store: Store,
  since: { version: number; resolvedTo: number },
): Promise<{ gone: boolean }> {
  const after = p('UInt64', since.resolvedTo);
  const linked = sql`SELECT groupBitmapState(account_ordinal) FROM identity_links WHERE version <= ${p('UInt32', since.version)}`;
  await Promise.all([
    store.run(sql`
      INSERT INTO resolve_scope
      SELECT DISTINCT account_ordinal, 0 FROM (
        SELECT account_ordinal FROM account_records WHERE commit_seq > ${after}
        UNION ALL
        SELECT account_ordinal FROM identifier_index
        WHERE token IN (SELECT hash_token FROM phone_hashes WHERE commit_seq > ${after})
        UNION ALL
        SELECT account_ordinal FROM accounts
        WHERE account_id IN (SELECT arrayJoin([account_a, account_b]) FROM decisions))`),
    store.run(sql`
      INSERT INTO resolve_scope
      WITH (SELECT groupBitmapState(account_ordinal) FROM accounts) AS known,
           (${linked}) AS linked,
           (${linked} AND profile_ordinal = ${p('UInt32', NONE)}) AS gone_before
      SELECT arrayJoin(bitmapToArray(bitmapXor(known, bitmapAndnot(linked, gone_before)))) AS account_ordinal,
             bitmapContains(linked, account_ordinal)`),
  ]);
  const [row] = await store.rows<{ gone: number }>(sql`SELECT max(gone) AS gone FROM resolve_scope`);
  return { gone: row?.gone === 1 };
}

/** Every account of the raw components, as of `version`, that the accounts so far were in. */
export async function scopeComponents(store: Store, version: number): Promise<void> {
  const before = p('UInt32', version);
  const current = (accounts: SqlFragment) => sql`
    SELECT account_ordinal, argMax(identity_links.component_ordinal, identity_links.version) AS component
    FROM identity_links WHERE identity_links.version <= ${before} AND account_ordinal IN (${accounts})
    GROUP BY account_ordinal`;
  await store.run(sql`INSERT INTO resolve_components SELECT DISTINCT component FROM (${current(SCOPE)})`);
  const components = sql`SELECT component_ordinal FROM resolve_components WHERE component_ordinal != ${p('UInt32', NONE)}`;
  const ever = sql`SELECT account_ordinal FROM identity_links
    WHERE identity_links.version <= ${before} AND component_ordinal IN (${components})`;
  await store.run(sql`
    INSERT INTO resolve_scope
    SELECT account_ordinal, 0 FROM (${current(ever)})
    WHERE component IN (${components}) AND account_ordinal NOT IN (${SCOPE})`);
}

/** Puts what the accounts of a subquery give into resolve_given, in place of what was there. */
export async function fillGiven(store: Store, rules: IdentityRules, accounts: SqlFragment): Promise<void> {
  await store.run(raw('TRUNCATE TABLE resolve_given'));
  await store.run(sql`INSERT INTO resolve_given SELECT * FROM ${givenAsIs(rules, accounts)}`);
}
