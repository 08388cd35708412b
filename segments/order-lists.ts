/** Orders and refunds to look at: a profile's orders, returns without a sale, bills that may be counted elsewhere. */
import { p, type SqlFragment, type Store, sql } from '../store/index.ts';
import type { Param } from '../store/sql.ts';
import { type LineRole, orderLines, orderRefunds, type RefundRole } from './orders.ts';

export interface OrderLineView {
  readonly line_no: string;
  readonly product_id: string;
  readonly title: string;
  readonly category: string;
  readonly quantity: number;
  readonly paid_fen: number;
  readonly role: LineRole;
}

/** One order of one source, with what was paid for its goods and what came back. */
export interface OrderView {
  readonly source: string;
  readonly order_no: string;
  readonly platform_order_no: string;
  readonly channel: string;
  readonly sold_by: string;
  readonly state: string;
  /** `yyyy-MM-dd`: the day every report of ours goes by. */
  readonly business_date: string;
  readonly paid_at: string | null;
  readonly purchase: boolean;
  readonly paid_fen: number;
  readonly refunded_fen: number;
  readonly net_fen: number;
  readonly lines: readonly OrderLineView[];
}

export interface RefundView {
  readonly source: string;
  readonly refund_no: string;
  readonly channel: string;
  readonly business_date: string;
  readonly store_code: string;
  readonly terminal: string;
  readonly original_bill_no: string;
  readonly original_date: string;
  readonly order_no: string;
  readonly product_id: string;
  readonly quantity: number;
  readonly refunded_fen: number;
  readonly refund_kind: string;
  readonly role: RefundRole;
  /** Orders that answer to what the return names: 0, or several that could be meant. */
  readonly sales: number;
}

/** Where a page of a list ended: its last row's day, source and key. */
export type ListPosition = readonly [day: string, source: string, key: string];

export interface ListOptions {
  readonly after?: ListPosition;
  readonly limit: number;
}

/** A profile's orders, newest first. `accounts`: the ordinals of its accounts. */
export function profileOrders(
  store: Store,
  { accounts, limit }: { accounts: readonly number[]; limit: number },
): Promise<OrderView[]> {
  const mine = sql`(SELECT arrayJoin(${p('Array(UInt32)', accounts)}))`;
  return store.rows<OrderView>(sql`
    SELECT line.source AS source, line.order_no AS order_no, any(line.platform_order_no) AS platform_order_no,
      any(line.channel) AS channel, any(line.sold_by) AS sold_by, any(line.state) AS state,
      toString(min(line.business_date)) AS business_date, toString(min(line.paid_at)) AS paid_at,
      toBool(max(line.role = 'purchase')) AS purchase,
      sumIf(line.paid_fen, line.role = 'purchase') AS paid_fen, any(refund.refunded_fen) AS refunded_fen,
      paid_fen - refunded_fen AS net_fen,
      arraySort(one -> one.line_no, groupArray(CAST(
        (line.line_no, line.product_id, line.title, line.category, line.quantity, line.paid_fen, line.role),
        'Tuple(line_no String, product_id String, title String, category String, quantity Int32, paid_fen Int64, role String)'
      ))) AS lines
    FROM ${orderLines({ accounts: mine })} AS line
    LEFT ANY JOIN (
      SELECT source, sale_order_no AS order_no, sum(refunded_fen) AS refunded_fen
      FROM ${orderRefunds({ accounts: mine })} WHERE role = 'matched' GROUP BY source, sale_order_no
    ) AS refund ON line.source = refund.source AND line.order_no = refund.order_no
    GROUP BY line.source, line.order_no
    ORDER BY business_date DESC, source, order_no
    LIMIT ${p('UInt32', limit)}`);
}

/** Returns that name no known sale, or one of several: counted by their own date. Newest first. */
export function unmatchedReturns(store: Store, options: ListOptions): Promise<RefundView[]> {
  return store.rows<RefundView>(sql`
    SELECT source, refund_no, channel, toString(business_date) AS business_date, store_code, terminal,
      original_bill_no, original_date, order_no, product_id, quantity, refunded_fen, refund_kind, role, sales
    FROM ${orderRefunds()}
    WHERE role = 'unmatched' AND ${beyond(options, sql`refund_no`)}
    ORDER BY business_date DESC, source, refund_no LIMIT ${p('UInt32', options.limit)}`);
}

/** Till bills that name an online channel but no number: held out of totals until somebody says. Newest first. */
export function suspectedDoubles(store: Store, options: ListOptions): Promise<OrderView[]> {
  return store.rows<OrderView>(sql`
    SELECT source, order_no, any(channel) AS channel, any(sold_by) AS sold_by, any(state) AS state,
      any(platform_order_no) AS platform_order_no,
      toString(min(order_lines.business_date)) AS business_date, toString(min(order_lines.paid_at)) AS paid_at,
      false AS purchase, toInt64(0) AS paid_fen, toInt64(0) AS refunded_fen, toInt64(0) AS net_fen,
      arraySort(one -> one.line_no, groupArray(CAST(
        (line_no, product_id, title, category, quantity, order_lines.paid_fen, 'suspected_double'),
        'Tuple(line_no String, product_id String, title String, category String, quantity Int32, paid_fen Int64, role String)'
      ))) AS lines
    FROM order_lines FINAL
    WHERE suspected_double = 1
    GROUP BY source, order_no
    HAVING ${beyond(options, sql`order_no`)}
    ORDER BY business_date DESC, source, order_no LIMIT ${p('UInt32', options.limit)}`);
}

/** Condition: the row comes after the position in (business_date DESC, source, key). */
function beyond({ after }: ListOptions, key: SqlFragment): SqlFragment {
  if (after === undefined) return sql`1`;
  const [day, source, last] = after.map((part) => p('String', part)) as [Param, Param, Param];
  return sql`(business_date < ${day} OR (business_date = ${day} AND (source, ${key}) > (${source}, ${last})))`;
}
