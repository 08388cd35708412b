/** Tmall membership: MD5(MD5("tmall" + phone + key)), the key being one shop’s, so the digest means something in that shop alone. */
import { readHash } from './hash.ts';
import { mask } from './mask.ts';
import type { IdentifierDefinition } from './types.ts';

export const mixMobile: IdentifierDefinition = {
  type: 'mix_mobile',
  scope: 'shop',
  joins: true,
  title: { zh: '会员通加密手机号', en: 'Tmall membership phone digest (mix_mobile)' },
  normalise: (given) => readHash('mix_mobile', 'md5', given),
  mask,
};
