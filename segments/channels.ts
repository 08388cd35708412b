/** Channels: the bit of each in profiles.channel_bits, and the words for them. */
import type { Channel } from '../ingest/record.ts';
import { p, type SqlFragment, sql } from '../store/index.ts';
import type { Words } from './words.ts';

/** A bit once given stays: older partitions of profiles hold it. */
const CHANNEL: { readonly [C in Channel]: Words & { readonly bit: number } } = {
  tmall: { bit: 1, zh: '天猫', en: 'Tmall' },
  douyin: { bit: 2, zh: '抖音', en: 'Douyin' },
  wechat: { bit: 4, zh: '微信', en: 'WeChat' },
  pos: { bit: 8, zh: '门店', en: 'stores' },
  loyalty: { bit: 16, zh: '会员系统', en: 'loyalty system' },
  other: { bit: 32, zh: '其他', en: 'other' },
};

export const CHANNELS = Object.keys(CHANNEL) as readonly Channel[];

/** The words for each channel. */
export const CHANNEL_WORDS: Readonly<Record<Channel, Words>> = CHANNEL;

/** The bits of all `channels`, as in profiles.channel_bits. */
export function channelBits(channels: readonly Channel[]): number {
  return channels.reduce((bits, channel) => bits | CHANNEL[channel].bit, 0);
}

/** The bits of an Array(String) expression of channels. */
export function bitsOfChannels(list: SqlFragment): SqlFragment {
  const bits = CHANNELS.map((channel) => CHANNEL[channel].bit);
  return sql`toUInt8(arraySum(channel -> transform(toString(channel), ${p('Array(String)', CHANNELS)}, ${p('Array(UInt8)', bits)}, 0), ${list}))`;
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
    (channel) => sql`countIf(bitAnd(channel_bits, ${p('UInt8', channelBits([channel]))}) != 0)`,
  );
  return sql`[${counts.reduce((list, count) => sql`${list}, ${count}`)}]`;
}
