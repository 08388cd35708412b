/** The SQL of what accounts give: one row per account, identifier and record, only what may join under the rules. */
import { p, raw, type SqlFragment, sql } from '../../store/index.ts';
import { type IdentityRules, joiningTypes, PHONE_HASH_TYPES } from '../rules/index.ts';

/** Rows of tables with an account_ordinal that count: a subquery of ordinals, or every account. */
export type Scope = SqlFragment | 'everyone';

export function within(scope: Scope): SqlFragment {
  return scope === 'everyone' ? raw('1') : sql`account_ordinal IN (${scope})`;
}

/** account_ordinal, token, type, scope, strength, kind, seen_at, record_id of live records; tokens as they were given. */
export function givenAsIs(rules: IdentityRules, scope: Scope): SqlFragment {
  return sql`(
    SELECT account_ordinal, token, type, scope, strength, kind, seen_at, record_id
    FROM (SELECT account_ordinal, kind, seen_at, record_id, id_type, id_scope, id_token, id_strength
          FROM account_records FINAL PREWHERE ${within(scope)})
    ARRAY JOIN id_token AS token, id_type AS type, id_scope AS scope, id_strength AS strength
    WHERE strength IN ${p('Array(String)', rules.strengths)} AND type IN ${p('Array(String)', joiningTypes(rules))})`;
}

/** hash_token, phone_token: the phones that are known for the hashes among rows of `givenAsIs`. */
export function knownPhones(given: SqlFragment): SqlFragment {
  return sql`(
    SELECT hash_token, min(phone_hashes.phone_token) AS phone_token FROM phone_hashes
    WHERE hash_token IN (SELECT token FROM ${given} WHERE type IN ${p('Array(String)', PHONE_HASH_TYPES)})
    GROUP BY hash_token)`;
}

/** Rows of `givenAsIs` with the phone in place of each hash whose phone is known; `hashed` = 1 tells where. */
export function withPhones(given: SqlFragment): SqlFragment {
  return sql`(
    SELECT account_ordinal, if(known.phone_token = 0, given.token, known.phone_token) AS token,
           if(known.phone_token = 0, toString(given.type), 'phone') AS type,
           if(known.phone_token = 0, toString(given.scope), '') AS scope, strength, kind, seen_at, record_id,
           known.phone_token != 0 AS hashed
    FROM ${given} AS given LEFT ANY JOIN ${knownPhones(given)} AS known ON given.token = known.hash_token)`;
}

/** account_ordinal, phone_token of the accounts that give the hash of a known phone. */
export function holdersByHash(given: SqlFragment): SqlFragment {
  return sql`(
    SELECT DISTINCT account_ordinal, known.phone_token AS phone_token
    FROM ${given} AS given INNER JOIN ${knownPhones(given)} AS known ON given.token = known.hash_token)`;
}
