import { type TrackSettings, trackCollector } from '../../../../ingest/collectors/track/index.ts';
import { itemsOf } from '../../../../ingest/collectors/track/pull.ts';
import { spoolKeysOf } from '../../../../ingest/index.ts';
import { openSpoolWriter, type SpooledCall } from '../../../../ingest/spool/index.ts';
import { describeCollector } from '../../../contracts/collector.ts';
import type { CollectorDriver } from '../../../contracts/collector-driver.ts';
import { TEST_KEYS } from '../../../helpers/store.ts';
import { temporary } from '../../../helpers/tracked.ts';

const NOW = new Date('2026-03-05T04:00:00Z');
const KEYS = spoolKeysOf(TEST_KEYS);

const MALFORMED = [
  { message: { messageId: 'm-type', type: 'sing', userId: 'u-1' }, path: '/message/type', expected: /identify, track/ },
  {
    message: { messageId: 'm-event', type: 'track', userId: 'u-1' },
    path: '/message/event',
    expected: /name of the event/,
  },
  { message: { messageId: 'm-who', type: 'page', userId: 'null' }, path: '/message/userId', expected: /anonymousId/ },
  { message: { messageId: 'm-id', type: 'page', userId: { id: 1 } }, path: '/message/userId', expected: /text/ },
  {
    message: { messageId: 'm-props', type: 'page', userId: 'u-1', properties: 'x' },
    path: '/message/properties',
    expected: /object/,
  },
  {
    message: { messageId: 'm-time', type: 'page', userId: 'u-1', timestamp: 'noon' },
    path: '/message/timestamp',
    expected: /ISO 8601/,
  },
  {
    message: { messageId: 'm-phone', type: 'identify', userId: 'u-1', traits: { phone: '12' } },
    path: '/message/traits/phone',
    expected: /./,
  },
];

const ABOUT = { userId: 'u-7', anonymousId: 'device-0007', timestamp: '2026-03-05T03:59:00.000Z' };
const SAMPLES: readonly object[] = [
  {
    ...ABOUT,
    type: 'identify',
    traits: {
      name: '张伟',
      phone: '13912345678',
      email: 'a@b.cn',
      plan: { tier: 1 },
      birthday: '1990-02-03',
      gender: 'male',
      address: { city: '深圳' },
      createdAt: '2024-01-02T03:04:05Z',
    },
  },
  {
    ...ABOUT,
    type: 'track',
    event: 'Paid',
    properties: { total: 12.5, list: [1, { a: null }], ok: true },
    context: { page: { url: 'https://x.example/?p=13912345678' }, campaign: { name: 'spring' } },
  },
  { ...ABOUT, type: 'group', groupId: 7, traits: { size: 3 } },
  { ...ABOUT, type: 'alias', previousId: 'device-0001' },
];

async function makeDriver({ malformed }: { malformed: boolean }): Promise<CollectorDriver<TrackSettings>> {
  const { folder, remove } = await temporary();
  const writer = openSpoolWriter(folder, () => KEYS);
  const expected: string[] = [];
  const put = (id: string, messages: readonly { messageId: string }[]) => {
    expected.push(...messages.map(({ messageId }) => `message ${messageId}`));
    return writer.append(callOf(id, messages));
  };
  for (let call = 0; call < 40; call++) {
    const messages = Array.from({ length: 60 }, (_, n) => ({
      ...{ messageId: `${call}-${n}`, type: 'track', event: 'Seen', anonymousId: `device-${n}` },
    }));
    await put(`call-${call}`, messages);
    if (call % 15 === 14) await writer.rotate();
  }
  if (malformed)
    await put(
      'bad',
      MALFORMED.map(({ message }) => message),
    );
  await writer.close();
  return {
    source: {
      ...{ id: 'web', platform: 'track', channel: 'other', zone: 'Asia/Shanghai' },
      settings: { write_keys: ['web-write-key'], users: 'shop', member_programme: 'club', traits_join: true },
      spool: { folder, keys: KEYS },
    },
    stream: 'spool',
    clock: { now: () => NOW },
    sleep: () => Promise.resolve(),
    expected: () => expected,
    malformed: MALFORMED.map(({ message, path, expected: words }) => ({
      key: message.messageId,
      path,
      expected: words,
    })),
    samples: itemsOf(callOf('samples', SAMPLES)),
    close: remove,
  };
}

function callOf(id: string, batch: readonly object[]): SpooledCall {
  return { id, receivedAt: NOW, type: '', body: JSON.stringify({ batch, sentAt: NOW.toISOString() }) };
}

describeCollector<TrackSettings>({
  name: 'track',
  collector: trackCollector,
  capabilities: { rateLimited: false, windowed: false, authorised: false, networked: false },
  makeDriver,
});
