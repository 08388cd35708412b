/** A phone in clear: E.164 (`+8613912345678`), everywhere the same person's, until the carrier gives it to another. */
import { maskPhone } from './mask.ts';
import { readPhoneCell } from './phone-cell.ts';
import type { IdentifierDefinition } from './types.ts';

export const phone: IdentifierDefinition = {
  type: 'phone',
  scope: 'none',
  joins: true,
  title: { zh: '手机号', en: 'Mobile number' },
  normalise: readPhoneCell,
  mask: maskPhone,
};
