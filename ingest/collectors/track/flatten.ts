/**
 * Properties as a map of texts: nested ones by dotted keys, elements of lists by their place (`products.0.sku`). Numbers
 * stand as they were written, true and false as words, null is left out.
 */
import { identifierDefinition, maskEmail, maskPhone } from '../../identifiers/index.ts';
import type { Rejection } from '../../record.ts';
import { isObject } from '../kit/json.ts';

const MOST = 250;
const DEEPEST = 10;
const LONGEST_KEY = 150;

export interface Flattened {
  readonly properties: Readonly<Record<string, string>>;
  readonly rejections: readonly Rejection[];
}

/** Flattens the objects given, each under a prefix; `path` is where the whole comes from. */
export function flatten(parts: readonly (readonly [prefix: string, value: unknown])[], path: string): Flattened {
  const into = new Map<string, string>();
  let left = 0;
  const put = (key: string, value: unknown, depth: number): void => {
    if (value === null || value === undefined) return;
    if (typeof value !== 'object') {
      if (into.size < MOST && key.length <= LONGEST_KEY) into.set(withoutPersonal(key), withoutPersonal(String(value)));
      else left++;
      return;
    }
    if (depth >= DEEPEST) {
      left++;
      return;
    }
    for (const [name, one] of Object.entries(value)) put(key === '' ? name : `${key}.${name}`, one, depth + 1);
  };
  for (const [prefix, value] of parts) if (isObject(value)) put(prefix, value, 0);
  const expected = `at most ${MOST} properties of keys up to ${LONGEST_KEY} characters, ${DEEPEST} deep; the rest is left out`;
  const rejection = { path, given: `${left} more`, expected, code: 'event.too-many-properties', wholeItem: false };
  return { properties: Object.fromEntries(into), rejections: left === 0 ? [] : [rejection] };
}

const EMAIL = /[\w.+-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63})+/g;
const PHONE = /(?<!\d)1[3-9]\d{9}(?!\d)/g;
const NATIONAL_ID = /(?<!\d)\d{17}[\dXx](?!\d)/g;

/** A text in which phones, e-mails and national ids are masked: properties are kept in clear, and forms and URLs hold such. */
export function withoutPersonal(text: string): string {
  if (text.length < 5 || !/[@\d]|%40/.test(text)) return text;
  return text
    .replace(NATIONAL_ID, (id) => {
      const definition = identifierDefinition('national_id');
      return definition.normalise(id).ok ? definition.mask(id) : id;
    })
    .replace(PHONE, (phone) => maskPhone(phone))
    .replace(EMAIL, (email) => maskEmail(email.replace('%40', '@')));
}
