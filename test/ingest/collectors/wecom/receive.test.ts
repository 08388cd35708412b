import assert from 'node:assert/strict';
import fc from 'fast-check';
import { seal } from '../../../../fixtures/simulators/tencent/safe-mode.ts';
import { corpMessage } from '../../../../fixtures/simulators/wecom/index.ts';
import type { PushRequest } from '../../../../ingest/collectors/collector.ts';
import { wecomCollector } from '../../../../ingest/collectors/wecom/index.ts';
import { HandClock } from '../tmall/shop.ts';
import { contactMessage, SAFE_MODE, sourceOf } from './corp.ts';

const receive = (request: Partial<PushRequest>, settings = {}) =>
  wecomCollector.receive!(
    { method: 'POST', query: {}, headers: {}, body: Buffer.alloc(0), ...request },
    { source: sourceOf(settings), clock: new HandClock() },
  );
const ADDED = contactMessage('add_external_contact');

describe('messages to a WeCom source', () => {
  it('are decrypted, kept as they are and answered', () => {
    const answer = receive(corpMessage(ADDED, SAFE_MODE));
    assert.deepEqual([answer.status, answer.body], [200, 'success']);
    assert.deepEqual(
      answer.items.map(({ kind, payload }) => [kind, payload]),
      [['message', ADDED]],
    );
  });

  it('have one key however often they are sent', () => {
    const key = (nonce: string) => receive(corpMessage(ADDED, SAFE_MODE, { nonce })).items[0]?.key;
    assert.equal(key('1'), key('2'));
  });

  it('the check of the URL gets its echostr back, decrypted', () => {
    const sealed = seal('1616140317555161061', SAFE_MODE, { timestamp: '1409659589', nonce: '263014780' });
    const query = { ...sealed.query, echostr: sealed.encrypted };
    const answer = receive({ method: 'GET', query });
    assert.deepEqual([answer.status, answer.body, answer.items], [200, '1616140317555161061', []]);
    assert.equal(receive({ method: 'GET', query: { ...query, nonce: '1' } }).status, 401);
    assert.equal(receive({ method: 'GET', query: {} }).status, 400);
  });

  const sealed = corpMessage(ADDED, SAFE_MODE);
  const REFUSED: [why: string, request: Partial<PushRequest>, status: number][] = [
    ['nobody signed them', { ...sealed, query: {} }, 401],
    ['another token signed them', corpMessage(ADDED, { ...SAFE_MODE, token: 'other' }), 401],
    ['the time was changed', { ...sealed, query: { ...sealed.query, timestamp: '1' } }, 401],
    ['they are for another company', corpMessage(ADDED, { ...SAFE_MODE, receiver: 'ww2' }), 400],
    [
      'they are under another key',
      corpMessage(ADDED, { ...SAFE_MODE, aesKey: SAFE_MODE.aesKey.replaceAll('j', 'k') }),
      400,
    ],
    ['they are in clear', { ...sealed, body: Buffer.from(ADDED) }, 400],
    ['they are JSON', { ...sealed, body: Buffer.from('{"Encrypt":"x"}') }, 400],
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
    const query = fc.record({ msg_signature: text, timestamp: text, nonce: text, echostr: text });
    const body = fc.oneof(
      text,
      text.map((one) => `<xml><Encrypt><![CDATA[${one}]]></Encrypt></xml>`),
    );
    fc.assert(
      fc.property(fc.constantFrom('GET', 'POST'), query, body, (method, given, sent) => {
        return receive({ method, query: given, body: Buffer.from(sent) }).items.length === 0;
      }),
    );
  });
});
