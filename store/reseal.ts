/** Rotation of the sealing key: everything sealed with an older key is sealed anew with the current one. */
import type { Store } from './client.ts';
import { p, raw, sql } from './sql.ts';
import type { Vault } from './vault.ts';

/** Tables with columns key_id, iv, sealed. Rows with key 0 hold nothing sealed (the tombstones of the vault). */
const SEALED_TABLES = ['vault', 'source_items'];

/**
 * Seals anew, then takes the rows of older keys out. Cut off at any point it can be run again: until the old rows are
 * gone both keys open what they sealed. Returns rows sealed anew, by table.
 */
export async function reseal(store: Store, vault: Vault): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const current = p('UInt16', vault.currentKeyId);
  const old = sql`key_id NOT IN (0, ${current})`;
  for (const table of SEALED_TABLES) {
    const text = vault.open({ sealed: raw('sealed'), iv: raw('iv'), keyId: raw('key_id') });
    const [row] = await store.rows<{ left: number; rows: number }>(sql`
      SELECT (SELECT count() FROM ${raw(table)} FINAL WHERE ${old}) AS left,
             (SELECT count() FROM ${raw(table)} WHERE ${old}) AS rows`);
    counts[table] = row?.left ?? 0;
    if (counts[table] > 0) {
      await store.run(sql`
        INSERT INTO ${raw(table)}
        SELECT * EXCEPT (text, fresh) REPLACE (${current} AS key_id, fresh AS iv, ${vault.seal(raw('text'), raw('fresh'))} AS sealed)
        FROM (SELECT *, ${text} AS text, randomFixedString(12) AS fresh FROM ${raw(table)} FINAL WHERE ${old})`);
    }
    // Also rows that newer ones stand over but no merge has taken out yet.
    if ((row?.rows ?? 0) > 0)
      await store.run(sql`ALTER TABLE ${raw(table)} DELETE WHERE ${old}`, { settings: { mutations_sync: '2' } });
  }
  return counts;
}
