import type { OrderState } from '../../record.ts';

/** Whether the whole price has been paid (it may have been given back since). */
export function isPaid(state: OrderState): boolean {
  return state !== 'created' && state !== 'deposit_paid' && state !== 'closed_unpaid';
}
