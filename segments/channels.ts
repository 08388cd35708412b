/** Channels: the words for them, and how profiles count by them. */
import type { Channel } from '../ingest/record.ts';
import { p, type SqlFragment, sql } from '../store/index.ts';
import { maskOf } from './bits.ts';
import type { Words } from './words.ts';

/** In the order of their bits (bits.ts): add at the end only. */
export const CHANNEL_WORDS: { readonly [C in Channel]: Words } = {
  tmall: { zh: '天猫', en: 'Tmall' },
  douyin: { zh: '抖音', en: 'Douyin' },
  wechat: { zh: '微信', en: 'WeChat' },
  pos: { zh: '门店', en: 'stores' },
  loyalty: { zh: '会员系统', en: 'loyalty system' },
  other: { zh: '其他', en: 'other' },
};

export const CHANNELS = Object.keys(CHANNEL_WORDS) as readonly Channel[];

/** The bits of `channels`, as in profiles.channels_bits. */
export function channelMask(channels: readonly Channel[]): number {
  return maskOf(channels, CHANNELS);
}

/** Counts by channel from an array in the order of CHANNELS. */
export function countsByChannel(counts: readonly number[] | undefined): Record<Channel, number> {
  return Object.fromEntries(CHANNELS.map((channel, place) => [channel, counts?.[place] ?? 0])) as Record<
    Channel,
    number
  >;
}

/** Array expression with the number of profiles in each of CHANNELS. */
export function channelCounts(): SqlFragment {
  const counts = CHANNELS.map(
    (channel) => sql`countIf(bitAnd(channels_bits, ${p('UInt8', channelMask([channel]))}) != 0)`,
  );
  return sql`[${counts.reduce((list, count) => sql`${list}, ${count}`)}]`;
}
