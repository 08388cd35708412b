/** The quarantine: what could not become a record and was not mended since. Values in it are masked when written. */
import { p, type Store, sql } from '../../store/index.ts';
import type { PageOf } from '../routes/shared.ts';

export interface RejectionView {
  readonly source: string;
  readonly item_kind: string;
  /** The item's token in hex: it names the item without telling its key. */
  readonly item: string;
  readonly page: string;
  readonly position: number;
  readonly path: string;
  readonly code: string;
  readonly given: string;
  readonly expected: string;
  readonly whole_item: boolean;
  readonly happened_at: string;
}

/** The table's own key order goes on from here: source, item kind, item, path, code. */
export type RejectionPosition = readonly [source: string, itemKind: string, item: string, path: string, code: string];

const FIRST: RejectionPosition = ['', '', '', '', ''];

export function listRejections(
  store: Store,
  { filter, page }: { filter: { source?: string; code?: string }; page: PageOf<RejectionPosition> },
): Promise<RejectionView[]> {
  const [source, kind, item, path, code] = page.after ?? FIRST;
  return store.rows<RejectionView>(sql`
    SELECT source, item_kind, leftPad(lower(hex(item_id)), 32, '0') AS item, page_id AS page, position, path, code,
      given, expected, toBool(whole_item) AS whole_item, toString(happened_at) AS happened_at
    FROM (SELECT * FROM rejections FINAL WHERE settled = 0) AS r
    WHERE (r.source, r.item_kind, r.item_id, r.path, r.code) > (${p('String', source)}, ${p('String', kind)},
        toUInt128(reinterpretAsUInt128(reverse(unhex(${p('String', item || '0'.repeat(32))})))), ${p('String', path)},
        ${p('String', code)})
      AND (${p('String', filter.source ?? '')} IN ('', r.source)) AND (${p('String', filter.code ?? '')} IN ('', r.code))
    ORDER BY r.source, r.item_kind, r.item_id, r.path, r.code LIMIT ${p('UInt32', page.limit)}`);
}

export interface RejectionCount {
  readonly source: string;
  readonly code: string;
  readonly rejections: number;
}

/** Open rejections by source and code, most frequent first. */
export function countRejections(store: Store, source: string | undefined): Promise<RejectionCount[]> {
  return store.rows<RejectionCount>(sql`
    SELECT source, code, count() AS rejections FROM rejections FINAL
    WHERE settled = 0 AND (${p('String', source ?? '')} IN ('', source))
    GROUP BY source, code ORDER BY rejections DESC, source, code LIMIT 1000`);
}
