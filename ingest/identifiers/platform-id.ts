/** Ids that platforms and brands hand out: opaque, compared as they are, with the junk that broken senders put in their place. */
import { mask } from './mask.ts';
import { isJunkDigits } from './phone-junk.ts';
import { bare, LONGEST_CELL, tidy } from './text.ts';
import type { IdentifierDefinition, IdentifierType, Normalised, ScopeKind } from './types.ts';

/** Lower case. */
const PLACEHOLDERS = new Set([
  ...['null', 'undefined', 'none', 'nil', 'nan', '0', '-1', 'true', 'false', '[object object]', 'test', 'anonymous'],
  ...['openid', 'unionid', 'open_id', 'union_id', 'userid', 'user_id', 'anonymousid', 'anonymous_id', 'guest'],
]);
const WALK_IN = /散客|非会员|无卡|测试/;
const APP_ID = /^wx[0-9a-f]{16}$/;
const ONE_CHARACTER = /^(?:0+|(.)\1{3,})$/u;
const MOBILE_LENGTH = 11;
const ROUNDED = /^\d(?:\.\d+e\+?|e\+)\d{1,3}$/i;
/** Excel keeps 15 digits and fills with zeros; one true id in a thousand ends so as well. */
const PERHAPS_ROUNDED = /^\d{15,}000$/;

/** What a platform's ids look like. `typed` ids pass through tills and hands: spaces, full-width digits and `.0` are undone. */
export interface IdShape {
  readonly pattern: RegExp;
  /** The pattern in words. */
  readonly words: string;
  readonly typed?: true;
}

/** Opaque ids of Alibaba, Douyin and the like: printable ASCII. */
export const OPAQUE_64: IdShape = { pattern: /^[\x21-\x7e]{4,64}$/, words: '4 to 64 printable characters' };
export const OPAQUE_128: IdShape = { pattern: /^[\x21-\x7e]{4,128}$/, words: '4 to 128 printable characters' };
/** WeChat's openid and unionid. */
export const WECHAT_28: IdShape = { pattern: /^[A-Za-z0-9_-]{28}$/, words: '28 letters, digits, _ or -' };
/** Card and member numbers, which tills print and people type. */
export const NUMBER_ON_CARD: IdShape = {
  pattern: /^[\p{L}\p{N}._#-]{1,64}$/u,
  words: 'up to 64 letters and digits, as text',
  typed: true,
};
/** 64-bit numbers, kept as text since JavaScript's numbers cannot hold them. */
export const INTEGER_64: IdShape = {
  pattern: /^\d{1,20}$/,
  words: 'a whole number of at most 20 digits, as text',
  typed: true,
};
/** Ids of a brand's own programs. */
export const OWN_ID: IdShape = { pattern: /^[^\s\p{C}]{1,256}$/u, words: 'up to 256 characters without spaces' };

export interface PlatformIdOptions {
  readonly type: IdentifierType;
  readonly scope: ScopeKind;
  readonly title: IdentifierDefinition['title'];
  readonly shape: IdShape;
  /** @default true */
  readonly joins?: false;
}

function isJunk(id: string): boolean {
  if (PLACEHOLDERS.has(id.toLowerCase()) || ONE_CHARACTER.test(id) || WALK_IN.test(id)) return true;
  return id.length === MOBILE_LENGTH && /^1\d+$/.test(id) && isJunkDigits(id);
}

function readId({ type, shape }: PlatformIdOptions, given: string): Normalised {
  if (given.length > LONGEST_CELL) return refused(type, 'not-valid', shape.words);
  const text = shape.typed ? tidy(given) : bare(given);
  const id = shape.typed ? text.replace(/\s/g, '').replace(/^(\d+)\.0+$/, '$1') : text;
  if (id === '' || isJunk(text) || isJunk(id)) return refused(type, 'junk', 'an id, not a placeholder');
  if (APP_ID.test(id)) return refused(type, 'app-id', 'the id of a person; this is the id of an app');
  if (ROUNDED.test(id)) return refused(type, 'excel-rounded', 'all digits of the id; export the column as text');
  if (!shape.pattern.test(id)) return refused(type, 'not-valid', shape.words);
  return { ok: true, values: [{ type, value: id, weak: PERHAPS_ROUNDED.test(id) }] };
}

function refused(type: IdentifierType, reason: string, expected: string): Normalised {
  return { ok: false, code: `${type}.${reason}`, expected };
}

/** Declares the type of an opaque id: upper and lower case differ, nothing is folded. */
export function platformId(options: PlatformIdOptions): IdentifierDefinition {
  const { type, scope, title, joins = true } = options;
  return { type, scope, joins, title, normalise: (given) => readId(options, given), mask };
}
