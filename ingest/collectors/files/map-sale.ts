/** Lines of a till's bills: order lines, and refunds for what goes back (docs/decisions/007-till-bills.md). */
import { createHash } from 'node:crypto';
import type { LineKind, OrderLineFields, RefundFields, SourceRecord } from '../../record.ts';
import { type Bill, billOf, orderNoOf } from './bill.ts';
import { isBack, isReturned, isVoid, lineKindOf, refundKindOf, type SignedLine } from './line-kind.ts';
import { type Mapping, recordOf, refuseRow } from './mapping.ts';
import { localOf } from './moments.ts';
import { type Person, readPerson } from './person.ts';

/** A line as it is booked, before it is told a sale from a return. Amounts in fen as the till signs them. */
interface SaleLine extends SignedLine {
  readonly mapping: Mapping;
  readonly bill: Bill;
  readonly lineNo: string;
  readonly quantity: number;
  readonly paidFen: number;
  readonly kind: LineKind;
  readonly person: Person;
  readonly platform: { readonly number: string; readonly suspected: boolean };
}

const ONLINE =
  /天猫|淘宝|京东|抖音|抖店|拼多多|唯品|快手|小红书|得物|有赞|微盟|微店|微商城|小程序|线上|网店|电商|网络|官网|美团|饿了么|tmall|taobao|douyin|jd\.?com|online/i;
const IN_FULL = /^\d{16,}$/;
/** Excel keeps 15 digits and fills the rest with zeros. */
const EXCEL_DIGITS = 15;

export function mapSale(mapping: Mapping): SourceRecord[] {
  const line = readLine(mapping);
  if (line === null) return [];
  if (mapping.kind === 'refund' || isBack(line)) return [refundRecord(line)];
  return isReturned(line) ? [orderRecord(line), refundRecord(line, 'flagged')] : [orderRecord(line)];
}

function readLine(mapping: Mapping): SaleLine | null {
  const { row, settings } = mapping;
  const bill = billOf(mapping);
  if (bill === null) return null;
  const quantity = row.whole('quantity', -1_000_000) ?? 1;
  const paidFen = paidOf(mapping, quantity);
  if (paidFen === null)
    return refuseRow(row, 'paid', { code: 'amount.missing', expected: 'what was paid for the line' });
  const means = (['coupon', 'points_paid', 'stored_value'] as const).some(
    (column) => row.text(column) !== '' && row.fen(column) !== 0,
  );
  return {
    mapping,
    row,
    bill,
    lineNo: row.text('line_no') || nameless(mapping),
    quantity,
    paidFen,
    kind: lineKindOf(row, { testStores: settings.test_stores, free: paidFen === 0 && !means }),
    person: readPerson(row, settings),
    platform: platformOf(mapping),
  };
}

/** What was paid; what was charged or the price where the till leaves it out. */
function paidOf({ row }: Mapping, quantity: number): number | null {
  if (row.text('paid') !== '') return row.fen('paid');
  const ordered = row.fen('ordered_amount');
  if (ordered !== null) return ordered;
  const price = row.fen('unit_price');
  const paid = (price ?? Number.NaN) * quantity;
  return Number.isSafeInteger(paid) ? paid : null;
}

/**
 * A line without a number is named by what it says of the goods: rows that a join repeated per payment, and rows that
 * stand twice, stay one line.
 */
function nameless({ row }: Mapping): string {
  const goods = (['product_id', 'sku_id', 'title', 'quantity', 'unit_price', 'paid', 'bill_type'] as const).map((one) =>
    row.text(one),
  );
  return createHash('sha256').update(goods.join('\u001f')).digest('hex').slice(0, 12);
}

/** The platform's order that the bill is a copy of; one that names the channel only is suspected to be. */
function platformOf({ row }: Mapping): SaleLine['platform'] {
  const number = row.text('platform_order_no').replace(/\s/g, '');
  const online = ONLINE.test(row.text('channel'));
  if (number === '') return { number, suspected: online };
  const rounded = /e\+?\d/i.test(number) || (IN_FULL.test(number) && /^0+$/.test(number.slice(EXCEL_DIGITS)));
  if (!rounded) return { number, suspected: false };
  row.refuse('platform_order_no', {
    code: 'order_no.rounded',
    expected: 'all digits of the number; export the column as text',
  });
  return { number: '', suspected: true };
}

function orderRecord(line: SaleLine): SourceRecord {
  const head = headOf(line, { key: `${line.bill.orderNo}/${line.lineNo}`, deleted: isVoid(line) });
  return recordOf(line.mapping, { kind: 'order_line', head, fields: orderFields(line) });
}

