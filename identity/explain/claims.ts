/** What the accounts of one profile give that may have joined them: the edges of its graph, with their evidence. */
import type { IdentifierType } from '../../ingest/identifiers/index.ts';
import { p, publicId, raw, type Store, sql } from '../../store/index.ts';
import { givenAsIs, withPhones } from '../edges/given.ts';
import type { IdentityRules } from '../rules/index.ts';
import { deadAt } from '../statuses.ts';

/** An account of the profile gives an identifier. */
export interface Claim {
  readonly account_id: string;
  readonly source: string;
  /** Type of the identifier that names the account, or `guest`. */
  readonly account_kind: IdentifierType | 'guest';
  readonly type: IdentifierType;
  readonly scope: string;
  readonly token: string;
  readonly strength: 'verified' | 'stated';
  /** 1 = the account's own key. */
  readonly own: 0 | 1;
  /** 1 = given as the hash of a phone that is known. */
  readonly hashed: 0 | 1;
  /** Kinds of record that say so. */
  readonly evidence: number;
  /** When it was first seen, of the records as they are now; an account's own key: when the account was. */
  readonly since: string;
  readonly phone_masked: string;
  readonly email_masked: string;
}

/** Claims of `accounts` (ordinals), without identifiers that join nobody and edges that are held. */
export function readClaims(
  store: Store,
  of: { rules: IdentityRules; accounts: readonly number[]; identityVersion: number },
): Promise<Claim[]> {
  const accounts = sql`SELECT arrayJoin(${p('Array(UInt32)', of.accounts)})`;
  const version = p('UInt32', of.identityVersion);
  return store.rows<Claim>(sql`
    SELECT ${publicId(raw('account.account_id'))} AS account_id, account.source AS source, account.kind AS account_kind,
           given.type AS type, given.scope AS scope, toString(given.token) AS token,
           if(max(given.strength = 'verified'), 'verified', 'stated') AS strength,
           max(given.kind = 'account') AS own, max(given.hashed) AS hashed, uniqExact(given.kind) AS evidence,
           toString(if(max(given.seen_at) = toDateTime64(0, 3, 'UTC'), any(account.given_at), minIf(given.seen_at, given.seen_at != toDateTime64(0, 3, 'UTC')))) AS since, max(masks.phone_masked) AS phone_masked, max(masks.email_masked) AS email_masked
    FROM ${withPhones(givenAsIs(of.rules, accounts))} AS given
    LEFT ANY JOIN (SELECT record_id, phone_masked, email_masked FROM account_records FINAL PREWHERE account_ordinal IN (${accounts})) AS masks
      ON masks.record_id = given.record_id
    INNER JOIN (SELECT account_ordinal, account_id, source, kind, given_at FROM accounts FINAL WHERE account_ordinal IN (${accounts})) AS account
      ON account.account_ordinal = given.account_ordinal
    WHERE given.token NOT IN (SELECT id_token FROM ${deadAt(of.identityVersion)})
      AND (given.account_ordinal, given.token) NOT IN (
        SELECT account_a, id_token FROM held_links WHERE held_links.version <= ${version} AND account_a IN (${accounts})
        GROUP BY account_a, id_token HAVING argMax(cleared, held_links.version) = 0)
    GROUP BY account_id, source, account_kind, type, scope, token`);
}
