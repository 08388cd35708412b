/** Finds profiles by an identifier until identity/ does. */
import type { ApiServices } from '../../api/index.ts';
import { readIdentifier } from '../../ingest/identifiers/index.ts';
import { identifierToken, p, publicId, raw, sql } from '../../store/index.ts';
import type { TestStore } from '../helpers/store.ts';

export function findProfiles({ store, vault }: TestStore): ApiServices['profiles'] {
  return {
    async find({ type, scope, value }) {
      const { identifiers } = readIdentifier({ path: '', type, scope, given: value, strength: 'stated' });
      const [one] = identifiers;
      if (one === undefined) return [];
      const text = (part: string) => sql`${p('String', part)}`;
      const token = identifierToken(vault, { type: text(one.type), scope: text(one.scope), value: text(one.value) });
      const rows = await store.rows<{ id: string }>(sql`
        SELECT DISTINCT ${publicId(raw('account_id'))} AS id FROM accounts WHERE account_ordinal IN (
          SELECT argMax(profile_ordinal, version) FROM identity_links WHERE account_ordinal IN (
            SELECT account_ordinal FROM identifier_index WHERE token = ${token}) GROUP BY account_ordinal)`);
      return rows.map(({ id }) => id);
    },
  };
}
