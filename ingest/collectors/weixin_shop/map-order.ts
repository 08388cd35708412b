/** An order becomes one order_line record per line. The receiver, who may be anybody, is left in the archive. */
import { businessDay } from '../../../clock.ts';
import type { Mapped, OrderLineFields, SourceItem, SourceRecord } from '../../record.ts';
import type { MapContext } from '../collector.ts';
import { isPaid } from '../kit/is-paid.ts';
import { share } from '../kit/money.ts';
import { POSTAGE_LINK } from '../kit/postage-link.ts';
import { nameBuyer } from './buyer.ts';
import { orderState } from './order-status.ts';
import { checkOrder, instantOf, type Order, type ProductInfo } from './schemas.ts';
import type { WeixinShopSettings } from './settings.ts';

/** `order_scene` of the platform: 1 other, 2 live, 3 video, 4 share, 5 window, 6 article. */
const SCENES: ReadonlyMap<number, OrderLineFields['scene']> = new Map([
  [2, 'live'],
  [3, 'video'],
  [4, 'share'],
]);

export function mapOrder(item: SourceItem, { source }: MapContext<WeixinShopSettings>): Mapped {
  const checked = checkOrder(item.payload);
  if (!checked.ok) return checked.mapped;
  const order = checked.value;
  const orderNo = String(order.order_id);
  const { account, identifiers, rejections } = nameBuyer(
    { openid: order.openid, unionid: order.unionid, paths: ['/openid', '/unionid'] },
    { settings: source.settings, guest: { kind: 'guest', scope: source.settings.shop_id, key: orderNo } },
  );
  const head = headOf(order, source);
  const payable = payableOf(order);
  const numbers = lineNumbers(order.order_detail.product_infos);
  const records = order.order_detail.product_infos.map((line, n): SourceRecord => {
    return {
      kind: 'order_line',
      key: `${orderNo}/${numbers[n]}`,
      account,
      identifiers,
      personal: {},
      traits: {},
      modifiedAt: instantOf(order.update_time),
      deleted: false,
      custom: {},
      fields: {
        ...lineFields(line, { lineNo: numbers[n]!, payable: payable[n]!, paid: isPaid(head.state) }),
        ...head,
      },
    };
  });
  return { records, rejections };
}

/** Lines have no number of their own: the SKU's, counted where one order holds it more than once. */
function lineNumbers(lines: readonly ProductInfo[]): string[] {
  const met = new Map<string, number>();
  return lines.map(({ sku_id }) => {
    const count = (met.get(String(sku_id)) ?? 0) + 1;
    met.set(String(sku_id), count);
    return count === 1 ? String(sku_id) : `${sku_id}#${count}`;
  });
}

/** `real_price` where the line has it; what it leaves of the order's price, freight aside, is split by the lines' prices. */
function payableOf({ order_detail: { product_infos, price_info } }: Order): number[] {
  const told = product_infos.map(({ real_price }) => (typeof real_price === 'number' ? real_price : null));
  const rest =
    price_info.order_price - (price_info.freight || 0) - told.reduce((sum: number, one) => sum + (one ?? 0), 0);
  const weights = product_infos.map((line, n) => (told[n] === null ? line.sale_price * line.sku_cnt : 0));
  const parts = share(told.includes(null) ? rest : 0, weights);
  return told.map((one, n) => one ?? parts[n]!);
}

function lineFields(line: ProductInfo, { lineNo, payable, paid }: { lineNo: string; payable: number; paid: boolean }) {
  const orderedFen = line.sale_price * line.sku_cnt;
  return {
    line_no: lineNo,
    line_kind: POSTAGE_LINK.test(line.title ?? '') ? ('postage' as const) : ('goods' as const),
    product_id: line.out_product_id || String(line.product_id),
    sku_id: line.out_sku_id || line.sku_code || String(line.sku_id),
    title: line.title ?? '',
    category: '',
    quantity: line.sku_cnt,
    ordered_fen: orderedFen,
    paid_fen: paid ? payable : 0,
    discount_fen: Math.max(0, orderedFen - payable),
    coupon_fen: 0,
    points_fen: line.deduction_price || 0,
    stored_value_fen: 0,
  };
}

/** What stands on every line of the order alike. */
function headOf(order: Order, { settings, zone }: MapContext<WeixinShopSettings>['source']) {
  const { pay_info, price_info, ext_info } = order.order_detail;
  const payTime = instantOf((pay_info || null)?.pay_time);
  const state = orderState(order.status, { hasPayTime: payTime !== null });
  const createdAt = instantOf(order.create_time)!;
  const paidAt = isPaid(state) ? payTime : null;
  const orderNo = String(order.order_id);
  return {
    order_no: orderNo,
    platform_order_no: orderNo,
    is_platform: true,
    suspected_double: false,
    state,
    sold_by: settings.shop_id,
    fulfilled_by: '',
    credited_store: '',
    credited_guide: '',
    scene: SCENES.get((ext_info || null)?.order_scene || 0) ?? '',
    terminal: '',
    bill_no: '',
    created_at: createdAt,
    paid_at: paidAt,
    business_date: businessDay(paidAt ?? createdAt, zone),
    freight_fen: price_info.freight || 0,
    platform_subsidy_fen: 0,
    deposit_fen: 0,
    delivery: '',
  };
}
