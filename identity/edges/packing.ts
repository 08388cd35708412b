/** How an edge's type, scope, strength and kind of record travel from SQL to Node: in one 32-bit number. */
import type { KindAboutNobody, RecordKind } from '../../ingest/record.ts';
import { p, raw, type SqlFragment, sql } from '../../store/index.ts';

/** Kinds of account_records rows; `account` is the first sight of an account and holds its own key. A kind is one bit of evidence. */
const KIND_CODES: Readonly<Record<Exclude<RecordKind, KindAboutNobody> | 'account', number>> = {
  account: 0,
  membership: 1,
  binding: 2,
  points_entry: 3,
  level_change: 4,
  shop_customer: 5,
  order_line: 6,
  refund: 7,
  event: 8,
  consent: 9,
  coupon: 10,
  service: 11,
  survey: 12,
  idea: 13,
};
const OTHER_KIND = 15;

const SLOT_BITS = 20;
const STRENGTH_BITS = 2;
const KIND_BITS = 4;
const STRENGTH_AT = SLOT_BITS;
const KIND_AT = STRENGTH_AT + STRENGTH_BITS;
const BLOCKED_AT = KIND_AT + KIND_BITS;

/** Types times scopes that one run can tell apart. */
export const SLOTS_MAX = 2 ** SLOT_BITS;

export const slotOf = (packed: number): number => packed & (2 ** SLOT_BITS - 1);
export const strengthOf = (packed: number): number => (packed >>> STRENGTH_AT) & (2 ** STRENGTH_BITS - 1);
export const isBlocked = (packed: number): boolean => ((packed >>> BLOCKED_AT) & 1) === 1;
/** One bit for the kind of record; kindBit === OWN_KEY for the account's own key. */
export const kindBit = (packed: number): number => 1 << ((packed >>> KIND_AT) & (2 ** KIND_BITS - 1));
export const OWN_KEY = 1 << KIND_CODES.account;

/** The packing of columns type, scope, strength, kind and token, as UInt32. */
export function packed(of: {
  slotHashes: readonly string[];
  strengths: readonly string[];
  blocked: readonly string[];
}): SqlFragment {
  const codes = (count: number) => Array.from({ length: count }, (_, code) => code);
  const kinds = Object.entries(KIND_CODES);
  const slot = sql`transform(cityHash64(type, scope), ${p('Array(UInt64)', of.slotHashes.map(BigInt))}, ${p('Array(UInt32)', codes(of.slotHashes.length))}, toUInt32(0))`;
  const strength = sql`transform(strength, ${p('Array(String)', of.strengths)}, ${p('Array(UInt32)', codes(of.strengths.length))}, toUInt32(0))`;
  const kind = sql`transform(kind, ${p(
    'Array(String)',
    kinds.map(([name]) => name),
  )}, ${p(
    'Array(UInt32)',
    kinds.map(([, code]) => code),
  )}, toUInt32(${p('UInt8', OTHER_KIND)}))`;
  const blocked = of.blocked.length === 0 ? raw('0') : sql`token IN ${p('Array(UInt128)', of.blocked.map(BigInt))}`;
  const at = (bits: number) => raw(String(2 ** bits));
  return sql`toUInt32(${slot} + ${strength} * ${at(STRENGTH_AT)} + ${kind} * ${at(KIND_AT)} + (${blocked}) * ${at(BLOCKED_AT)})`;
}
