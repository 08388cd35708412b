/** Pure: what a SourceRecord says of its person, as it is staged for tokens and sealing. */
import { clickhouseInstant } from '../../clock.ts';
import { maskEmail, maskName, maskPhone } from '../identifiers/index.ts';
import type { Identifier, SourceRecord } from '../record.ts';

/** Columns of staged_records, in the order of `stagedRecord`. */
export const RECORD_COLUMNS = [
  ...['n', 'item_n', 'kind', 'key', 'account_kind', 'account_scope', 'account_key', 'says', 'person_key'],
  ...['id_type', 'id_scope', 'id_value', 'id_strength', 'personal'],
  ...['gender', 'birth_date', 'birth_precision', 'province', 'city', 'name_masked', 'phone_masked', 'email_masked'],
  ...['modified', 'deleted'],
] as const;

const isEvidence = (record: SourceRecord) =>
  record.kind === 'order_line' || record.kind === 'refund' || record.kind === 'event' || record.kind === 'coupon';

/** Kinds whose newer version may say less than the one before: its row must take back what that said. */
const isStanding = (record: SourceRecord) =>
  record.kind === 'membership' || record.kind === 'binding' || record.kind === 'shop_customer';

/**
 * Whether the record has a row of its own among what is said of the person, beyond naming the account: one that says
 * something, or that takes back what an older version said. That an order was withdrawn does not take back which
 * identifiers were seen together.
 */
function saysOfPerson(record: SourceRecord): boolean {
  if (record.account === null) return false;
  if (record.deleted) return !isEvidence(record);
  return isStanding(record) || record.identifiers.length > 0 || hasAny(record.personal) || hasAny(record.traits);
}

function hasAny(values: object): boolean {
  for (const _ in values) return true;
  return false;
}

/** The record's row in the order of RECORD_COLUMNS. `n`: its number in the group, `itemN`: its item's. */
export function stagedRecord(record: SourceRecord, { n, itemN }: { n: number; itemN: number }): unknown[] {
  const { account, personal, traits } = record;
  const says = saysOfPerson(record);
  const [types, scopes, values, strengths] = columnsOf(says ? record.identifiers : []);
  return [
    n,
    itemN,
    record.kind,
    record.key,
    account?.kind ?? '',
    account?.scope ?? '',
    account?.key ?? '',
    says ? 1 : 0,
    says && isEvidence(record) ? seenTogether(record.identifiers) : null,
    types,
    scopes,
    values,
    strengths,
    says ? sealedValues(record) : '',
    traits.gender ?? '',
    traits.birth?.date ?? null,
    traits.birth?.precision ?? '',
    traits.province ?? '',
    traits.city ?? '',
    personal.name === undefined ? '' : maskName(personal.name),
    personal.phone === undefined ? '' : maskPhone(personal.phone),
    personal.email === undefined ? '' : maskEmail(personal.email),
    record.modifiedAt === null ? null : clickhouseInstant(record.modifiedAt),
    record.deleted ? 1 : 0,
  ];
}

function columnsOf(identifiers: readonly Identifier[]): string[][] {
  const columns: string[][] = [[], [], [], []];
  for (const { type, scope, value, strength } of identifiers) {
    columns[0]!.push(type);
    columns[1]!.push(scope);
    columns[2]!.push(value);
    columns[3]!.push(strength);
  }
  return columns;
}

/** The clear values of one record, which are stored sealed only. */
function sealedValues({ personal, account, identifiers }: SourceRecord): string {
  const values: Record<string, unknown> = {};
  for (const key in personal) values[key] = personal[key as keyof typeof personal];
  values.account = account;
  values.identifiers = identifiers.map(({ type, scope, value }) => [type, scope, value]);
  return JSON.stringify(values);
}

/**
 * Facts that many of may stand for one account (orders, refunds, events, coupons) say of the person only which identifiers were
 * seen together: their row is keyed by those, so that it is the same row whichever order said so.
 */
function seenTogether(identifiers: readonly Identifier[]): string {
  return identifiers
    .map((one) => `${one.type}\u0000${one.scope}\u0000${one.value}`)
    .sort()
    .join('\u0001');
}
