/** What each line of a trade comes to: the header's sums split to the fen where the lines do not say. */
import type { LineKind, OrderState } from '../../record.ts';
import { isPaid } from '../kit/is-paid.ts';
import { share, yuanToFen } from '../kit/money.ts';
import { POSTAGE_LINK } from '../kit/postage-link.ts';
import { lineState } from './order-state.ts';
import type { Trade, TradeLine } from './schemas.ts';

export interface LineAmounts {
  readonly state: OrderState;
  readonly kind: LineKind;
  readonly orderedFen: number;
  /** What the line costs the buyer after all discounts, whether it is paid or not. */
  readonly payableFen: number;
  readonly paidFen: number;
  readonly couponFen: number;
  readonly pointsFen: number;
  readonly storedValueFen: number;
}

/** Amounts have passed the schema; absent ones count as 0. */
export function fen(yuan: string | number | null | undefined): number {
  return yuan === undefined || yuan === null || yuan === '' ? 0 : (yuanToFen(yuan) ?? 0);
}

/** The lines of a trade in `state`, in their order. One point is worth one fen; coupons are given in fen. */
export function lineAmounts(trade: Trade, state: OrderState): LineAmounts[] {
  const states = trade.orders.map((line) => lineState(state, line.status || undefined));
  const payable = payableOf(trade, { open: states.map((one) => one !== 'closed_unpaid' || one === state) });
  const coupons = share(trade.coupon_fee || 0, payable);
  const points = share(trade.point_fee || 0, payable);
  return trade.orders.map((line, n): LineAmounts => {
    return {
      state: states[n]!,
      kind: lineKind(trade, line),
      orderedFen: fen(line.price) * line.num,
      payableFen: payable[n]!,
      paidFen: isPaid(states[n]!) ? payable[n]! : 0,
      couponFen: coupons[n]!,
      pointsFen: points[n]!,
      storedValueFen: fen(line.expand_card_basic_price_used_suborder),
    };
  });
}

/**
 * `divide_order_fee` where the line has it. What it leaves of the trade's payment, freight aside, is split over the other
 * lines that are `open` (not closed before the rest was paid) by their own payments or prices.
 */
function payableOf(trade: Trade, { open }: { open: readonly boolean[] }): number[] {
  const told = trade.orders.map((line) => (isGiven(line.divide_order_fee) ? fen(line.divide_order_fee) : null));
  const rest = fen(trade.payment) - fen(trade.post_fee) - told.reduce((sum: number, one) => sum + (one ?? 0), 0);
  const weights = trade.orders.map((line, n) =>
    told[n] === null && open[n] && line.is_free_gift !== true ? weightOf(line) : 0,
  );
  const nobody = weights.every((weight) => weight === 0);
  const parts = share(nobody ? 0 : rest, weights);
  return told.map((one, n) => one ?? parts[n]!);
}

function weightOf(line: TradeLine): number {
  return isGiven(line.payment) ? fen(line.payment) : fen(line.price) * line.num;
}

function isGiven(yuan: string | number | null | undefined): yuan is string | number {
  return yuan !== undefined && yuan !== null && yuan !== '';
}

function lineKind(trade: Trade, line: TradeLine): LineKind {
  if (line.is_free_gift === true) return 'gift';
  if (trade.receipt_type === 'POSTAGE' || POSTAGE_LINK.test(line.title ?? '')) return 'postage';
  return trade.type === 'fenxiao' ? 'wholesale' : 'goods';
}
