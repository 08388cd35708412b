/** 对账: what sources say of their days beside what we hold, and the rows that explain a difference. */
import { p, raw, type SqlFragment, type Store, sql } from '../store/index.ts';

export interface DayReconciled {
  readonly source: string;
  readonly fact_kind: 'order' | 'refund';
  /** `yyyy-MM-dd`. */
  readonly day: string;
  /** '' = all stores of the source together. */
  readonly store_code: string;
  readonly stated_count: number | null;
  readonly held_count: number;
  readonly stated_fen: number | null;
  readonly held_fen: number;
  /** Held minus stated; null where the source does not say. */
  readonly count_difference: number | null;
  readonly fen_difference: number | null;
  readonly agrees: boolean;
}

/** A row that explains a difference. */
export interface DifferenceRow {
  /**
   * `refused`: lies in quarantine. `withdrawn`: was held and is gone by the source's own word. `elsewhere`: held under
   * the platform's number as another source's order, or a suspected double. `unstated`: held though the source counts
   * such lines nowhere (tests, staff, postage).
   */
  readonly reason: 'refused' | 'withdrawn' | 'elsewhere' | 'unstated';
  /** The order or return number; of a refused row its page and position. */
  readonly row: string;
  readonly fen: number | null;
  /** Why, in words. */
  readonly detail: string;
}

export interface DayAsked {
  readonly source: string;
  readonly fact_kind: 'order' | 'refund';
  readonly day: string;
  readonly store_code: string;
}

/** Days by source, newest first; `differing` leaves out those that agree. */
export async function reconciled(
  store: Store,
  of: { source: string; from: string; to: string; differing: boolean; limit: number },
): Promise<DayReconciled[]> {
  return store.rows<DayReconciled>(sql`
    SELECT source, fact_kind, toString(day) AS day, store_code, stated_count, held_count, stated_fen, held_fen,
           count_difference, fen_difference, toBool(agrees) AS agrees
    FROM reconciliation
    WHERE ${p('String', of.source)} IN ('', source) AND reconciliation.day BETWEEN ${p('Date32', of.from)} AND ${p('Date32', of.to)}
      AND (NOT agrees OR NOT ${p('Bool', of.differing)})
    ORDER BY reconciliation.day DESC, source, fact_kind, store_code LIMIT ${p('UInt32', of.limit)}`);
}

/** How many days of each source differ from what the source says. */
export async function differingDays(store: Store): Promise<{ source: string; days: number }[]> {
  return store.rows(sql`
    SELECT source, uniqExact(day) AS days FROM reconciliation WHERE NOT agrees GROUP BY source ORDER BY source`);
}

/** The rows that can explain why a day differs, largest amounts first. */
export async function differenceRows(store: Store, asked: DayAsked, limit: number): Promise<DifferenceRow[]> {
  const parts =
    asked.fact_kind === 'order' ? [refused, withdrawnLines, elsewhere, unstated] : [refused, withdrawnRefunds];
  const rows = await Promise.all(
    parts.map((part) => store.rows<DifferenceRow>(sql`${part(asked)} LIMIT ${p('UInt32', limit)}`)),
  );
  return rows
    .flat()
    .sort((a, b) => Math.abs(b.fen ?? 0) - Math.abs(a.fen ?? 0))
    .slice(0, limit);
}

const inStore = (column: string, { store_code }: DayAsked): SqlFragment =>
  sql`${p('String', store_code)} IN ('', ${raw(column)})`;

/** Rows of the deliveries that brought the day which could not become a record. */
function refused(asked: DayAsked): SqlFragment {
  const source = p('String', asked.source);
  const table = raw(asked.fact_kind === 'order' ? 'order_lines' : 'refunds');
  return sql`
    SELECT 'refused' AS reason, concat(page_id, ' #', toString(position)) AS row, NULL AS fen,
           concat(path, ': ', given, '; expected ', expected) AS detail
    FROM rejections FINAL
    WHERE source = ${source} AND settled = 0 AND whole_item = 1
      AND (source, item_kind, item_id) IN (
        SELECT source, item_kind, item_id FROM source_items WHERE source = ${source}
          AND splitByChar(':', page_id)[1] IN (
            SELECT DISTINCT delivery FROM ${table} WHERE source = ${source} AND delivery != ''
              AND business_date = ${p('Date32', asked.day)}))
    ORDER BY page_id, position`;
}

function withdrawn(asked: DayAsked, of: { table: string; key: string; fen: string; store: string }): SqlFragment {
  return sql`
    SELECT 'withdrawn' AS reason, key AS row, fen, 'the source sent it and later took it back' AS detail
    FROM (SELECT ${raw(of.key)} AS key, argMax(${raw(of.fen)}, version) AS fen, argMax(deleted, version) AS gone
          FROM ${raw(of.table)} AS lines
          WHERE source = ${p('String', asked.source)} AND business_date = ${p('Date32', asked.day)} AND ${inStore(of.store, asked)}
          GROUP BY key)
    WHERE gone = 1 ORDER BY abs(fen) DESC`;
}

const withdrawnLines = (asked: DayAsked) =>
  withdrawn(asked, { table: 'order_lines', key: "concat(order_no, '/', line_no)", fen: 'paid_fen', store: 'sold_by' });

const withdrawnRefunds = (asked: DayAsked) =>
  withdrawn(asked, { table: 'refunds', key: 'refund_no', fen: 'refunded_fen', store: 'store_code' });

function elsewhere(asked: DayAsked): SqlFragment {
  return sql`
    SELECT 'elsewhere' AS reason, order_no AS row, sum(paid_fen) AS fen,
           if(max(suspected_double) = 1, 'a bill that may be an online order counted there too',
              concat('a copy of order ', any(platform_order_no))) AS detail
    FROM order_lines FINAL
    WHERE source = ${p('String', asked.source)} AND business_date = ${p('Date32', asked.day)} AND ${inStore('sold_by', asked)}
      AND (suspected_double = 1 OR (platform_order_no != '' AND is_platform = 0))
    GROUP BY order_no ORDER BY fen DESC`;
}

function unstated(asked: DayAsked): SqlFragment {
  return sql`
    SELECT 'unstated' AS reason, concat(order_no, '/', line_no) AS row, paid_fen AS fen, concat('a line of ', line_kind) AS detail
    FROM order_lines FINAL
    WHERE source = ${p('String', asked.source)} AND business_date = ${p('Date32', asked.day)} AND ${inStore('sold_by', asked)}
      AND line_kind != 'goods'
    ORDER BY fen DESC`;
}
