/** The platform's order states in the words of record.ts; test/ingest/collectors/tmall/order-state.test.ts holds the table. */
import type { OrderState } from '../../record.ts';
import { isPaid } from '../kit/is-paid.ts';

/** State of an order that is neither paid in steps nor on delivery. */
export const STATES = {
  TRADE_NO_CREATE_PAY: 'created',
  WAIT_BUYER_PAY: 'created',
  PAY_PENDING: 'created',
  WAIT_PRE_AUTH_CONFIRM: 'created',
  PAID_FORBID_CONSIGN: 'paid',
  WAIT_SELLER_SEND_GOODS: 'paid',
  SELLER_CONSIGNED_PART: 'part_shipped',
  WAIT_BUYER_CONFIRM_GOODS: 'shipped',
  TRADE_BUYER_SIGNED: 'shipped',
  TRADE_FINISHED: 'finished',
  TRADE_CLOSED: 'closed_refunded',
  TRADE_CLOSED_BY_TAOBAO: 'closed_unpaid',
} as const satisfies Record<string, OrderState>;

export type TradeStatus = keyof typeof STATES;

export const STEP_STATES = {
  FRONT_NOPAID_FINAL_NOPAID: 'created',
  FRONT_PAID_FINAL_NOPAID: 'deposit_paid',
  FRONT_PAID_FINAL_PAID: 'paid',
  FRONT_PAID_FRONT_FORFEITED: 'closed_unpaid',
} as const satisfies Record<string, OrderState>;

export type StepStatus = keyof typeof STEP_STATES;

export interface TradeStanding {
  readonly status: TradeStatus;
  readonly stepStatus?: StepStatus;
  /** Paid to the courier (`type` cod). */
  readonly onDelivery: boolean;
  readonly hasPayTime: boolean;
}

/**
 * The state of a trade. Paid means paid in full: a deposit alone is `deposit_paid`, and closed after a deposit alone is
 * closed unpaid. Goods sent on delivery terms are not paid until they are signed for.
 */
export function orderState({ status, stepStatus, onDelivery, hasPayTime }: TradeStanding): OrderState {
  const state: OrderState = STATES[status];
  const closed = state === 'closed_unpaid' || state === 'closed_refunded';
  if (stepStatus && stepStatus !== 'FRONT_PAID_FINAL_PAID') return closed ? 'closed_unpaid' : STEP_STATES[stepStatus];
  if (stepStatus && state === 'created') return 'paid';
  if (!onDelivery || hasPayTime || status === 'TRADE_FINISHED' || status === 'TRADE_BUYER_SIGNED') return state;
  return closed ? 'closed_unpaid' : 'created';
}

/**
 * The state of one line: the trade's, but a line that was closed by itself keeps its own end. A line closed before the
 * payment of the rest was never paid.
 */
export function lineState(trade: OrderState, lineStatus: TradeStatus | undefined): OrderState {
  if (trade === 'closed_unpaid' || trade === 'closed_refunded') return trade;
  if (lineStatus === 'TRADE_CLOSED_BY_TAOBAO') return 'closed_unpaid';
  return lineStatus === 'TRADE_CLOSED' && isPaid(trade) ? 'closed_refunded' : trade;
}
