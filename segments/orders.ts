/**
 * Orders and money: the one definition of order, purchase, paid, refunded and net that tags, pages and lists share.
 *
 * - An order is the live lines of (source, order_no). Records with one platform number are one order: the platform's row
 *   is the fact, a till's or an ERP's copy its fulfilment. Without a row of the platform one copy stands for it.
 * - A purchase is an order with goods that are paid in full: not staff, wholesale, test, exchange, gift, postage, top-up,
 *   and not reversed at its till (冲红): such a sale never was.
 *   An order that was paid and refunded later is a purchase with nothing left of it.
 * - paid = what was paid for the goods (no freight, no subsidy). refunded = successful refunds, money back without a
 *   return included, exchanges not. net = paid − refunded, by the order's business date.
 * - A return names its order, or its sale by store, terminal, bill number, item and date. It joins when exactly one sale
 *   answers; else it is unmatched: listed, and counted by its own date for the account that brought the card.
 */
import { type SqlFragment, sql } from '../store/index.ts';

/** Which facts a step reads: all, or what concerns some accounts (a subquery of account ordinals). */
export interface OrderScope {
  readonly accounts?: SqlFragment;
}

/** What a line is to the totals. Only `purchase` counts. */
export const LINE_ROLES = ['purchase', 'copy', 'suspected_double', 'unpaid', 'no_purchase'] as const;
export type LineRole = (typeof LINE_ROLES)[number];

/** How a refund stands to its sale: `uncounted` = it belongs to a line that is no purchase, so nothing is taken off. */
export const REFUND_ROLES = ['matched', 'uncounted', 'unmatched', 'no_money'] as const;
export type RefundRole = (typeof REFUND_ROLES)[number];

const IS_COPY = sql`(platform_order_no != '' AND is_platform = 0)`;
const IS_PAID = sql`(state IN ('paid', 'part_shipped', 'shipped', 'finished', 'closed_refunded'))`;

/** Condition on order_lines: the line belongs to an order of the scope. */
function ofScope(scope: OrderScope): SqlFragment {
  if (scope.accounts === undefined) return sql`1`;
  return sql`((source, order_no) IN (SELECT source, order_no FROM order_lines WHERE account_ordinal IN ${scope.accounts}))`;
}

/** Subquery of (source, order_no, platform_order_no): copies that another row stands for. */
function spareCopies(lines: SqlFragment): SqlFragment {
  const numbers = sql`(SELECT platform_order_no FROM order_lines FINAL WHERE ${IS_COPY} AND ${lines})`;
  const ofPlatforms = sql`(SELECT order_no FROM order_lines FINAL WHERE is_platform = 1 AND order_no IN ${numbers})`;
  return sql`(SELECT copy.2 AS source, copy.3 AS order_no, platform_order_no
    FROM (SELECT platform_order_no, arraySort(groupUniqArray((NOT ${IS_PAID}, source, order_no))) AS copies
          FROM order_lines FINAL WHERE ${IS_COPY} AND platform_order_no IN ${numbers} GROUP BY platform_order_no)
    ARRAY JOIN if(platform_order_no IN ${ofPlatforms}, copies, arraySlice(copies, 2)) AS copy)`;
}

/** Subquery of (source, order_no): sales that a reversal (冲红) says never were. */
function reversedOrders(lines: SqlFragment): SqlFragment {
  const sales = salesOfRefunds({
    refunds: sql`refund_kind = 'reversal' AND status = 'success'`,
    lines: (answering) => sql`(SELECT * FROM order_lines FINAL WHERE ${lines} AND ${answering})`,
    sale: sql`l.order_no`,
  });
  return sql`(SELECT source, sale FROM ${sales} WHERE sales = 1)`;
}

/** Rows of order_lines (those that meet `lines`) with their `role`. */
function linesWithRole(lines: SqlFragment): SqlFragment {
  return sql`(SELECT *, multiIf(
      ${IS_COPY} AND (source, order_no, platform_order_no) IN ${spareCopies(lines)}, 'copy',
      suspected_double = 1, 'suspected_double',
      line_kind != 'goods' OR (source, order_no) IN ${reversedOrders(lines)}, 'no_purchase',
      NOT ${IS_PAID}, 'unpaid',
      'purchase') AS role
    FROM order_lines FINAL WHERE ${lines})`;
}

/** Step: every live line of the scope's orders, with all its columns and its `role` (LineRole). */
export function orderLines(scope: OrderScope = {}): SqlFragment {
  return linesWithRole(ofScope(scope));
}

const MONEY_BACK = sql`(status = 'success' AND refund_kind != 'exchange')`;

