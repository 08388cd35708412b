/** What files call the channels. */
import type { Channel } from '../../record.ts';

const CHANNELS: readonly (readonly [RegExp, Channel])[] = [
  [/天猫|淘宝|tmall|taobao/i, 'tmall'],
  [/抖音|抖店|douyin/i, 'douyin'],
  [/微信|小程序|公众号|企微|视频号|we(?:chat|ixin)|mini.?program/i, 'wechat'],
  [/门店|收银|线下|^pos$|store/i, 'pos'],
  [/会员|loyalty/i, 'loyalty'],
];

/** The channel a word means; `other` for a word nobody knows. */
export function channelOf(word: string): Channel {
  return CHANNELS.find(([words]) => words.test(word))?.[1] ?? 'other';
}
