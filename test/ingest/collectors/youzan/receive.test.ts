import assert from 'node:assert/strict';
import fc from 'fast-check';
import { youzanPush } from '../../../../fixtures/simulators/youzan/index.ts';
import type { PushRequest } from '../../../../ingest/collectors/collector.ts';
import { youzanCollector } from '../../../../ingest/collectors/youzan/index.ts';
import { HandClock } from '../tmall/shop.ts';
import { APP, orderRow, sourceOf } from './shop.ts';

const receive = (request: Partial<PushRequest>, settings = {}) =>
  youzanCollector.receive!(
    { method: 'POST', query: {}, headers: {}, body: Buffer.alloc(0), ...request },
    { source: sourceOf(settings), clock: new HandClock() },
  );
const push = (more: object = {}) =>
  youzanPush({ type: 'trade_TradePaid', msg: orderRow(1), msg_id: 'm-1', ...more }, APP);

describe('pushes to a Youzan source', () => {
  it('are kept as they are and answered with success', () => {
    const sent = push();
    const answer = receive(sent);
    assert.deepEqual([answer.status, answer.body], [200, '{"code":0,"msg":"success"}']);
    assert.deepEqual(
      answer.items.map(({ kind, payload }) => [kind, payload]),
      [['message', sent.body.toString()]],
    );
  });

  it('with an object for a message are taken as well', () => {
    assert.equal(
      receive(youzanPush({ type: 'youzan_trade_RefundSuccess', msg: { refund_id: '1' } }, { ...APP, encoded: false }))
        .status,
      200,
    );
  });

  it('have one key however often they are sent, also without a number of their own', () => {
    const key = (more: object) => receive(push(more)).items[0]?.key;
    assert.equal(key({ sendCount: 1 }), key({ sendCount: 2 }));
    assert.notEqual(key({}), key({ msg_id: 'm-2' }));
    assert.equal(key({ msg_id: '', version: 1, sendCount: 1 }), key({ msg_id: '', version: 1, sendCount: 2 }));
    assert.notEqual(key({ msg_id: '', version: 1 }), key({ msg_id: '', version: 2 }));
  });

  it('that are a test of the console are answered and not kept', () => {
    const answer = receive(push({ test: true }));
    assert.deepEqual([answer.status, answer.items], [200, []]);
  });

  it('are verified by the message alone where that is asked for, as in the example of the documentation', () => {
    const msg = '%7B%22tid%22%3A%22E20260115120000000000001%22%2C%22status%22%3A%22TRADE_SUCCESS%22%7D';
    const of = (sign: string) => ({
      body: Buffer.from(JSON.stringify({ client_id: APP.client_id, type: 'trade_TradeSuccess', msg, sign })),
    });
    const sign = '0ad589779e1bf8b0520b4f3a32dd616e';
    assert.equal(receive(of(sign), { push_signature: 'message' }).status, 200);
    assert.equal(receive(of(sign)).status, 401, 'by the header unless asked for');
    assert.equal(receive(of(sign.replace('0', '1')), { push_signature: 'message' }).status, 401);
  });

  const sent = push();
  const REFUSED: [why: string, request: Partial<PushRequest>, status: number][] = [
    ['nobody signed them', { ...sent, headers: {} }, 401],
    ['another secret signed them', youzanPush({ type: 'POINTS', msg: {} }, { ...APP, client_secret: 'other' }), 401],
    ['they are another app’s', youzanPush({ type: 'POINTS', msg: {} }, { ...APP, client_id: 'other' }), 401],
    ['a byte was changed', { ...sent, body: Buffer.concat([sent.body, Buffer.from(' ')]) }, 401],
    ['they are no JSON', { body: Buffer.from('hello') }, 400],
  ];
  for (const [why, request, status] of REFUSED) {
    it(`are refused, without the word that ends their repetition, when ${why}`, () => {
      const answer = receive(request);
      assert.deepEqual([answer.status, answer.items], [status, []]);
      assert.ok(!answer.body.includes('success'));
    });
  }

  it('never make it throw, whatever is sent', () => {
    const text = fc.string({ unit: 'binary' });
    const body = fc.oneof(
      text,
      fc.json(),
      text.map((msg) => JSON.stringify({ client_id: APP.client_id, msg })),
    );
    fc.assert(
      fc.property(text, body, fc.constantFrom('header', 'message'), (sign, one, push_signature) => {
        const request = { headers: { 'event-sign': sign }, body: Buffer.from(one) };
        return receive(request, { push_signature }).items.length === 0;
      }),
    );
  });
});
