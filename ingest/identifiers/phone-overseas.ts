/** Numbers outside the mainland: Hong Kong, Macau, Taiwan and the rest of the world, by libphonenumber. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { compact } from './phone-cn.ts';
import { refusePhone } from './phone-refusal.ts';
import type { Normalised } from './types.ts';

/** Bare digits with the country code of a neighbour, as WeChat gives them. Other codes need a plus: they look like anything. */
const NEIGHBOUR = /^(?:85[23]\d{8}|8860?\d{9})$/;
/** Alibaba's form of a number abroad: country code, dash, number. */
const CODE_DASH_NUMBER = /^(?:1|[2-9]\d{0,2})-\d[\d\s-]{4,}$/;
/** Only North America's code is `1`; nobody parts a mainland mobile after its first digit. */
const NORTH_AMERICA = /^1-\d/;

const MOBILE_TYPES = new Set(['MOBILE', 'FIXED_LINE_OR_MOBILE', 'PERSONAL_NUMBER', 'VOIP']);
const SERVICE_TYPES = new Set(['TOLL_FREE', 'PREMIUM_RATE', 'SHARED_COST', 'UAN', 'VOICEMAIL', 'PAGER']);

/** True for `1-2025550123`, which without its dash would pass for a mainland mobile. */
export function isNorthAmerican(text: string): boolean {
  return NORTH_AMERICA.test(text);
}

/** The number as `+` and digits when its form says that it is from abroad; null otherwise. */
export function overseasForm(text: string): string | null {
  const digits = compact(text);
  if (digits.startsWith('+86') || digits.startsWith('0086') || text.startsWith('86-')) return null;
  if (digits.startsWith('+')) return digits;
  if (digits.startsWith('00')) return `+${digits.slice(2)}`;
  return NEIGHBOUR.test(digits) || CODE_DASH_NUMBER.test(text) ? `+${digits}` : null;
}

/** Reads `+` and digits from abroad; numbers that cannot ring a person's mobile are refused. */
export function readOverseas(number: string): Normalised {
  const parsed = parsePhoneNumberFromString(number);
  if (!parsed?.isValid()) return refusePhone('not-valid');
  const type = parsed.getType();
  if (type !== undefined && MOBILE_TYPES.has(type)) {
    return { ok: true, values: [{ type: 'phone', value: parsed.number, weak: false }] };
  }
  return refusePhone(type !== undefined && SERVICE_TYPES.has(type) ? 'hotline' : 'landline');
}