/** Condition on refunds: the refund concerns the scope's accounts or one of their orders. */
function refundsOfScope(scope: OrderScope): SqlFragment {
  if (scope.accounts === undefined) return sql`1`;
  return sql`(account_ordinal IN ${scope.accounts}
    OR (source, order_no) IN (SELECT source, order_no FROM order_lines WHERE account_ordinal IN ${scope.accounts})
    OR (source, store_code, original_bill_no) IN
      (SELECT source, sold_by, bill_no FROM order_lines WHERE account_ordinal IN ${scope.accounts} AND bill_no != ''))`;
}

/**
 * Subquery of (source, refund_no, sales, sale): how many orders answer to each of `refunds`, and `sale` of the line that
 * answers best. `lines` gives the rows of order_lines (as l) that meet a condition.
 */
function salesOfRefunds(of: {
  refunds: SqlFragment;
  lines: (answering: SqlFragment) => SqlFragment;
  sale: SqlFragment;
}): SqlFragment {
  const refunds = (where: SqlFragment) => sql`(
    SELECT source, refund_no, order_no, line_no, store_code, terminal, original_bill_no, original_date, product_id, business_date
    FROM refunds FINAL WHERE ${where} AND ${of.refunds})`;
  const byOrder = refunds(sql`order_no != ''`);
  const byBill = refunds(sql`order_no = '' AND original_bill_no != ''`);
  const best = sql`argMin(${of.sale}, (l.line_no != r.line_no, r.product_id != '' AND l.product_id != r.product_id,
    l.line_kind != 'goods', l.line_no)) AS sale`;
  return sql`(
    SELECT r.source AS source, r.refund_no AS refund_no, 1 AS sales, ${best}
    FROM ${of.lines(sql`(source, order_no) IN (SELECT source, order_no FROM ${byOrder})`)} AS l
    INNER JOIN ${byOrder} AS r ON l.source = r.source AND l.order_no = r.order_no
    GROUP BY r.source, r.refund_no
    UNION ALL
    SELECT r.source AS source, r.refund_no AS refund_no, uniqExact(l.order_no) AS sales, ${best}
    FROM ${of.lines(sql`(source, bill_no) IN (SELECT source, original_bill_no FROM ${byBill})`)} AS l
    INNER JOIN ${byBill} AS r ON l.source = r.source AND l.sold_by = r.store_code AND l.bill_no = r.original_bill_no
    WHERE (r.terminal = '' OR l.terminal = r.terminal)
      AND (r.product_id = '' OR l.product_id = r.product_id)
      AND (r.original_date = '' OR toString(l.business_date) = r.original_date)
      AND l.business_date <= r.business_date
    GROUP BY r.source, r.refund_no)`;
}

/**
 * Step: every live refund of the scope with all its columns, its `role` (RefundRole), `sales` (orders that answer) and,
 * where it is matched, the sale's sale_order_no, sale_account, sale_day, sale_channel, sale_category.
 */
export function orderRefunds(scope: OrderScope = {}): SqlFragment {
  const sales = salesOfRefunds({
    refunds: refundsOfScope(scope),
    lines: linesWithRole,
    sale: sql`(l.order_no, l.account_ordinal, l.business_date, l.channel, l.category, l.role)`,
  });
  return sql`(SELECT refund.*, sale.sales AS sales,
      multiIf(NOT ${MONEY_BACK}, 'no_money', sale.sales != 1, 'unmatched',
        sale.sale.6 = 'purchase', 'matched', 'uncounted') AS role,
      sale.sale.1 AS sale_order_no, sale.sale.2 AS sale_account, sale.sale.3 AS sale_day,
      sale.sale.4 AS sale_channel, sale.sale.5 AS sale_category
    FROM (SELECT * FROM refunds FINAL WHERE ${refundsOfScope(scope)}) AS refund
    LEFT ANY JOIN ${sales} AS sale USING (source, refund_no))`;
}

/**
 * Step: the money and goods of purchases as signed entries {account_ordinal, source, order_no, day, channel, category,
 * paid_fen, refunded_fen, quantity}: purchase lines, then what refunds take off. A matched refund stands on its sale's day
 * and account (a return follows its sale); an unmatched one on its own, with order_no ''. account_ordinal 0 = nobody known.
 */
export function purchaseEntries(scope: OrderScope = {}): SqlFragment {
  return sql`(
    SELECT account_ordinal, source, order_no, business_date AS day, channel, category,
      paid_fen, toInt64(0) AS refunded_fen, quantity
    FROM ${orderLines(scope)} WHERE role = 'purchase'
    UNION ALL
    SELECT if(role = 'matched', sale_account, account_ordinal) AS account_ordinal, source,
      if(role = 'matched', sale_order_no, '') AS order_no,
      if(role = 'matched', sale_day, business_date) AS day,
      if(role = 'matched', sale_channel, channel) AS channel,
      if(role = 'matched', sale_category, '') AS category,
      toInt64(0) AS paid_fen, refunded_fen,
      if(refund_kind = 'return', -quantity, 0) AS quantity
    FROM ${orderRefunds(scope)} WHERE role IN ('matched', 'unmatched'))`;
}
