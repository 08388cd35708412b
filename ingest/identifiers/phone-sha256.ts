/** SHA-256 of the national 11 digits, lower hex: as personal as the phone. */
import { readHash } from './hash.ts';
import { mask } from './mask.ts';
import type { IdentifierDefinition } from './types.ts';

export const phoneSha256: IdentifierDefinition = {
  type: 'phone_sha256',
  scope: 'none',
  joins: true,
  title: { zh: '手机号 SHA-256', en: 'Mobile number, SHA-256' },
  normalise: (given) => readHash('phone_sha256', 'sha256', given),
  mask,
};
