/** The accounts of a profile: where somebody is known, and since when. */
import { p, publicId, raw, type Store, sql } from '../../store/index.ts';

export interface AccountView {
  /** Resolves as a profile id: to the profile that holds the account. */
  readonly account_id: string;
  readonly source: string;
  readonly channel: string;
  /** Type of the identifier that names the account at its source, or `guest`. */
  readonly kind: string;
  readonly known_since: string;
}

/** In the order they were first seen: the founding one first. */
export function readAccounts(store: Store, ordinals: readonly number[]): Promise<AccountView[]> {
  return store.rows<AccountView>(sql`
    SELECT ${publicId(raw('account_id'))} AS account_id, source, channel, kind, toString(given_at) AS known_since
    FROM accounts FINAL WHERE account_ordinal IN (SELECT arrayJoin(${p('Array(UInt32)', ordinals)}))
    ORDER BY account_ordinal`);
}
