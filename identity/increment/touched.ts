/**
 * Identifiers whose status an increment may change, and their statuses now. They are counted inside ClickHouse: the index
 * by token holds every account that ever gave an identifier, so a count there that is within the limit needs no second
 * look; only what may be shared is counted exactly, and of a crowd only as many as prove it.
 */
import { p, raw, type SqlFragment, type Store, sql } from '../../store/index.ts';
import { given } from '../edges/given.ts';
import { type IdentityRules, joiningTypes } from '../rules/index.ts';
import { deadAt, type StatusRow } from '../statuses.ts';
import { SCOPE, TOUCHED } from './scope.ts';

export interface TouchedOptions {
  readonly rules: IdentityRules;
  readonly blocked: readonly string[];
  /** The published identity version. */
  readonly version: number;
  /** Whether accounts in scope give hashes of phones. */
  readonly hashes: boolean;
  /** Whether accounts are gone: what they gave is gone too, so every identifier that is not live is counted again. */
  readonly gone: boolean;
}

/** Accounts of one identifier that are looked at exactly before all are. */
const SAMPLE = 1_000;

/** Fills resolve_touched: what the accounts in scope give now, and dead identifiers that they may have given before. */
export async function touch(store: Store, of: TouchedOptions): Promise<void> {
  const dead = deadAt(of.version);
  const formerly = of.gone
    ? raw('1')
    : sql`status = 'blocked' OR id_token IN (
        SELECT token FROM identifier_index
        WHERE token IN (SELECT id_token FROM ${dead}) AND account_ordinal IN (${SCOPE}))`;
  await store.run(sql`
    INSERT INTO resolve_touched
    SELECT id_token, max(id_type) FROM (
      SELECT token AS id_token, toString(type) AS id_type FROM ${given(of.rules, { scope: SCOPE, hashes: of.hashes })}
      UNION ALL
      SELECT id_token, toString(id_type) FROM ${dead} WHERE ${formerly}
      UNION ALL
      SELECT DISTINCT token, '' FROM identifier_index WHERE token IN ${blockedTokens(of)})
    GROUP BY id_token`);
}

/** Touched identifiers that join nobody now, and those that joined nobody before. */
export async function touchedStatuses(
  store: Store,
  of: TouchedOptions,
): Promise<{ before: StatusRow[]; now: StatusRow[] }> {
  const before = await store.rows<StatusRow>(sql`
    SELECT toString(id_token) AS id_token, id_type, status, 0 AS accounts
    FROM ${deadAt(of.version)} WHERE id_token IN (${TOUCHED})`);
  const doubtful = await doubtfulTokens(store, of);
  const counts = await exactCounts(store, of, { tokens: [...doubtful.keys()], sample: SAMPLE });
  const unproven = counts.filter((row) => !isShared(of, row) && (doubtful.get(row.id_token) ?? 0) > SAMPLE);
  const recounted = await exactCounts(store, of, { tokens: unproven.map((row) => row.id_token), sample: null });
  const exact = new Map([...counts, ...recounted].map((row) => [row.id_token, row]));
  const blocked = new Set(of.blocked);
  const now = [...exact.values()].flatMap((row): StatusRow[] => {
    if (blocked.has(row.id_token)) return [{ ...row, status: 'blocked' }];
    if (!isShared(of, row)) return [];
    return [{ ...row, status: 'shared', accounts: Math.max(row.accounts, doubtful.get(row.id_token) ?? 0) }];
  });
  return { before, now };
}

type Counted = Omit<StatusRow, 'status'>;

function isShared(of: TouchedOptions, row: Counted): boolean {
  return row.accounts > of.rules.types[row.id_type as keyof IdentityRules['types']].shared_above;
}

/** Touched tokens that more accounts than allowed may give, with how many ever gave them; and blocked ones. */
async function doubtfulTokens(store: Store, of: TouchedOptions): Promise<Map<string, number>> {
  const types = joiningTypes(of.rules);
  const limits = p(
    'Array(UInt64)',
    types.map((type) => of.rules.types[type].shared_above),
  );
  const rows = await store.rows<{ token: string; accounts: number }>(sql`
    SELECT toString(token) AS token, uniqExact(account_ordinal) AS accounts
    FROM identifier_index INNER JOIN resolve_touched ON identifier_index.token = resolve_touched.id_token
    WHERE token IN (${TOUCHED})
    GROUP BY token
    HAVING accounts > transform(any(id_type), ${p('Array(String)', types)}, ${limits}, toUInt64(0))
      OR token IN ${blockedTokens(of)}`);
  return new Map(rows.map((row) => [row.token, row.accounts]));
}

/** How many accounts give each token now; of each at most `sample` of those that ever did are looked at. */
async function exactCounts(
  store: Store,
  of: TouchedOptions,
  { tokens, sample }: { tokens: readonly string[]; sample: number | null },
): Promise<Counted[]> {
  if (tokens.length === 0) return [];
  const these = p('Array(UInt128)', tokens.map(BigInt));
  const limit = sample === null ? raw('') : sql`LIMIT ${p('UInt32', sample)} BY token`;
  const scope = sql`SELECT account_ordinal FROM identifier_index WHERE token IN ${these} ${limit}`;
  return store.rows<Counted>(sql`
    SELECT toString(token) AS id_token, toString(any(type)) AS id_type, uniqExact(account_ordinal) AS accounts
    FROM ${given(of.rules, { scope, hashes: true })} WHERE token IN ${these} GROUP BY token`);
}

function blockedTokens(of: TouchedOptions): SqlFragment {
  return sql`${p('Array(UInt128)', of.blocked.map(BigInt))}`;
}
