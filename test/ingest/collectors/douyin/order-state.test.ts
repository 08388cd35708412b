import assert from 'node:assert/strict';
import {
  lineState,
  type OrderStanding,
  type OrderStatus,
  orderState,
  type Phase,
  STATES,
} from '../../../../ingest/collectors/douyin/order-state.ts';
import type { OrderState } from '../../../../ingest/record.ts';

const step = (current_phase: number, pay_success: boolean, sku_order_id = '1'): Phase => {
  return { sku_order_id, total_phase: 2, current_phase, pay_success };
};
const DEPOSIT = [step(1, true), step(2, false)];
const BOTH = [step(1, true), step(2, true)];
const standing = (status: OrderStatus, change: Partial<OrderStanding> = {}): OrderStanding => {
  return { status, partPaid: false, phases: [], paysLater: false, hasPayTime: false, ...change };
};

describe('states of Douyin orders', () => {
  const table: readonly (readonly [string, OrderStanding, OrderState])[] = [
    ['to be paid or confirmed', standing(1), 'created'],
    ['paid', standing(105, { hasPayTime: true }), 'paid'],
    ['being prepared', standing(2, { hasPayTime: true }), 'paid'],
    ['sent in part', standing(101, { hasPayTime: true }), 'part_shipped'],
    ['sent', standing(3, { hasPayTime: true }), 'shipped'],
    ['done', standing(5, { hasPayTime: true }), 'finished'],
    ['cancelled before it was paid', standing(4), 'closed_unpaid'],
    ['cancelled after it was paid', standing(4, { hasPayTime: true }), 'closed_refunded'],
    ['in steps, none paid', standing(1, { phases: [step(1, false)] }), 'created'],
    ['in steps, the deposit paid', standing(1, { phases: DEPOSIT, hasPayTime: true }), 'deposit_paid'],
    ['paid in part by its main state', standing(1, { partPaid: true }), 'deposit_paid'],
    ['in steps, both paid', standing(1, { phases: BOTH, hasPayTime: true }), 'paid'],
    ['in steps, the rest of one line unpaid', standing(1, { phases: [...BOTH, step(1, true, '2')] }), 'deposit_paid'],
    ['closed after the deposit alone', standing(4, { phases: DEPOSIT, hasPayTime: true }), 'closed_unpaid'],
    ['closed after the rest', standing(4, { phases: BOTH, hasPayTime: true }), 'closed_refunded'],
    ['sent, to be paid to the courier', standing(3, { paysLater: true }), 'created'],
    ['sent, tried and paid', standing(3, { paysLater: true, hasPayTime: true }), 'shipped'],
    ['done, paid to the courier', standing(5, { paysLater: true }), 'finished'],
    ['refused at the door', standing(4, { paysLater: true }), 'closed_unpaid'],
  ];
  for (const [what, given, expected] of table)
    it(`${what}: ${expected}`, () => assert.equal(orderState(given), expected));

  it('has a row for every state of the platform', () => {
    const told = new Set(table.map(([, { status }]) => String(status)));
    assert.deepEqual([...told].sort(), Object.keys(STATES).sort());
  });

  const lines: readonly (readonly [string, OrderState, OrderStatus | undefined, OrderState])[] = [
    ['as its order', 'shipped', 3, 'shipped'],
    ['as its order where it says nothing', 'paid', undefined, 'paid'],
    ['closed by itself after payment', 'shipped', 4, 'closed_refunded'],
    ['closed by itself before payment', 'deposit_paid', 4, 'closed_unpaid'],
    ['closed with its order', 'closed_unpaid', 4, 'closed_unpaid'],
  ];
  for (const [what, order, line, expected] of lines)
    it(`a line ${what}: ${expected}`, () => assert.equal(lineState(order, line), expected));
});
