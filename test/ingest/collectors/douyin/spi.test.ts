import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type SpiCall, spiCopy } from '../../../../fixtures/simulators/douyin/index.ts';
import { douyinCollector } from '../../../../ingest/collectors/douyin/index.ts';
import { copySignature } from '../../../../ingest/collectors/kit/call-copy.ts';
import { HandClock, NOW, recordsOf, SHOP, sourceOf } from './shop.ts';

const clock = new HandClock();
const OPEN_ID = '1@#Zm9vYmFy+/1000==';
const JOIN: SpiCall = {
  interface: 'member_join',
  params: { open_id: OPEN_ID, union_id: 'un-1000-Zm9v', mobile: '13910001000', nick: '<&>', shop_id: 4_463_798 },
  answer: { code: 0, message: 'success', data: { level: 2, points: 100 } },
};
const now = NOW.getTime() / 1000;

const copyOf = (call: SpiCall, shop: Partial<typeof SHOP> & { spi_secret?: string } = {}) =>
  spiCopy(call, { shop: { ...SHOP, ...shop }, now });
const receive = (
  { body, headers }: { body: Buffer; headers: Readonly<Record<string, string>> },
  settings: Parameters<typeof sourceOf>[0] = {},
) => douyinCollector.receive!({ method: 'POST', query: {}, headers, body }, { source: sourceOf(settings), clock });
const mapped = (change: Partial<SpiCall>) => {
  const [item] = receive(copyOf({ ...JOIN, ...change })).items;
  assert.ok(item, 'the copy was refused');
  return douyinCollector.map(item, { source: sourceOf() });
};

