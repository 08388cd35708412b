/** The personal values of a profile in clear, from the vault: for a reveal, after its audit row is written. */
import { p, raw, type Store, sql, type Vault } from '../../store/index.ts';

export const CLEAR_FIELDS = ['name', 'phone', 'email', 'address', 'nickname', 'national_id'] as const;
export type ClearField = (typeof CLEAR_FIELDS)[number];

export interface ClearValue {
  readonly field: ClearField;
  readonly value: string;
  /** Sources that give this value. */
  readonly sources: readonly string[];
}

/** Each value once, with the sources that give it, in the order of `fields`. */
export async function readClearValues(
  { store, vault }: { readonly store: Store; readonly vault: Vault },
  of: { readonly accounts: readonly number[]; readonly fields: readonly ClearField[] },
): Promise<ClearValue[]> {
  const text = vault.open({ sealed: raw('sealed'), iv: raw('iv'), keyId: raw('key_id') });
  const rows = await store.rows<{ source: string; text: string }>(sql`
    SELECT source, ${text} AS text FROM vault FINAL
    WHERE account_ordinal IN (SELECT arrayJoin(${p('Array(UInt32)', of.accounts)})) ORDER BY account_ordinal, source`);
  const people = rows.map(({ source, text: json }) => ({
    source,
    values: JSON.parse(json) as Partial<Record<ClearField, string>>,
  }));
  return of.fields.flatMap((field) => {
    const sources = new Map<string, Set<string>>();
    for (const { source, values } of people) {
      const value = values[field];
      if (value) sources.set(value, (sources.get(value) ?? new Set()).add(source));
    }
    return [...sources].map(([value, from]) => ({ field, value, sources: [...from] }));
  });
}
