/** An order becomes one order_line record per line. The receiver, who may be anybody, is left in the archive. */
import { businessDay } from '../../../clock.ts';
import type { LineKind, Mapped, SourceItem, SourceRecord } from '../../record.ts';
import type { MapContext } from '../collector.ts';
import { nameAccount } from '../kit/account.ts';
import { isPaid } from '../kit/is-paid.ts';
import { share, yuanToFen } from '../kit/money.ts';
import { POSTAGE_LINK } from '../kit/postage-link.ts';
import { readPlatformTime } from '../kit/time.ts';
import { rejected, shown } from '../kit/validate.ts';
import { buyerRungs, phoneOf } from './buyer.ts';
import { orderState } from './order-state.ts';
import { checkTrade, isSet, type Trade, type TradeLine } from './schemas.ts';
import type { YouzanSettings } from './settings.ts';

/** `order_info.type`: 3 = bought from a supplier, 100 = wholesale; 8 = a fen to prove one's name, 9 = a tasting. */
const WHOLESALE = [3, 100];
const TEST = [8, 9];
/** `item_type`: cards that are sold, prepaid or of membership. */
const TOP_UP = [20, 21];
const SELF_FETCH = 1;

export function mapOrder(item: SourceItem, { source }: MapContext<YouzanSettings>): Mapped {
  const checked = checkTrade(item.payload);
  if (!checked.ok) return checked.mapped;
  const trade = checked.value.full_order_info;
  const tid = trade.order_info.tid;
  const at = '/full_order_info';
  const numbers = trade.orders.map(({ oid }) => String(oid));
  const twice = numbers.find((oid, n) => numbers.indexOf(oid) !== n);
  if (twice !== undefined) {
    const expected = 'lines with a number of their own each';
    return rejected({ path: `${at}/orders`, given: shown(twice), expected, code: 'order.line-twice' });
  }
  const { account, identifiers, rejections } = nameAccount(buyerRungs(buyerOf(trade, at), source.settings), {
    ...{ kind: 'guest', scope: source.settings.shop_id, key: tid },
  });
  const head = headOf(trade, source);
  const amounts = amountsOf(trade);
  const records = trade.orders.map((line, n): SourceRecord => {
    return {
      kind: 'order_line',
      key: `${tid}/${numbers[n]}`,
      account,
      identifiers,
      personal: phoneOf(identifiers),
      traits: {},
      modifiedAt: readPlatformTime(trade.order_info.update_time),
      deleted: false,
      custom: {},
      fields: { ...lineFields(line, { ...amounts[n]!, paid: isPaid(head.state), trade }), ...head },
    };
  });
  return { records, rejections };
}

function buyerOf({ buyer_info, source_info }: Trade, at: string) {
  const buyer = buyer_info || {};
  const entrance = ((source_info || null)?.source || null)?.wx_entrance;
  return {
    ...{ yzOpenId: buyer.yz_open_id, phone: buyer.buyer_phone, outerUserId: buyer.outer_user_id, entrance },
    paths: [`${at}/buyer_info/yz_open_id`, `${at}/buyer_info/buyer_phone`, `${at}/buyer_info/outer_user_id`],
  } as const;
}

const fen = (yuan: string | number | null | undefined): number => (yuan ? (yuanToFen(yuan) ?? 0) : 0);

/**
 * The lines' payments add up to the order's, freight and all discounts within them: the freight is taken out of them again.
 * Gift cards and stored value are given for the order, in fen.
 */
function amountsOf({ orders, pay_info }: Trade): { payable: number; stored: number }[] {
  const given = orders.map(({ payment }) => fen(payment));
  const goods = Math.max(0, fen(pay_info.payment) - fen(pay_info.post_fee));
  const isWithoutFreight = given.reduce((sum, one) => sum + one, 0) === goods;
  const payable = isWithoutFreight ? given : share(goods, given);
  const stored = share(pay_info.deduction_pay || 0, payable);
  return payable.map((one, n) => ({ payable: one, stored: stored[n]! }));
}

function lineFields(
  line: TradeLine,
  { payable, stored, paid, trade }: { payable: number; stored: number; paid: boolean; trade: Trade },
) {
  const orderedFen = fen(line.price) * line.num;
  return {
    line_no: String(line.oid),
    line_kind: lineKind(line, trade),
    product_id: line.outer_item_id || String(line.item_id || ''),
    sku_id: line.outer_sku_id || String(line.sku_id || ''),
    title: line.title ?? '',
    category: '',
    quantity: line.num,
    ordered_fen: orderedFen,
    paid_fen: paid ? payable : 0,
    discount_fen: Math.max(0, orderedFen - payable),
    coupon_fen: 0,
    points_fen: 0,
    stored_value_fen: stored,
  };
}

function lineKind(line: TradeLine, { order_info }: Trade): LineKind {
  const type = order_info.type || 0;
  if (isSet(line.is_present)) return 'gift';
  if (TOP_UP.includes(line.item_type || 0)) return 'top_up';
  if (POSTAGE_LINK.test(line.title ?? '')) return 'postage';
  if (TEST.includes(type)) return 'test';
  return WHOLESALE.includes(type) ? 'wholesale' : 'goods';
}

/** What stands on every line of the order alike. */
function headOf({ order_info, pay_info }: Trade, { settings, zone }: MapContext<YouzanSettings>['source']) {
  const payTime = order_info.pay_time ? readPlatformTime(order_info.pay_time) : null;
  const onDelivery = order_info.pay_type_str === 'CODPAY';
  const state = orderState(order_info.status, { hasPayTime: payTime !== null, onDelivery });
  const createdAt = readPlatformTime(order_info.created)!;
  const paidAt = isPaid(state) ? payTime : null;
  return {
    order_no: order_info.tid,
    platform_order_no: order_info.tid,
    is_platform: true,
    suspected_double: false,
    state,
    sold_by: settings.shop_id,
    fulfilled_by: '',
    credited_store: order_info.offline_id ? String(order_info.offline_id) : '',
    credited_guide: '',
    scene: order_info.express_type === SELF_FETCH ? ('pick_up' as const) : ('' as const),
    terminal: '',
    bill_no: '',
    created_at: createdAt,
    paid_at: paidAt,
    business_date: businessDay(paidAt ?? createdAt, zone),
    freight_fen: fen(pay_info.post_fee),
    platform_subsidy_fen: 0,
    deposit_fen: 0,
    delivery: '',
  };
}