describe('copies of Douyin’s 会员通 calls', () => {
  const SIGNED: readonly (readonly [string, Partial<SpiCall>])[] = [
    ['MD5', {}],
    ['HMAC-SHA256', { sign_method: 'hmac-sha256' }],
    ['HMAC-SHA256, written 2', { sign_method: '2' }],
    ['HTML-escaped JSON', { escaped: true }],
    ['the new signature alone', { only: 'sign_v2' }],
  ];
  for (const [what, change] of SIGNED) {
    it(`are taken when they are signed with ${what}`, () => {
      const { status, items } = receive(copyOf({ ...JOIN, ...change }));
      assert.deepEqual([status, items.map(({ kind }) => kind)], [200, ['spi_call']]);
    });
  }

  it('are taken under the other app that the loyalty system uses', () => {
    const other = copyOf(JOIN, { app_key: '99' as never, spi_secret: 'other-secret' });
    assert.equal(receive(other).status, 401);
    assert.equal(receive(other, { spi_secret: 'other-secret', spi_app_key: '99' }).status, 200);
  });

  const tampered = (change: (copy: Record<string, unknown>) => void) => {
    const copy = JSON.parse(copyOf(JOIN).body.toString()) as Record<string, unknown>;
    change(copy);
    const body = Buffer.from(JSON.stringify(copy));
    return { body, headers: { 'x-quanyu-sign': copySignature(body, SHOP.app_secret) } };
  };

  it('are refused without the loyalty system’s signature, or under another secret', () => {
    const { body } = copyOf(JOIN);
    assert.equal(receive({ body, headers: {} }).status, 401);
    assert.equal(receive(copyOf(JOIN, { app_secret: 'x' as never })).status, 401);
  });

  it('are refused when the platform’s own signature does not stand, in its words', () => {
    const answer = receive(
      tampered((copy) => {
        const call = copy.call as { body: string };
        call.body = Buffer.from('{"open_id":"1@#other=="}').toString('base64');
      }),
    );
    assert.deepEqual([answer.status, (JSON.parse(answer.body) as { code: number }).code], [401, 10001]);
    assert.deepEqual(answer.items, []);
  });

  it('are refused when the call is older than its receipt by minutes, or they come from the future', () => {
    assert.equal(receive(tampered((copy) => Object.assign(copy, { received_at: '2026-01-15T04:30:00Z' }))).status, 401);
    assert.equal(receive(copyOf({ ...JOIN, at: '2026-01-15 12:30:00' })).status, 401);
  });

  it('are refused when they do not say which address was called', () => {
    assert.equal(receive(tampered((copy) => delete copy.interface)).status, 400);
  });

  it('that come again are the same item', () => {
    assert.deepEqual(receive(copyOf(JOIN)).items, receive(copyOf(JOIN)).items);
  });

  it('of a join become a binding and an event, with the phone that the platform gave', () => {
    const result = mapped({ at: '2026-01-15 11:59:58' });
    const [binding] = recordsOf(result, 'binding');
    assert.deepEqual(binding!.account, { kind: 'douyin_open_id', scope: SHOP.shop_id, key: OPEN_ID });
    assert.equal(binding!.fields.channel, 'douyin');
    assert.deepEqual(binding!.fields.bound_at, new Date('2026-01-15T03:59:58Z'));
    assert.deepEqual(
      binding!.identifiers.map(({ type, value }) => [type, value]),
      [
        ['douyin_union_id', 'un-1000-Zm9v'],
        ['phone', '+8613910001000'],
      ],
    );
    assert.deepEqual(binding!.personal, { phone: '+8613910001000' });
    const [event] = recordsOf(result, 'event');
    assert.deepEqual(
      [event!.fields.event, event!.fields.properties],
      ['member_registered', { level: '2', points: '100' }],
    );
  });

  it('take the time that the platform gives for the time of joining', () => {
    const [binding] = recordsOf(mapped({ params: { open_id: OPEN_ID, event_time: '1768400000' } }), 'binding');
    assert.deepEqual(binding!.fields.bound_at, new Date(1_768_400_000_000));
  });

  it('of leaving end the binding', () => {
    const [binding] = recordsOf(mapped({ interface: 'member_unbind' }), 'binding');
    assert.deepEqual([binding!.fields.bound_at, binding!.fields.unbound_at], [null, NOW]);
  });

  it('of a query are an event alone', () => {
    assert.deepEqual(
      mapped({ interface: 'member_query' }).records.map(({ kind }) => kind),
      ['event'],
    );
  });

  it('of a new phone, encrypted, keep its index within the shop as weak evidence', () => {
    const info = { mobile: { old_mobile: '$a8xk$b2xk$1$$', new_mobile: '$b9yl$bmV3$1$$' } };
    const [event] = recordsOf(mapped({ interface: 'member_update', params: { open_id: OPEN_ID, info } }), 'event');
    assert.deepEqual(
      event!.identifiers.map(({ type, scope, value, strength }) => [type, scope, value, strength]),
      [['douyin_phone_index', SHOP.shop_id, 'b9yl', 'weak']],
    );
  });

  const ANSWERS: readonly (readonly [string, object, boolean])[] = [
    ['0', { code: 0 }, true],
    ['0 in the sister platform’s form', { data: { error_code: 0 } }, true],
    ['busy', { code: 100 }, false],
    ['a refusal within data', { code: 0, data: { error_code: 200 } }, false],
    ['nothing', {}, false],
  ];
  for (const [what, answer, facts] of ANSWERS) {
    it(`that were answered with ${what} are ${facts ? 'facts' : 'none'}`, () => {
      assert.equal(mapped({ answer }).records.length > 0, facts);
    });
  }

  it('for another shop of the same app stay in that shop’s scope', () => {
    const [binding] = recordsOf(mapped({ params: { open_id: OPEN_ID, shop_id: '777' } }), 'binding');
    assert.equal(binding!.account!.scope, '777');
  });

  it('that name nobody are refused', () => {
    const { records, rejections } = mapped({ params: { nick: 'x' } });
    assert.deepEqual([records.length, rejections[0]?.code], [0, 'member.nobody']);
  });

  it('never make it throw, whatever they hold', () => {
    const anything = fc.oneof(
      fc.object(),
      fc.dictionary(fc.constantFrom('toString', 'open_id', 'info', 'code', 'data'), fc.jsonValue()),
    );
    fc.assert(
      fc.property(anything, anything, (params, answer) => {
        for (const item of receive(copyOf({ ...JOIN, params: throughJson(params), answer: throughJson(answer) })).items)
          douyinCollector.map(item, { source: sourceOf() });
      }),
    );
  });
});

function throughJson(value: object): object {
  return JSON.parse(JSON.stringify(value)) as object;
}
