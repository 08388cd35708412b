/** What each line of an order comes to: the order's sums split to the fen over its lines. */
import type { LineKind, OrderState } from '../../record.ts';
import { isPaid } from '../kit/is-paid.ts';
import { share } from '../kit/money.ts';
import { POSTAGE_LINK } from '../kit/postage-link.ts';
import { lineState } from './order-state.ts';
import type { Order, OrderLine } from './schemas.ts';

export interface LineAmounts {
  readonly state: OrderState;
  readonly kind: LineKind;
  readonly orderedFen: number;
  /** What the line costs the buyer after all discounts, whether it is paid or not. */
  readonly payableFen: number;
  readonly paidFen: number;
  readonly couponFen: number;
}

/** The lines of an order in `state`, in their order. */
export function lineAmounts(order: Order, state: OrderState): LineAmounts[] {
  const lines = order.sku_order_list;
  const states = lines.map((line) => lineState(state, line.order_status || undefined));
  const payable = payableOf(order, { open: states.map((one) => one !== 'closed_unpaid' || one === state) });
  return lines.map((line, n): LineAmounts => {
    return {
      state: states[n]!,
      kind: lineKind(line),
      orderedFen: orderedFen(line),
      payableFen: payable[n]!,
      paidFen: isPaid(states[n]!) ? payable[n]! : 0,
      couponFen: line.promotion_redpack_amount || 0,
    };
  });
}

/**
 * `pay_amount` of the order holds its freight; whether that of a line holds a part of it is not documented. So the order's,
 * less freight, is split over the open lines by theirs: where they add up to it already, each keeps its own.
 */
function payableOf(order: Order, { open }: { open: readonly boolean[] }): number[] {
  const goods = order.pay_amount - (order.post_amount || 0);
  const weights = order.sku_order_list.map((line, n) => (open[n] && !isGift(line) ? weightOf(line) : 0));
  return weights.some((weight) => weight > 0) ? share(goods, weights) : weights;
}

function weightOf(line: OrderLine): number {
  return typeof line.pay_amount === 'number' ? line.pay_amount : orderedFen(line);
}

function orderedFen(line: OrderLine): number {
  return typeof line.sum_amount === 'number' ? line.sum_amount : line.origin_amount * line.item_num;
}

function isGift(line: OrderLine): boolean {
  return line.given_product_type === 'FREE';
}

function lineKind(line: OrderLine): LineKind {
  if (isGift(line)) return 'gift';
  return POSTAGE_LINK.test(line.product_name ?? '') ? 'postage' : 'goods';
}
