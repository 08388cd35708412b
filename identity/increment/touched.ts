/**
 * Identifiers whose status an increment may change, and their statuses now. They are counted inside ClickHouse: the index
 * by token holds every account that ever gave an identifier, so a count there that is within the limit needs no second
 * look; only what may be shared is counted exactly, and of a crowd only as many as prove it.
 */
import { p, raw, type SqlFragment, type Store, sql } from '../../store/index.ts';
import { withPhones } from '../edges/given.ts';
import { type IdentityRules, joiningTypes } from '../rules/index.ts';
import { deadAt, type StatusRow } from '../statuses.ts';
import { fillGiven, GIVEN, SCOPE } from './scope.ts';

export interface TouchedOptions {
  readonly rules: IdentityRules;
  readonly blocked: readonly string[];
  /** The published identity version. */
  readonly version: number;
  /** Rows of edges/given.ts of the changed accounts. */
  readonly given: SqlFragment;
  /** Whether accounts are gone: what they gave is gone too, so every identifier that is not live is counted again. */
  readonly gone: boolean;
}

export interface TouchedStatuses {
  /** Touched identifiers that joined nobody before. */
  readonly before: readonly StatusRow[];
  /** Touched identifiers that join nobody now. */
  readonly now: readonly StatusRow[];
  /** Touched identifiers of which resolve_holders may not hold everybody who ever gave them. */
  readonly crowded: readonly string[];
}

const TOUCHED = raw('SELECT id_token FROM resolve_touched');
/** Accounts of a crowded identifier that are looked at before everybody is: more than a phone may join. */
const SAMPLE = 24;

/** Fills resolve_touched and resolve_holders, and counts; leaves resolve_given with something else in it. */
export async function touch(store: Store, of: TouchedOptions): Promise<TouchedStatuses> {
  await fillTouched(store, of);
  const most = Math.max(...joiningTypes(of.rules).map((type) => of.rules.types[type].shared_above));
  await store.run(sql`
    INSERT INTO resolve_holders
    SELECT token, account_ordinal FROM identifier_index WHERE token IN (${TOUCHED})
    LIMIT ${p('UInt64', most + 1)} BY token`);
  const formerly = store.rows<StatusRow>(sql`
    SELECT toString(id_token) AS id_token, id_type, status, 0 AS accounts
    FROM ${deadAt(of.version)} WHERE id_token IN (${TOUCHED})`);
  formerly.catch(() => undefined); // thrown where it is waited for
  const crowded = await crowdedTokens(store, of);
  const sampled = await exactCounts(store, of, {
    tokens: crowded,
    holders: sql`SELECT account_ordinal FROM resolve_holders WHERE token IN ${these(crowded)} LIMIT ${p('UInt32', SAMPLE)} BY token`,
  });
  const proven = new Set(sampled.filter((row) => isShared(of, row)).map((row) => row.id_token));
  const unproven = crowded.filter((token) => !proven.has(token));
  const counted = await exactCounts(store, of, {
    tokens: unproven,
    holders: sql`SELECT account_ordinal FROM identifier_index WHERE token IN ${these(unproven)}`,
  });
  const blocked = new Set(of.blocked);
  const dead = [...sampled.filter((row) => proven.has(row.id_token)), ...counted].flatMap((row): StatusRow[] => {
    if (blocked.has(row.id_token)) return [{ ...row, status: 'blocked' }];
    return isShared(of, row) ? [{ ...row, status: 'shared' }] : [];
  });
  const before = await formerly;
  return { before, now: await withCounts(store, { dead, before }), crowded };
}

/** Adds every account of each touched identifier that is live now or was before: `dead` were not and are not. */
export async function scopeNeighbours(
  store: Store,
  of: { dead: readonly string[]; crowded: readonly string[] },
): Promise<void> {
  const dead = new Set(of.dead);
  const crowded = of.crowded.filter((token) => !dead.has(token));
  await store.run(sql`
    INSERT INTO resolve_scope
    SELECT DISTINCT account_ordinal, 0 FROM (
      SELECT account_ordinal FROM resolve_holders WHERE token NOT IN ${these(of.dead)}
      UNION ALL
      SELECT account_ordinal FROM identifier_index WHERE token IN ${these(crowded)})
    WHERE account_ordinal NOT IN (${SCOPE})`);
}

