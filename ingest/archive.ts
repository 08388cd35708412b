/** Reads sealed items back out of the archive, as the pages they came in. */
import { createInterface } from 'node:readline';
import { raw, type SqlFragment, type Store, sql, type Vault } from '../store/index.ts';
import type { SourcePage } from './collectors/collector.ts';
import type { Completeness, SourceItem } from './record.ts';

/** Items handed out together. */
const PAGE_ITEMS = 5_000;

interface Row {
  item_kind: string;
  text: string;
  page_id: string;
  position: number;
  delivered_ms: number;
}

/**
 * The archived items that `where` selects (columns of source_items), oldest delivery first. Clear text is streamed from
 * the engine to the caller and nowhere else.
 */
export async function* archivedPages(
  context: { store: Store; vault: Vault },
  where: SqlFragment,
): AsyncGenerator<Pick<SourcePage, 'id' | 'items'>> {
  const text = context.vault.open({ sealed: raw('sealed'), iv: raw('iv'), keyId: raw('key_id') });
  const stream = await context.store.stream(
    sql`SELECT item_kind, ${text} AS text, page_id, position, toUnixTimestamp64Milli(delivered_at) AS delivered_ms
        FROM source_items FINAL WHERE ${where} ORDER BY delivered_at, page_id, position`,
    'JSONEachRow',
  );
  let id = '';
  let items: SourceItem[] = [];
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    const row = JSON.parse(line) as Row;
    if (items.length > 0 && (row.page_id !== id || items.length >= PAGE_ITEMS)) {
      yield { id, items };
      items = [];
    }
    id = row.page_id;
    items.push(itemOf(row));
  }
  if (items.length > 0) yield { id, items };
}

function itemOf(row: Row): SourceItem {
  const cut = row.text.indexOf('\u0000');
  return {
    kind: row.item_kind,
    key: row.text.slice(0, cut),
    payload: row.text.slice(cut + 1),
    position: row.position,
    deliveredAt: new Date(row.delivered_ms),
  };
}

/** The whole deliveries of a source, oldest first, for tombstones. */
export async function wholeDeliveries(
  store: Store,
  source: SqlFragment,
): Promise<{ page_id: string; deliveredAt: Date; complete: Completeness }[]> {
  const rows = await store.rows<{ page_id: string; delivered_ms: number; complete: string }>(sql`
    SELECT page_id, toUnixTimestamp64Milli(delivered_at) AS delivered_ms, complete
    FROM whole_deliveries FINAL WHERE source = ${source} ORDER BY delivered_at, page_id`);
  return rows.map((row) => ({
    page_id: row.page_id,
    deliveredAt: new Date(row.delivered_ms),
    complete: JSON.parse(row.complete) as Completeness,
  }));
}
