import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { shopMessage } from '../../../../fixtures/simulators/weixin_shop/index.ts';
import type { PushRequest } from '../../../../ingest/collectors/collector.ts';
import { weixinShopCollector } from '../../../../ingest/collectors/weixin_shop/index.ts';
import { HandClock, messageRow, SAFE_MODE, sourceOf } from './shop.ts';

const receive = (request: Partial<PushRequest>, settings = {}) =>
  weixinShopCollector.receive!(
    { method: 'POST', query: {}, headers: {}, body: Buffer.alloc(0), ...request },
    { source: sourceOf(settings), clock: new HandClock() },
  );
const JOIN = messageRow('channels_ec_vip_join', { user_info: { join_time: 1768449500 } });

describe('messages to a 微信小店 source', () => {
  it('are decrypted, kept and answered with success', () => {
    const answer = receive(shopMessage(JOIN, SAFE_MODE));
    assert.deepEqual([answer.status, answer.body], [200, 'success']);
    assert.deepEqual(
      answer.items.map(({ kind, payload }) => [kind, payload]),
      [['message', JSON.stringify(JOIN)]],
    );
  });

  it('have one key however often they are sent, and another when they say something else', () => {
    const key = (message: object, nonce: string) => receive(shopMessage(message, SAFE_MODE, { nonce })).items[0]?.key;
    assert.equal(key(JOIN, '1'), key(JOIN, '2'));
    assert.notEqual(key(JOIN, '1'), key({ ...JOIN, CreateTime: 1768449600 }, '1'));
    assert.notEqual(key(JOIN, '1'), key({ ...JOIN, user_info: { join_time: 1 } }, '1'));
  });

  it('the check of the URL gets its echostr back', () => {
    const [timestamp, nonce] = ['1714036504', '1514711492'];
    const signature = createHash('sha1').update([SAFE_MODE.token, timestamp, nonce].sort().join('')).digest('hex');
    const query = { signature, timestamp, nonce, echostr: '4375120948345356249' };
    assert.deepEqual(receive({ method: 'GET', query }), {
      ...{ status: 200, contentType: 'text/plain; charset=utf-8', body: '4375120948345356249', items: [] },
    });
    assert.equal(receive({ method: 'GET', query: { ...query, nonce: '1' } }).status, 401);
  });

  const sealed = shopMessage(JOIN, SAFE_MODE);
  const REFUSED: [why: string, request: Partial<PushRequest>, status: number][] = [
    ['nobody signed them', { ...sealed, query: {} }, 401],
    [
      'only the plain signature stands',
      { ...sealed, query: { ...sealed.query, msg_signature: sealed.query.signature! } },
      401,
    ],
    ['another token signed them', shopMessage(JOIN, { ...SAFE_MODE, token: 'other' }), 401],
    ['the time was changed', { ...sealed, query: { ...sealed.query, timestamp: '1' } }, 401],
    ['they are for another app', shopMessage(JOIN, { ...SAFE_MODE, receiver: 'wx0000000000000002' }), 400],
    [
      'they are under another key',
      shopMessage(JOIN, { ...SAFE_MODE, aesKey: SAFE_MODE.aesKey.replaceAll('a', 'b') }),
      400,
    ],
    ['they are in clear', { ...sealed, body: Buffer.from(JSON.stringify(JOIN)) }, 400],
    ['they are XML', { ...sealed, body: Buffer.from('<xml><Encrypt>x</Encrypt></xml>') }, 400],
  ];
  for (const [why, request, status] of REFUSED) {
    it(`are refused when ${why}`, () => {
      const answer = receive(request);
      assert.deepEqual([answer.status, answer.items], [status, []]);
    });
  }

  it('are not taken by a source without a token', () => {
    assert.equal(receive(sealed, { callback_token: undefined }).status, 404);
  });

  it('never make it throw, whatever is sent', () => {
    const text = fc.string({ unit: 'binary' });
    const query = fc.record({ msg_signature: text, timestamp: text, nonce: text, signature: text, echostr: text });
    const body = fc.oneof(
      text,
      text.map((Encrypt) => JSON.stringify({ Encrypt })),
      fc.json(),
    );
    fc.assert(
      fc.property(fc.constantFrom('GET', 'POST', 'PUT'), query, body, (method, given, sent) => {
        return receive({ method, query: given, body: Buffer.from(sent) }).items.length === 0;
      }),
    );
  });

  it('that are signed and decrypt to nonsense are kept, and mapped to a rejection', () => {
    const answer = receive(shopMessage('no json', SAFE_MODE));
    assert.equal(answer.status, 200);
    const mapped = weixinShopCollector.map(answer.items[0]!, { source: sourceOf() });
    assert.deepEqual(
      mapped.rejections.map(({ code }) => code),
      ['item.not-json'],
    );
  });
});
