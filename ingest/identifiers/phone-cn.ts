/** Mainland numbers by exact rules: mobiles out of every prefix, masked mobiles, and what is a number but no person's. */
import type { PhoneReason } from './phone-refusal.ts';

const MOBILE = /^1[3-9]\d{9}$/;

/** Country code, trunk 0 and the carriers' old IP-call prefixes; one of them may stand before a mobile. */
const PREFIXES = ['+86', '0086', '86', '086', '17951', '12593', '17911', '0'];
const MOBILE_LENGTH = 11;

/** Country code spelled out, after which a landline may lack its trunk 0. */
const COUNTRY = /^(?:\+86|0086)|^86(?=-)/;
const AREA_AND_NUMBER = '(?:10|2\\d|[3-9]\\d\\d)\\d{7,8}';
const LANDLINE = new RegExp(`^0${AREA_AND_NUMBER}$`);
const LANDLINE_AFTER_COUNTRY = new RegExp(`^0?${AREA_AND_NUMBER}$`);
const HOTLINE = /^(?:[48]00\d{7}|9[56]\d{3,6}|1[0-2]\d{1,3})$/;
const DEVICE = /^(?:1064[6-9]|14\d{3})\d{8}$/;

const EXTENSION = '(?:-|转|轉|分机|ext\\.?|x|#|,|_)\\d{1,6}$';
const SOME_EXTENSION = new RegExp(EXTENSION, 'i');
const MOBILE_WITH_EXTENSION = new RegExp(`^(?:\\+?86-?|0086-?|0)?1[3-9*][\\d*]-?[\\d*]{4}-?[\\d*]{4}${EXTENSION}`, 'i');

const MASKED = /^[1*][3-9*][\d*]{9}$/;
const MASKED_SHORTER = /^(1[3-9]\d)\*+(\d{4})$/;

/** Digits with at most the plus they start with: spaces, dashes, dots and underscores taken out. */
export function compact(text: string): string {
  return text.replace(/[\s\-._]/g, '');
}

/** True for the eleven digits of a mobile and nothing else: what nearly every clean cell is. */
export function isPlainMobile(text: string): boolean {
  if (text.length !== MOBILE_LENGTH || text.charCodeAt(0) !== 0x31 || text.charCodeAt(1) < 0x33) return false;
  for (let i = 1; i < MOBILE_LENGTH; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}

/** The 11 digits of a mobile out of compact digits with at most one known prefix; null when that is not what they are. */
export function mobileIn(digits: string): string | null {
  const national = digits.slice(-MOBILE_LENGTH);
  const prefix = digits.slice(0, -MOBILE_LENGTH);
  return MOBILE.test(national) && (prefix === '' || PREFIXES.includes(prefix)) ? national : null;
}

/** A mobile with an extension (`18400913965-7576`): lent by a platform for one order. Spaces must be out already. */
export function isVirtual(text: string): boolean {
  return MOBILE_WITH_EXTENSION.test(text);
}

/** The masked mobile of a part with stars as 11 places; null when too little is left to be of use. */
export function maskedMobile(text: string): string | null {
  const places = compact(text).replace(/^(?:\+?86|0086)(?=.{11}$)/, '');
  const shorter = MASKED_SHORTER.exec(places);
  if (shorter) return `${shorter[1]}****${shorter[2]}`;
  const known = places.replace(/\*/g, '').length;
  return MASKED.test(places) && known >= 3 && known < MOBILE_LENGTH ? places : null;
}

/** What a number that is no mobile is: a landline, a service line, a device's card; null when none of them. */
export function otherLine(text: string): PhoneReason | null {
  for (const candidate of [text, text.replace(SOME_EXTENSION, '')]) {
    const national = compact(candidate.replace(COUNTRY, ''));
    const isAbroadForm = COUNTRY.test(candidate);
    if (DEVICE.test(national)) return 'iot';
    if ((isAbroadForm ? LANDLINE_AFTER_COUNTRY : LANDLINE).test(national)) return 'landline';
    if (HOTLINE.test(national)) return 'hotline';
  }
  return null;
}
