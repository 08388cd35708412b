import assert from 'node:assert/strict';
import fc from 'fast-check';
import { messagesPost } from '../../../../fixtures/simulators/douyin/index.ts';
import { douyinCollector } from '../../../../ingest/collectors/douyin/index.ts';
import { HandClock, map, messageText, SHOP, sourceOf } from './shop.ts';

const PAID = messageText('101', '{"p_id":4933609365066313446,"pay_time":1768449600,"shop_id":4463798}');
const clock = new HandClock();

const receive = (body: Buffer, headers: Readonly<Record<string, string>>) =>
  douyinCollector.receive!({ method: 'POST', query: {}, headers, body }, { source: sourceOf(), clock });
const post = (text: string) => {
  const { body, headers } = messagesPost(text, SHOP);
  return receive(body, headers);
};

describe('messages of Douyin', () => {
  it('are taken one by one under their own id and answered in the platform’s words', () => {
    const [first] = JSON.parse(PAID) as object[];
    const second = { tag: '206', msg_id: 'm-2', data: '{"aftersale_id":71,"p_id":49,"s_id":50,"shop_id":1}' };
    const { status, body, items } = post(`[${JSON.stringify(first)}, ${JSON.stringify(second)}]`);
    assert.deepEqual([status, JSON.parse(body)], [200, { code: 0, msg: 'success' }]);
    assert.deepEqual(
      items.map(({ kind, key, payload }) => [kind, key, payload]),
      [
        ['message', '7012345678901234567:101:1', JSON.stringify(first)],
        ['message', 'm-2', JSON.stringify(second)],
      ],
    );
  });

  it('that come again are the same items', () => {
    assert.deepEqual(post(PAID).items, post(PAID).items);
  });

  it('keep 64-bit numbers within the text within the body', () => {
    const [item] = post(PAID).items;
    assert.match(item!.payload, /4933609365066313446/);
    assert.deepEqual(douyinCollector.map(item!, { source: sourceOf() }), { records: [], rejections: [] });
  });

  it('of the platform’s trial are answered and not kept', () => {
    const { status, items } = post(messageText('0', '{}'));
    assert.deepEqual([status, items], [200, []]);
  });

  it('are taken whether the signature is in upper or lower case', () => {
    const { body, headers } = messagesPost(PAID, SHOP);
    assert.equal(receive(body, { ...headers, 'event-sign': headers['event-sign']!.toUpperCase() }).status, 200);
  });

  it('under another signature, or changed by one byte, are refused', () => {
    const { body, headers } = messagesPost(PAID, SHOP);
    for (const [bytes, sign] of [
      [body, '00'],
      [body, ''],
      [Buffer.concat([body, Buffer.from(' ')]), headers['event-sign']!],
    ] as const) {
      const answer = receive(bytes, { ...headers, 'event-sign': sign });
      assert.deepEqual([answer.status, answer.items], [401, []]);
      assert.notEqual((JSON.parse(answer.body) as { code: number }).code, 0);
    }
  });

  it('that nobody can read are kept for the quarantine', () => {
    for (const text of [
      'not JSON',
      '[{"tag":"101"',
      '{"tag":"101"}',
      '[1]',
      '[{"tag":"101","msg_id":"x","data":"{"}]',
    ]) {
      const { status, items } = post(text);
      assert.deepEqual([status, items.length], [200, 1], text);
      const { rejections } = douyinCollector.map(items[0]!, { source: sourceOf() });
      assert.ok(rejections.length > 0, text);
    }
  });

  it('without the number of what they tell are shown', () => {
    const { rejections } = map('message', { tag: '101', msg_id: 'm', data: '{"pay_time":1}' });
    assert.deepEqual([rejections[0]?.path, rejections[0]?.code], ['/data/p_id', 'field.missing']);
    assert.deepEqual(map('message', { tag: '400', msg_id: 'm', data: '{"product_id":1}' }).rejections, []);
  });

  it('never make it throw, whatever is posted', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
        const { body, headers } = messagesPost(text, SHOP);
        for (const item of receive(body, headers).items) douyinCollector.map(item, { source: sourceOf() });
      }),
    );
  });
});
