/** Who is behind an identifier, at the published version. */
import { QuanyuError } from '../errors.ts';
import { type IdentifierType, readIdentifier } from '../ingest/identifiers/index.ts';
import { identifierToken, p, publicId, raw, readPublished, type Store, sql, type Vault } from '../store/index.ts';

export interface IdentifierGiven {
  readonly type: IdentifierType;
  readonly scope: string;
  readonly value: string;
}

/**
 * Ids of the profiles whose accounts give the identifier now; several where it is shared by too many to join them.
 * A hash of a phone finds who gave the phone, and a phone who gave its hash. Throws api.request-invalid for a value that is none of its type.
 */
export async function findProfiles(
  { store, vault }: { store: Store; vault: Vault },
  given: IdentifierGiven,
): Promise<readonly string[]> {
  const { identifiers, rejections } = readIdentifier({
    ...given,
    path: '/value',
    given: given.value,
    strength: 'stated',
  });
  const [one] = identifiers;
  if (one === undefined) {
    const expected = rejections[0]?.expected ?? 'a value';
    throw new QuanyuError('api.request-invalid', `/value is no ${given.type}: expected ${expected}.`);
  }
  const text = (part: string) => sql`${p('String', part)}`;
  const token = identifierToken(vault, { type: text(one.type), scope: text(one.scope), value: text(one.value) });
  const { identity_version } = await readPublished(store);
  const rows = await store.rows<{ id: string }>(sql`
    WITH asked AS (SELECT ${token} AS token UNION ALL SELECT phone_token FROM phone_hashes WHERE hash_token = ${token}),
         claims AS (
           SELECT account_ordinal, id_token FROM account_records FINAL PREWHERE account_ordinal IN (
             SELECT account_ordinal FROM identifier_index WHERE token IN (SELECT token FROM asked))),
         meant AS (
           SELECT token FROM asked UNION ALL
           SELECT hash_token FROM phone_hashes
           WHERE hash_token IN (SELECT arrayJoin(id_token) FROM claims) AND phone_token IN (SELECT token FROM asked))
    SELECT DISTINCT ${publicId(raw('account_id'))} AS id FROM accounts WHERE account_ordinal IN (
      SELECT argMax(identity_links.profile_ordinal, identity_links.version) FROM identity_links
      WHERE identity_links.version <= ${p('UInt32', identity_version)} AND account_ordinal IN (
        SELECT account_ordinal FROM claims WHERE hasAny(id_token, (SELECT groupArray(token) FROM meant)))
      GROUP BY account_ordinal)
    ORDER BY id`);
  return rows.map(({ id }) => id);
}
