/** Quarantine: what could not become a record, with what was given and expected. */
import { type Clock, clickhouseInstant } from '../../clock.ts';
import { p, raw, sql } from '../../store/index.ts';
import type { Group } from './group.ts';
import { type Engine, except, itemIdOf } from './staging.ts';
import { ITEM_VERSION } from './version.ts';

/** Writes the group's rejections. With `settle`, older ones of the same items that did not come up again are settled. */
export async function writeRejections(
  { store, vault, clock }: Engine & { readonly clock: Clock },
  { group, hidden, settle }: { group: Group; hidden: ReadonlySet<number>; settle: boolean },
): Promise<void> {
  const source = p('String', group.source.id);
  const id = itemIdOf(vault, group);
  const again = sql`SELECT items.item_id, path, code FROM staged_rejections
    ANY INNER JOIN (SELECT n AS item_n, ${id} AS item_id FROM staged_items) AS items USING item_n`;
  if (settle)
    await store.run(sql`
      INSERT INTO rejections
      SELECT * REPLACE (1 AS settled, toUInt128(version + 1) AS version) FROM
      (SELECT * FROM rejections FINAL WHERE source = ${source} AND settled = 0
        AND item_id IN (SELECT ${id} FROM staged_items) AND (item_id, path, code) NOT IN (${again}))`);
  if (group.counts.rejections === 0) return;
  await store.run(sql`
    INSERT INTO rejections
      (source, item_kind, item_id, path, code, given, expected, whole_item, page_id, position, mapper_version,
       happened_at, version, settled)
    SELECT ${source}, item_kind, ${id}, path, code, given, expected, whole_item, page_id, position,
           ${p('UInt16', group.mapperVersion)}, ${p("DateTime64(3, 'UTC')", clickhouseInstant(clock.now()))},
           ${ITEM_VERSION}, 0
    FROM staged_rejections
    ANY INNER JOIN (SELECT *, n AS item_n, ${raw("CAST(NULL, 'Nullable(DateTime64(3))')")} AS modified FROM staged_items) AS items
      USING item_n
    WHERE ${except(hidden, 'item_n')}`);
}
