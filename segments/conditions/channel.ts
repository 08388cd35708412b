/** channel: in which channels the profile has an account or a binding. */
import { p, sql } from '../../store/index.ts';
import { CHANNEL_WORDS, CHANNELS, channelMask } from '../channels.ts';
import type { ChannelHeld } from './condition.ts';
import { type Kind, NO_CHILDREN } from './kind.ts';

export const CHANNEL_LIST = { type: 'array', items: { enum: CHANNELS }, minItems: 1, uniqueItems: true } as const;

const WORDS = {
  any: { zh: '拥有任一渠道：', en: 'is in any of the channels ' },
  all: { zh: '拥有全部渠道：', en: 'is in all of the channels ' },
  none: { zh: '不在任何这些渠道：', en: 'is in none of the channels ' },
} as const;

export const channel: Kind<ChannelHeld> = {
  ...NO_CHILDREN,
  schema: {
    type: 'object',
    description: 'Channels in which the profile has an account, or to which its membership is bound.',
    properties: {
      kind: { const: 'channel' },
      operator: { enum: Object.keys(WORDS), description: 'In any, in all, or in none of them.' },
      channels: CHANNEL_LIST,
    },
    required: ['kind', 'operator', 'channels'],
    additionalProperties: false,
  },
  check: () => undefined,
  compile({ operator, channels }) {
    const bits = p('UInt8', channelMask(channels));
    if (operator === 'all') return sql`(bitAnd(channels_bits, ${bits}) = ${bits})`;
    if (operator === 'any') return sql`(bitAnd(channels_bits, ${bits}) != 0)`;
    return sql`(bitAnd(channels_bits, ${bits}) = 0)`;
  },
  describe({ operator, channels }, { language }) {
    const names = channels.map((one) => CHANNEL_WORDS[one][language]);
    return `${WORDS[operator][language]}${names.join(language === 'zh' ? '、' : ', ')}`;
  },
};
