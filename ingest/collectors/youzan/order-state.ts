/** The platform's order states in the words of record.ts; a table in the tests holds them. */
import type { OrderState } from '../../record.ts';

export const STATUSES = {
  // Also a pre-sale whose deposit is paid: the platform does not tell the two apart here.
  WAIT_BUYER_PAY: 'created',
  TRADE_PAID: 'paid',
  // Paid; waits for the group of buyers to be full, or for the shop to accept.
  WAIT_CONFIRM: 'paid',
  WAIT_SELLER_SEND_GOODS: 'paid',
  WAIT_BUYER_CONFIRM_GOODS: 'shipped',
  TRADE_SUCCESS: 'finished',
  TRADE_CLOSED: 'closed_unpaid',
} as const satisfies Record<string, OrderState>;

export type TradeStatus = keyof typeof STATUSES;

/** A closed order that had been paid was paid back; goods sent on delivery terms are not paid until they are signed for. */
export function orderState(
  status: TradeStatus,
  { hasPayTime, onDelivery }: { hasPayTime: boolean; onDelivery: boolean },
): OrderState {
  const state: OrderState = STATUSES[status];
  if (state === 'closed_unpaid') return hasPayTime ? 'closed_refunded' : 'closed_unpaid';
  return onDelivery && !hasPayTime && state !== 'finished' ? 'created' : state;
}