function headOf({ person }: SaleLine, { key, deleted }: { key: string; deleted: boolean }) {
  return { key, account: person.account, identifiers: person.identifiers, personal: person.personal, deleted };
}

function orderFields(line: SaleLine): OrderLineFields {
  const { row, bill, quantity, paidFen, platform } = line;
  const fen = (column: 'coupon' | 'points_paid' | 'stored_value' | 'freight') => row.fen(column) ?? 0;
  const [coupon, points, stored] = [fen('coupon'), fen('points_paid'), fen('stored_value')];
  const price = row.fen('unit_price');
  const discount = row.fen('discount');
  const charged = price === null ? paidFen + coupon + points + stored + (discount ?? 0) : price * quantity;
  const ordered = row.fen('ordered_amount') ?? (Number.isSafeInteger(charged) ? charged : paidFen);
  return {
    order_no: bill.orderNo,
    line_no: line.lineNo,
    platform_order_no: platform.number,
    is_platform: false,
    suspected_double: platform.suspected,
    state: isReturned(line) ? 'closed_refunded' : 'finished',
    line_kind: line.kind,
    sold_by: bill.store,
    fulfilled_by: bill.store,
    credited_store: bill.store,
    credited_guide: row.text('guide'),
    scene: '',
    terminal: bill.terminal,
    bill_no: bill.billNo,
    created_at: bill.soldAt,
    paid_at: bill.soldAt,
    business_date: bill.businessDate,
    product_id: row.text('product_id'),
    sku_id: row.text('sku_id'),
    title: row.text('title'),
    category: row.text('category'),
    quantity,
    ordered_fen: ordered,
    paid_fen: paidFen,
    discount_fen: discount ?? Math.max(0, ordered - paidFen - coupon - points - stored),
    freight_fen: fen('freight'),
    platform_subsidy_fen: 0,
    coupon_fen: coupon,
    points_fen: points,
    stored_value_fen: stored,
    deposit_fen: 0,
    delivery: line.mapping.delivery,
  };
}

/** `flagged`: the sale itself says that it was given back; otherwise the line is the return. */
function refundRecord(line: SaleLine, flagged?: 'flagged'): SourceRecord {
  const { orderNo } = line.bill;
  const key = `${orderNo}/${line.lineNo}`;
  const head = flagged
    ? headOf(line, { key: `${key}/returned`, deleted: false })
    : headOf(line, { key, deleted: isVoid(line) });
  const original = flagged ? { orderNo, lineNo: line.lineNo, day: '' } : originalOf(line);
  return recordOf(line.mapping, { kind: 'refund', head, fields: refundFields(line, original) });
}

/** A return of what was no purchase, or of a platform's order (whose own refund is the fact), takes nothing off: closed. */
function refundStatus({ kind, platform }: SaleLine): RefundFields['status'] {
  const isPurchase = kind === 'goods' || kind === 'gift' || kind === 'exchange';
  return isPurchase && platform.number === '' && !platform.suspected ? 'success' : 'closed';
}

function refundFields(line: SaleLine, original: Original): RefundFields {
  const { row, bill } = line;
  return {
    order_no: original.orderNo,
    line_no: original.lineNo,
    store_code: bill.store,
    terminal: bill.terminal,
    original_bill_no: row.text('original_bill_no'),
    original_date: original.day,
    product_id: row.text('product_id'),
    quantity: Math.abs(line.quantity),
    refunded_fen: Math.abs(line.paidFen),
    status: refundStatus(line),
    refund_kind: refundKindOf(line),
    created_at: bill.soldAt,
    refunded_at: bill.soldAt,
    business_date: bill.businessDate,
    delivery: line.mapping.delivery,
  };
}

interface Original {
  readonly orderNo: string;
  readonly lineNo: string;
  /** `yyyy-MM-dd`, or ''. */
  readonly day: string;
}

/**
 * The sale that a return names: wholly where store, terminal, day and number are known, else by what there is (it is
 * joined when read).
 */
function originalOf({ row, bill, mapping }: SaleLine): Original {
  const number = row.text('original_bill_no');
  const date = row.moment('original_date');
  const day = date === null ? '' : 'instant' in date ? localOf(date.instant, mapping.zone).day : (date.day ?? '');
  const terminal = row.text('original_terminal');
  if (number === '' || day === '' || terminal === '') return { orderNo: '', lineNo: '', day };
  const store = row.text('original_store') || bill.store;
  return { orderNo: orderNoOf([store, terminal, day, number]), lineNo: '', day };
}
