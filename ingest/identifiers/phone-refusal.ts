/** Every reason for which a cell is not a person's phone, with the words for it. */
import type { Normalised } from './types.ts';

const REASONS = {
  junk: 'the number of one person, not one typed to fill the field (repeated digits, a sequence, an operator line)',
  virtual: 'a real number; a privacy number with an extension is lent for one order and is nobody’s',
  landline: 'a mobile number; a landline belongs to a household or an office',
  hotline: 'a mobile number; this is a service line',
  iot: 'a mobile number; 13 digits starting like this are the card of a device',
  hash: 'a number in clear; this looks like a hash: map the column to phone_md5, phone_sha256 or mix_mobile',
  'excel-rounded': 'all digits of the number; Excel rounded this one: export the column as text',
  'masked-wholly': 'a masked number of 11 places with at least 3 digits left',
  'not-a-number': 'a phone number: digits with the usual spaces, dashes, brackets and prefixes',
  'too-short': 'a mobile number of 11 digits, or an overseas number with its country code',
  'too-long': 'a mobile number of 11 digits, or several with / or , between',
  'not-valid': 'a mobile number that exists: 1[3-9] and nine digits, or a valid overseas mobile with its country code',
} as const;

export type PhoneReason = keyof typeof REASONS;

/** Refuses a cell or a part of it: code `phone.<reason>`. */
export function refusePhone(reason: PhoneReason): Normalised & { readonly ok: false } {
  return { ok: false, code: `phone.${reason}`, expected: REASONS[reason] };
}
