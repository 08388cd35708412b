/** Tokens of blocked values: they are computed inside ClickHouse, once per run. */
import { deriveFromPhone, type MixMobileKey } from '../../ingest/identifiers/index.ts';
import { identifierToken, p, raw, type Store, sql, type Vault } from '../../store/index.ts';
import type { BlockedValue } from './rules.ts';

/** Tokens (UInt128, decimal) of values; a phone is blocked together with every hash it has. */
export async function blockedTokens(
  { store, vault }: { store: Store; vault: Vault },
  of: { values: readonly BlockedValue[]; mixMobileKeys: readonly MixMobileKey[] },
): Promise<string[]> {
  const all = of.values.flatMap((one) =>
    one.type === 'phone' ? [one, ...deriveFromPhone(one.value, of.mixMobileKeys)] : [one],
  );
  if (all.length === 0) return [];
  const column = (key: keyof BlockedValue) =>
    p(
      'Array(String)',
      all.map((one) => one[key]),
    );
  const token = identifierToken(vault, { type: raw('type'), scope: raw('scope'), value: raw('value') });
  const rows = await store.rows<{ token: string }>(sql`
    SELECT DISTINCT toString(${token}) AS token
    FROM (SELECT 1) ARRAY JOIN ${column('type')} AS type, ${column('scope')} AS scope, ${column('value')} AS value`);
  return rows.map((row) => row.token);
}
