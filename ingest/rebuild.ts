/** Maps the whole archive of a source again with today's mapper, as far back as the archive reaches. */
import { p, type RunView, raw, sql } from '../store/index.ts';
import { wholeDeliveries } from './archive.ts';
import { type ReplayOptions, remap } from './replay.ts';
import { FACT_BY_KIND } from './write/facts.ts';
import { tombstoneDelivery } from './write/tombstones.ts';

/**
 * Rebuilds the facts of one source. Rows keep their versions, so a rebuild with the same mapper changes nothing; rows of
 * archived items that an older mapper made and today's does not make any more become tombstones.
 */
export async function rebuildSource(options: ReplayOptions): Promise<RunView> {
  const source = p('String', options.source.id);
  return remap(options, {
    kind: 'rebuild',
    where: sql`source = ${source}`,
    after: async () => {
      for (const { complete, deliveredAt } of await wholeDeliveries(options.store, sql`${source}`)) {
        await tombstoneDelivery(options.store, { source: options.source.id, complete, deliveredAt, commitSeq: 0 });
      }
      await dropForgottenRows(options);
    },
  });
}

async function dropForgottenRows({ store, collector, source }: ReplayOptions): Promise<void> {
  const tables = [...Object.values(FACT_BY_KIND).map(({ table }) => table), 'account_records'];
  for (const table of tables) {
    const ofRecords = table === 'account_records' ? raw("AND kind != 'account'") : raw('');
    await store.run(sql`
      INSERT INTO ${raw(table)}
      SELECT * REPLACE (1 AS deleted, toUInt128(version + 1) AS version) FROM
      (SELECT * FROM ${raw(table)} FINAL WHERE source = ${p('String', source.id)} AND mapper_version < ${p('UInt16', collector.mapperVersion)} ${ofRecords}
        AND item_id IN (SELECT item_id FROM source_items WHERE source = ${p('String', source.id)}))`);
  }
}
