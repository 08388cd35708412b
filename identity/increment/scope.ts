/** Which accounts an increment must solve again: the table resolve_scope, filled step by step inside ClickHouse. */
import { p, raw, type SqlFragment, type Store, sql } from '../../store/index.ts';
import { NONE } from '../graph/slot-counts.ts';

export const SCOPE: SqlFragment = raw('SELECT account_ordinal FROM resolve_scope');
export const TOUCHED: SqlFragment = raw('SELECT id_token FROM resolve_touched');

interface Since {
  /** The published identity version. */
  readonly version: number;
  /** Commits up to this one were resolved. */
  readonly resolvedTo: number;
}

export async function clearScope(store: Store): Promise<void> {
  await Promise.all([store.run(raw('TRUNCATE TABLE resolve_scope')), store.run(raw('TRUNCATE TABLE resolve_touched'))]);
}

/**
 * Accounts of which anything was written since (tombstones too), those that gave the hash of a phone that became known,
 * new ones, those that are gone, and those that a steward ever decided about. Returns whether any is gone.
 */
export async function scopeChanged(store: Store, since: Since): Promise<{ gone: boolean }> {
  const after = p('UInt64', since.resolvedTo);
  const linked = sql`(SELECT groupBitmapState(account_ordinal) FROM identity_links WHERE version <= ${p('UInt32', since.version)})`;
  const known = raw('(SELECT groupBitmapState(account_ordinal) FROM accounts)');
  const left = sql`(SELECT groupBitmapState(account_ordinal) FROM identity_links
    WHERE version <= ${p('UInt32', since.version)} AND profile_ordinal = ${p('UInt32', NONE)})`;
  const gone = sql`bitmapAndnot(bitmapAndnot(${linked}, ${known}), ${left})`;
  const [lost] = await store.rows<{ count: number }>(sql`SELECT bitmapCardinality(${gone}) AS count`);
  await store.run(sql`
    INSERT INTO resolve_scope
    SELECT DISTINCT account_ordinal FROM (
      SELECT account_ordinal FROM account_records WHERE commit_seq > ${after}
      UNION ALL
      SELECT account_ordinal FROM identifier_index
      WHERE token IN (SELECT hash_token FROM phone_hashes WHERE commit_seq > ${after})
      UNION ALL
      SELECT account_ordinal FROM accounts
      WHERE account_id IN (SELECT arrayJoin([account_a, account_b]) FROM decisions)
      UNION ALL
      SELECT arrayJoin(bitmapToArray(bitmapAndnot(${known}, ${linked}))) AS account_ordinal
      UNION ALL
      SELECT arrayJoin(bitmapToArray(${gone})) AS account_ordinal)`);
  return { gone: (lost?.count ?? 0) > 0 };
}

/** Every account of each touched identifier that is live now (at `now`) or was at `version`. */
export async function scopeNeighbours(
  store: Store,
  of: { deadBefore: SqlFragment; deadNow: SqlFragment },
): Promise<void> {
  await store.run(sql`
    INSERT INTO resolve_scope
    SELECT DISTINCT account_ordinal FROM identifier_index
    WHERE token IN (${TOUCHED})
      AND NOT (token IN (SELECT id_token FROM ${of.deadBefore}) AND token IN (SELECT id_token FROM ${of.deadNow}))
      AND account_ordinal NOT IN (${SCOPE})`);
}

/** Every account of the raw components, as published, that the accounts so far were in. */
export async function scopeComponents(store: Store, version: number): Promise<void> {
  const before = p('UInt32', version);
  const current = (accounts: SqlFragment) => sql`
    SELECT account_ordinal, argMax(identity_links.component_ordinal, identity_links.version) AS component
    FROM identity_links WHERE identity_links.version <= ${before} AND account_ordinal IN (${accounts})
    GROUP BY account_ordinal`;
  const components = sql`SELECT component FROM (${current(SCOPE)})`;
  const ever = sql`SELECT account_ordinal FROM identity_links
    WHERE identity_links.version <= ${before} AND component_ordinal IN (${components})`;
  await store.run(sql`
    INSERT INTO resolve_scope
    SELECT account_ordinal FROM (${current(ever)})
    WHERE component IN (${components}) AND account_ordinal NOT IN (${SCOPE})`);
}
