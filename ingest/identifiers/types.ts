/** The identifier types Quanyu knows; each has one file in this folder that says its scope, shape and junk values. */
export const IDENTIFIER_TYPES = [
  'phone',
  'phone_md5',
  'phone_sha256',
  'mix_mobile',
  'phone_masked',
  'email',
  'national_id',
  'ouid',
  'open_uid',
  'omid',
  'oaid',
  'douyin_open_id',
  'douyin_union_id',
  'doudian_open_id',
  'douyin_order_no',
  'douyin_phone_index',
  'openid',
  'unionid',
  'external_userid',
  'youzan_open_id',
  'member_no',
  'card_no',
  'pos_customer_uid',
  'user_id',
  'anonymous_id',
] as const;

export type IdentifierType = (typeof IDENTIFIER_TYPES)[number];

/** Where a value means something: nowhere else may it join. `none` = everywhere. */
export type ScopeKind =
  | 'none'
  | 'shop'
  | 'appkey'
  | 'brand'
  | 'appid'
  | 'open_account'
  | 'corp_app'
  | 'programme'
  | 'issuer'
  | 'account'
  | 'source'
  | 'order';

/** Why a cell, or a part of it, is no value of the type. `code` is a Rejection code (`phone.junk`), `expected` its words. */
export interface Refusal {
  readonly code: string;
  readonly expected: string;
}

/** The outcome of reading one dirty cell. `refused` tells of parts that were no value beside some that were (a landline beside a mobile). */
export type Normalised =
  | { readonly ok: true; readonly values: readonly NormalisedValue[]; readonly refused?: readonly Refusal[] }
  | ({ readonly ok: false } & Refusal);

/** One value found in the cell (a cell can hold two phones); it may turn out to be of another type than asked (a masked phone). */
export interface NormalisedValue {
  readonly type: IdentifierType;
  readonly value: string;
  /** Set where the value must not join by itself: masked, virtual, landline, one of two in a cell. */
  readonly weak: boolean;
}

/** Declaration of one identifier type. */
export interface IdentifierDefinition {
  readonly type: IdentifierType;
  readonly scope: ScopeKind;
  /** False for values that never join two accounts (oaid, masked phones). */
  readonly joins: boolean;
  /** Words on pages: zh and en. */
  readonly title: { readonly zh: string; readonly en: string };
  /** Reads one dirty cell. Blank cells (NULL, -, 无, …) are for the caller: `isBlank` of this folder says so. */
  normalise(given: string): Normalised;
  /** Shows a value without telling it (`138****5678`). */
  mask(value: string): string;
}