/** What the changed accounts give now, dead identifiers that they may have given before, and whatever is blocked. */
async function fillTouched(store: Store, of: TouchedOptions): Promise<void> {
  const dead = deadAt(of.version);
  const formerly = of.gone
    ? raw('1')
    : sql`status = 'blocked' OR id_token IN (
        SELECT token FROM identifier_index
        WHERE token IN (SELECT id_token FROM ${dead}) AND account_ordinal IN (${SCOPE}))`;
  await store.run(sql`
    INSERT INTO resolve_touched
    SELECT id_token, max(id_type) FROM (
      SELECT token AS id_token, toString(type) AS id_type FROM ${of.given}
      UNION ALL
      SELECT id_token, toString(id_type) FROM ${dead} WHERE ${formerly}
      UNION ALL
      SELECT DISTINCT token, '' FROM identifier_index WHERE token IN ${these(of.blocked)})
    GROUP BY id_token`);
}

type Counted = Omit<StatusRow, 'status'>;

function isShared(of: TouchedOptions, row: Counted): boolean {
  return row.accounts > of.rules.types[row.id_type as keyof IdentityRules['types']].shared_above;
}

/** Touched tokens that more accounts than allowed may give, and blocked ones. */
async function crowdedTokens(store: Store, of: TouchedOptions): Promise<string[]> {
  const types = joiningTypes(of.rules);
  const limits = types.map((type) => of.rules.types[type].shared_above);
  const rows = await store.rows<{ token: string }>(sql`
    SELECT toString(holders.token) AS token
    FROM (SELECT token, count() AS accounts FROM resolve_holders GROUP BY token) AS holders
    INNER JOIN resolve_touched ON holders.token = resolve_touched.id_token
    WHERE accounts > transform(id_type, ${p('Array(String)', types)}, ${p('Array(UInt64)', limits)}, toUInt64(0))
      OR holders.token IN ${these(of.blocked)}`);
  return rows.map((row) => row.token);
}

/** How many of the holders give each token now. */
async function exactCounts(
  store: Store,
  of: TouchedOptions,
  { tokens, holders }: { tokens: readonly string[]; holders: SqlFragment },
): Promise<Counted[]> {
  if (tokens.length === 0) return [];
  await fillGiven(store, of.rules, holders);
  return store.rows<Counted>(sql`
    SELECT toString(token) AS id_token, toString(any(type)) AS id_type, uniqExact(account_ordinal) AS accounts
    FROM ${withPhones(GIVEN)} WHERE token IN ${these(tokens)} GROUP BY token`);
}

/** Tells of identifiers that are dead anew about how many give them; of the others nothing is written. */
async function withCounts(
  store: Store,
  of: { dead: readonly StatusRow[]; before: readonly StatusRow[] },
): Promise<StatusRow[]> {
  const known = new Set(of.before.map((row) => row.id_token));
  const fresh = of.dead.map((row) => row.id_token).filter((token) => !known.has(token));
  if (fresh.length === 0) return [...of.dead];
  const rows = await store.rows<{ token: string; accounts: number }>(sql`
    SELECT toString(token) AS token, uniqExact(account_ordinal) AS accounts
    FROM identifier_index WHERE token IN ${these(fresh)} GROUP BY token`);
  const counts = new Map(rows.map((row) => [row.token, row.accounts]));
  return of.dead.map((row) => ({ ...row, accounts: counts.get(row.id_token) ?? row.accounts }));
}

function these(tokens: readonly string[]): SqlFragment {
  return sql`${p('Array(UInt128)', tokens.map(BigInt))}`;
}
