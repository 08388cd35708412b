/** MD5 of the national 11 digits, lower hex. Ten thousand million candidates reverse it: as personal as the phone. */
import { readHash } from './hash.ts';
import { mask } from './mask.ts';
import type { IdentifierDefinition } from './types.ts';

export const phoneMd5: IdentifierDefinition = {
  type: 'phone_md5',
  scope: 'none',
  joins: true,
  title: { zh: '手机号 MD5', en: 'Mobile number, MD5' },
  normalise: (given) => readHash('phone_md5', 'md5', given),
  mask,
};
