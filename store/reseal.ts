/** Rotation of the sealing key: everything sealed with an older key is sealed anew with the current one. */
import type { Store } from './client.ts';
import { p, raw, sql } from './sql.ts';
import type { Vault } from './vault.ts';

/** Tables with columns key_id, iv, sealed. */
const SEALED_TABLES = ['vault', 'source_items'];

/**
 * Seals anew, then takes the rows of older keys out. Cut off at any point it can be run again: until the old rows are
 * gone both keys open what they sealed. Returns rows sealed anew, by table.
 */
export async function reseal(store: Store, vault: Vault): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const current = p('UInt16', vault.currentKeyId);
  for (const table of SEALED_TABLES) {
    const [row] = await store.rows<{ old: number }>(
      sql`SELECT count() AS old FROM ${raw(table)} FINAL WHERE key_id != ${current}`,
    );
    counts[table] = row?.old ?? 0;
    if (counts[table] === 0) continue;
    const text = vault.open({ sealed: raw('sealed'), iv: raw('iv'), keyId: raw('key_id') });
    await store.run(sql`
      INSERT INTO ${raw(table)}
      SELECT * EXCEPT (text, fresh) REPLACE (${current} AS key_id, fresh AS iv, ${vault.seal(raw('text'), raw('fresh'))} AS sealed)
      FROM (SELECT *, ${text} AS text, randomFixedString(12) AS fresh FROM ${raw(table)} FINAL WHERE key_id != ${current})`);
    await store.run(sql`ALTER TABLE ${raw(table)} DELETE WHERE key_id != ${current}`, {
      settings: { mutations_sync: '2' },
    });
  }
  return counts;
}
