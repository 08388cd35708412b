import assert from 'node:assert/strict';
import { trackCollector } from '../../../../ingest/collectors/track/index.ts';
import { itemsOf } from '../../../../ingest/collectors/track/pull.ts';
import type { Mapped, SourceRecord } from '../../../../ingest/record.ts';

const RECEIVED = new Date('2026-03-05T04:00:00.000Z');
type Kind<K> = Extract<SourceRecord, { kind: K }>;

/** Maps one message of a batch; `sentAt` is the batch's. */
function mapped(message: object, { sentAt = RECEIVED.toISOString(), settings = {} } = {}): Mapped {
  const [item] = itemsOf({
    id: 'call',
    receivedAt: RECEIVED,
    type: '',
    body: JSON.stringify({ sentAt, batch: [message] }),
  });
  const source = {
    ...{ id: 'web', platform: 'track', channel: 'other' as const, zone: 'Asia/Shanghai' },
    settings: { write_keys: ['web-write-key'], users: 'shop', ...settings },
  };
  return trackCollector.map(item!, { source });
}
const event = (message: object, more?: { sentAt?: string }) => {
  const { records, rejections } = mapped({ type: 'track', event: 'E', userId: 'u-1', ...message }, more);
  return { ...(records[0] as Kind<'event'>).fields, rejections };
};

describe('messages of the tracking API', () => {
  const clocks: [string, { timestamp: string; sentAt: string }, string, number][] = [
    [
      'a right clock',
      { timestamp: '2026-03-05T03:00:00Z', sentAt: '2026-03-05T04:00:00Z' },
      '2026-03-05T03:00:00.000Z',
      0,
    ],
    [
      'a clock an hour ahead',
      { timestamp: '2026-03-05T04:59:00Z', sentAt: '2026-03-05T05:00:00Z' },
      '2026-03-05T03:59:00.000Z',
      0,
    ],
    [
      'a clock of 1970',
      { timestamp: '1970-01-01T00:00:05Z', sentAt: '1970-01-01T00:01:00Z' },
      '2026-03-05T03:59:05.000Z',
      0,
    ],
    [
      'an event of years ago',
      { timestamp: '2019-03-05T04:00:00Z', sentAt: '2026-03-05T04:00:00Z' },
      '2019-03-05T04:00:00.000Z',
      0,
    ],
    [
      'another offset',
      { timestamp: '2026-03-05T11:00:00+08:00', sentAt: '2026-03-05T04:00:00Z' },
      '2026-03-05T03:00:00.000Z',
      0,
    ],
    ['no offset', { timestamp: '2026-03-05T03:00:00', sentAt: '' }, '2026-03-05T03:00:00.000Z', 0],
    [
      'a time to come',
      { timestamp: '2026-03-06T04:00:00Z', sentAt: '2026-03-05T04:00:00Z' },
      RECEIVED.toISOString(),
      1,
    ],
    ['no time at all', { timestamp: 'soon', sentAt: '' }, RECEIVED.toISOString(), 1],
  ];
  for (const [what, { timestamp, sentAt }, expected, rejections] of clocks) {
    it(`happened at the right time with ${what}`, () => {
      const read = event({ timestamp }, { sentAt });
      assert.deepEqual([read.happened_at.toISOString(), read.rejections.length], [expected, rejections]);
    });
  }

  it('have properties as texts under dotted keys, with nothing of a person in clear', () => {
    const properties = {
      order: { total: 12.5, id: 9007199254740993n.toString(), paid: true, note: null },
      items: [{ sku: 'S1' }, { sku: 'S2' }],
      form: 'call 13912345678 or anna@example.com, 110101199003078072',
      at: 1772683200000,
      tid: '230000000000001234',
    };
    const context = { page: { url: 'https://x.example/?m=anna%40example.com', ip: '1.2.3.4' }, ip: '1.2.3.4' };
    assert.deepEqual(event({ properties, context }).properties, {
      'order.total': '12.5',
      'order.id': '9007199254740993',
      'order.paid': 'true',
      'items.0.sku': 'S1',
      'items.1.sku': 'S2',
      form: 'call 139****5678 or a***@example.com, 11****72',
      at: '1772683200000',
      tid: '230000000000001234',
      'context.page.url': 'https://x.example/?m=a***@example.com',
    });
  });

  it('keep the digits of numbers that JavaScript cannot hold', () => {
    const body = '{"type":"track","event":"E","userId":"u-1","properties":{"id":9007199254740993}}';
    const [item] = itemsOf({ id: 'call', receivedAt: RECEIVED, type: 'track', body });
    assert.match(item!.payload, /9007199254740993/);
  });

  it('say how many properties were too many', () => {
    const properties = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`p${n}`, n]));
    const read = event({ properties });
    assert.equal(Object.keys(read.properties).length, 250);
    assert.deepEqual([read.rejections[0]!.code, read.rejections[0]!.given], ['event.too-many-properties', '50 more']);
  });

  it('are about the person where they name one, and tell of the device', () => {
    const { records } = mapped(
      { type: 'page', userId: 'u-1', anonymousId: 'device-1' },
      { settings: { member_programme: 'club' } },
    );
    assert.deepEqual(records[0]!.account, { kind: 'user_id', scope: 'shop', key: 'u-1' });
    assert.deepEqual(records[0]!.identifiers, [
      { type: 'anonymous_id', scope: 'shop', value: 'device-1', strength: 'stated' },
      { type: 'member_no', scope: 'club', value: 'u-1', strength: 'stated' },
    ]);
  });

  it('tell of phones that join only where the key is secret', () => {
    const message = {
      type: 'identify',
      userId: 'u-1',
      traits: { phone: '137 1204 5678', plan: 'gold', firstName: '伟', address: { city: '深圳' } },
    };
    for (const [traits_join, strength] of [
      [false, 'weak'],
      [true, 'stated'],
    ] as const) {
      const record = mapped(message, { settings: { traits_join } }).records[0] as Kind<'shop_customer'>;
      assert.deepEqual(record.identifiers, [{ type: 'phone', scope: '', value: '+8613712045678', strength }]);
      assert.deepEqual(record.personal, { name: '伟', address: '深圳', phone: '+8613712045678' });
      assert.deepEqual([record.traits, record.custom], [{ city: '深圳' }, { plan: 'gold' }]);
    }
  });
});
