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
          FROM account_records FINAL WHERE ${within(scope)})
    ARRAY JOIN id_token AS token, id_type AS type, id_scope AS scope, id_strength AS strength
    WHERE strength IN ${p('Array(String)', rules.strengths)} AND type IN ${p('Array(String)', joiningTypes(rules))})`;
}

/** hash_token, phone_token: the phones that are known for the hashes in `scope`. */
export function knownPhones(scope: Scope): SqlFragment {
  return sql`(
    SELECT hash_token, min(phone_hashes.phone_token) AS phone_token FROM phone_hashes
    WHERE hash_token IN (
      SELECT token FROM account_records ARRAY JOIN id_token AS token, id_type AS type
      WHERE type IN ${p('Array(String)', PHONE_HASH_TYPES)} AND ${within(scope)})
    GROUP BY hash_token)`;
}

/** As `givenAsIs`, with the phone in place of each hash whose phone is known. */
export function given(rules: IdentityRules, of: { scope: Scope; hashes: boolean }): SqlFragment {
  if (!of.hashes) return givenAsIs(rules, of.scope);
  return sql`(
    SELECT account_ordinal, if(known.phone_token = 0, given.token, known.phone_token) AS token,
           if(known.phone_token = 0, toString(given.type), 'phone') AS type,
           if(known.phone_token = 0, toString(given.scope), '') AS scope, strength, kind, seen_at, record_id
    FROM ${givenAsIs(rules, of.scope)} AS given LEFT ANY JOIN ${knownPhones(of.scope)} AS known
    ON given.token = known.hash_token)`;
}
