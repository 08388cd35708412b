/** A whole delivery: lines and returns of its stores and days that it no longer holds become tombstones. */
import { p, raw, type Store, sql } from '../../store/index.ts';
import type { Completeness } from '../record.ts';
import { tombstoneVersion } from './version.ts';

export async function tombstoneDelivery(
  store: Store,
  of: { source: string; complete: Completeness; deliveredAt: Date; commitSeq: number },
): Promise<void> {
  const { complete } = of;
  const version = p('UInt128', tombstoneVersion(of.deliveredAt));
  const stores = p(
    'Array(String)',
    complete.storeDays.map((one) => one.store),
  );
  const days = p(
    'Array(Date32)',
    complete.storeDays.map((one) => one.businessDate),
  );
  for (const [table, store_column] of [
    ['order_lines', 'sold_by'],
    ['refunds', 'store_code'],
  ] as const) {
    await store.run(sql`
      INSERT INTO ${raw(table)}
      SELECT * REPLACE (1 AS deleted, ${version} AS version, ${p('UInt64', of.commitSeq)} AS commit_seq)
      FROM (SELECT * FROM ${raw(table)} FINAL
      WHERE source = ${p('String', of.source)} AND version < ${version}
        AND delivery != ${p('String', complete.delivery)}
        AND (${raw(store_column)}, business_date) IN
            (SELECT arrayJoin(arrayZip(${stores}, ${days})) AS store_day))`);
  }
}
