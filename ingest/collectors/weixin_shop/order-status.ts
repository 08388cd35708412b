/** The platform's order states in the words of record.ts; a table in the tests holds them. */
import type { OrderState } from '../../record.ts';

/** Closed ones are told apart by their payment: 190 and 250 mostly end what was never paid. */
export const STATUSES = {
  10: 'created',
  20: 'paid',
  21: 'part_shipped',
  30: 'shipped',
  100: 'finished',
  190: 'closed_unpaid',
  200: 'closed_refunded',
  250: 'closed_unpaid',
} as const satisfies Record<number, OrderState>;

export type OrderStatus = keyof typeof STATUSES;

/** A cancelled order that had been paid was paid back. */
export function orderState(status: OrderStatus, { hasPayTime }: { hasPayTime: boolean }): OrderState {
  const state: OrderState = STATUSES[status];
  return state === 'closed_unpaid' && hasPayTime ? 'closed_refunded' : state;
}
