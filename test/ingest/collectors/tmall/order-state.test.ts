import assert from 'node:assert/strict';
import {
  lineState,
  orderState,
  STATES,
  STEP_STATES,
  type TradeStatus,
} from '../../../../ingest/collectors/tmall/order-state.ts';

type Case = [
  status: TradeStatus,
  how: { step?: keyof typeof STEP_STATES; cod?: true; unpaid?: true },
  state: string,
  why: string,
];

/** Every status of the platform, then the ways of paying that change what it means. */
const CASES: Case[] = [
  ['TRADE_NO_CREATE_PAY', {}, 'created', 'no payment was begun'],
  ['WAIT_BUYER_PAY', {}, 'created', 'the buyer has yet to pay'],
  ['PAY_PENDING', {}, 'created', 'the card company has yet to confirm'],
  ['WAIT_PRE_AUTH_CONFIRM', {}, 'created', 'a pre-authorisation is no payment'],
  ['PAID_FORBID_CONSIGN', {}, 'paid', 'paid, held back until the group is full'],
  ['WAIT_SELLER_SEND_GOODS', {}, 'paid', 'paid, to be sent'],
  ['SELLER_CONSIGNED_PART', {}, 'part_shipped', 'some lines are sent'],
  ['WAIT_BUYER_CONFIRM_GOODS', {}, 'shipped', 'sent'],
  ['TRADE_BUYER_SIGNED', {}, 'shipped', 'signed for, not yet settled'],
  ['TRADE_FINISHED', {}, 'finished', 'settled'],
  ['TRADE_CLOSED', {}, 'closed_refunded', 'paid back in full'],
  ['TRADE_CLOSED_BY_TAOBAO', {}, 'closed_unpaid', 'closed before payment'],
  ['WAIT_BUYER_PAY', { step: 'FRONT_NOPAID_FINAL_NOPAID' }, 'created', 'not even the deposit is paid'],
  ['WAIT_BUYER_PAY', { step: 'FRONT_PAID_FINAL_NOPAID' }, 'deposit_paid', 'the deposit is paid, the rest is not'],
  ['WAIT_BUYER_PAY', { step: 'FRONT_PAID_FINAL_PAID' }, 'paid', 'both are paid though the status lags'],
  ['WAIT_SELLER_SEND_GOODS', { step: 'FRONT_PAID_FINAL_PAID' }, 'paid', 'both are paid'],
  ['TRADE_FINISHED', { step: 'FRONT_PAID_FINAL_PAID' }, 'finished', 'both are paid and settled'],
  ['TRADE_CLOSED', { step: 'FRONT_PAID_FINAL_PAID' }, 'closed_refunded', 'paid in full and paid back'],
  ['TRADE_CLOSED', { step: 'FRONT_PAID_FINAL_NOPAID' }, 'closed_unpaid', 'a deposit given back is no purchase'],
  ['TRADE_CLOSED_BY_TAOBAO', { step: 'FRONT_PAID_FINAL_NOPAID' }, 'closed_unpaid', 'the rest was never paid'],
  ['TRADE_CLOSED_BY_TAOBAO', { step: 'FRONT_PAID_FRONT_FORFEITED' }, 'closed_unpaid', 'the deposit is forfeited'],
  ['WAIT_BUYER_PAY', { step: 'FRONT_PAID_FRONT_FORFEITED' }, 'closed_unpaid', 'forfeited before the trade is closed'],
  ['WAIT_SELLER_SEND_GOODS', { cod: true, unpaid: true }, 'created', 'on delivery: nothing is paid yet'],
  ['WAIT_BUYER_CONFIRM_GOODS', { cod: true, unpaid: true }, 'created', 'on delivery and on its way: not paid'],
  ['TRADE_BUYER_SIGNED', { cod: true, unpaid: true }, 'shipped', 'on delivery: paid with the signature'],
  ['TRADE_FINISHED', { cod: true, unpaid: true }, 'finished', 'on delivery and settled'],
  ['TRADE_CLOSED', { cod: true, unpaid: true }, 'closed_unpaid', 'on delivery and refused at the door'],
  ['WAIT_SELLER_SEND_GOODS', { cod: true }, 'paid', 'on delivery, but paid all the same'],
];

describe('order states of the platform', () => {
  for (const [status, { step, cod, unpaid }, state, why] of CASES) {
    it(`${[status, step, cod && 'on delivery'].filter(Boolean).join(', ')} is ${state}: ${why}`, () => {
      const standing = { status, onDelivery: cod === true, hasPayTime: unpaid !== true };
      assert.equal(orderState(step ? { ...standing, stepStatus: step } : standing), state);
    });
  }

  it('no status is without its case', () => {
    assert.deepEqual(new Set(CASES.map(([status]) => status)), new Set(Object.keys(STATES)));
    const steps = new Set(CASES.map(([, { step }]) => step).filter(Boolean));
    assert.deepEqual(steps, new Set(Object.keys(STEP_STATES)));
  });

  it('a line follows its trade, but keeps its own end', () => {
    assert.equal(lineState('part_shipped', 'WAIT_BUYER_CONFIRM_GOODS'), 'part_shipped');
    assert.equal(lineState('finished', 'TRADE_CLOSED'), 'closed_refunded');
    assert.equal(lineState('paid', 'TRADE_CLOSED_BY_TAOBAO'), 'closed_unpaid');
    assert.equal(lineState('closed_refunded', 'TRADE_FINISHED'), 'closed_refunded');
    assert.equal(lineState('shipped', undefined), 'shipped');
  });
});
