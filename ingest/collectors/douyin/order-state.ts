/** The platform's order states in the words of record.ts; test/ingest/collectors/douyin/order-state.test.ts holds the table. */
import type { OrderState } from '../../record.ts';
import { isPaid } from '../kit/is-paid.ts';

/** `order_status`, of an order that is neither paid in steps nor later. Closed (4) is told apart by whether it was paid. */
export const STATES = {
  1: 'created',
  105: 'paid',
  2: 'paid',
  101: 'part_shipped',
  3: 'shipped',
  4: 'closed',
  5: 'finished',
} as const satisfies Record<number, OrderState | 'closed'>;

export type OrderStatus = keyof typeof STATES;

/** A step of an order that is paid in steps, of one of its lines. */
export interface Phase {
  readonly sku_order_id: string | number;
  readonly total_phase: number;
  readonly current_phase: number;
  readonly pay_success: boolean;
  readonly phase_pay_amount?: number | null | '' | undefined;
}

export interface OrderStanding {
  readonly status: OrderStatus;
  /** `main_status` 103: paid in part. */
  readonly partPaid: boolean;
  readonly phases: readonly Phase[];
  /** Paid to the courier, or after the goods have been tried. */
  readonly paysLater: boolean;
  readonly hasPayTime: boolean;
}

/**
 * The state of an order. Paid means paid in full: a deposit alone is `deposit_paid`, and closed after a deposit alone is
 * closed unpaid. Goods sent on the promise to pay are not paid until there is a time of payment or the order is done.
 */
export function orderState({ status, partPaid, phases, paysLater, hasPayTime }: OrderStanding): OrderState {
  const state = STATES[status];
  const inSteps = phases.some(({ total_phase }) => total_phase > 1);
  const stepsPaid = phases.length > 0 && restIsPaid(phases);
  if (state === 'closed') return (inSteps ? stepsPaid : hasPayTime && !partPaid) ? 'closed_refunded' : 'closed_unpaid';
  if (state === 'created') {
    if (inSteps && stepsPaid) return 'paid';
    return partPaid || phases.some(({ pay_success }) => pay_success) ? 'deposit_paid' : 'created';
  }
  return paysLater && !hasPayTime && state !== 'finished' ? 'created' : state;
}

/** Every line that is paid in steps has its last step paid. */
function restIsPaid(phases: readonly Phase[]): boolean {
  const lines = new Map<string, boolean>();
  for (const { sku_order_id, total_phase, current_phase, pay_success } of phases) {
    const line = String(sku_order_id);
    lines.set(line, lines.get(line) === true || (current_phase === total_phase && pay_success));
  }
  return [...lines.values()].every((paid) => paid);
}

/** The state of one line: the order's, but a line that was closed by itself keeps its own end. */
export function lineState(order: OrderState, lineStatus: OrderStatus | undefined): OrderState {
  if (lineStatus !== 4 || order === 'closed_unpaid' || order === 'closed_refunded') return order;
  return isPaid(order) ? 'closed_refunded' : 'closed_unpaid';
}
