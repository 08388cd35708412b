/** A masked mobile (`138****5678`, `13*******64`): weak evidence beside other evidence, never a join of its own. */
import { maskPhone } from './mask.ts';
import { readPhoneCell } from './phone-cell.ts';
import type { IdentifierDefinition } from './types.ts';

/** Reads like `phone`: which of the two a cell holds is seen from the cell, since export profiles change. */
export const phoneMasked: IdentifierDefinition = {
  type: 'phone_masked',
  scope: 'none',
  joins: false,
  title: { zh: '脱敏手机号', en: 'Masked mobile number' },
  normalise: readPhoneCell,
  mask: maskPhone,
};
