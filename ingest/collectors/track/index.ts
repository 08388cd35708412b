/** The tracking API, after Segment's HTTP spec: what SDKs of web sites, apps and servers send, out of the source's spool. */
import type { Collector } from '../collector.ts';
import { rejected } from '../kit/validate.ts';
import { mapEvent } from './map-event.ts';
import { mapIdentify } from './map-identify.ts';
import { readMessage } from './message.ts';
import { pull } from './pull.ts';
import { settingsSchema, type TrackSettings } from './settings.ts';

export { MESSAGE_BYTES, MESSAGE_TYPES, type MessageType } from './message.ts';
export { DEFAULT_EVENTS_PER_SECOND, type TrackSettings } from './settings.ts';

export const trackCollector: Collector<TrackSettings> = {
  platform: 'track',
  title: { zh: '埋点接口（Segment 协议）', en: 'Tracking API (Segment’s spec)' },
  settingsSchema,
  kinds: ['event', 'shop_customer'],
  limits: [
    'A message holds at most 32 KB, a batch at most 500 KB.',
    'A call over the limit of events a second is answered with 429.',
  ],
  mapperVersion: 1,
  streams: () => ['spool'],
  pull,
  map(item, { source: { settings } }) {
    if (item.kind !== 'message')
      return rejected({ path: '', given: item.kind, expected: 'message', code: 'item.kind-not-known' });
    const read = readMessage(item, settings);
    if (!read.ok) return read.mapped;
    return (read.message.type === 'identify' ? mapIdentify : mapEvent)(item, read.message, settings);
  },
};
