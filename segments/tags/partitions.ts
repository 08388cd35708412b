/** The partitions of `profiles`: one per tags version; the newest and those in use stay. */
import { p, type Store, sql } from '../../store/index.ts';

/** Newest partitions that stay: what is published, what was before it, and what is being written. */
const KEPT = 3;

/** Drops one partition, if it is there. */
export async function dropPartition(store: Store, version: number): Promise<void> {
  await store.run(sql`ALTER TABLE profiles DROP PARTITION ${p('UInt32', version)}`);
}

/** Drops all partitions but the newest ones and `pinned`. */
export async function dropOldPartitions(store: Store, pinned: readonly number[]): Promise<void> {
  const rows = await store.rows<{ version: number }>(sql`
    SELECT DISTINCT toUInt32(partition) AS version FROM system.parts
    WHERE database = currentDatabase() AND table = 'profiles' AND active ORDER BY version DESC`);
  for (const { version } of rows.slice(KEPT)) if (!pinned.includes(version)) await dropPartition(store, version);
}
