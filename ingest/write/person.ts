/** Pure: what a SourceRecord says of its person, as it is staged for tokens and sealing. */
import { clickhouseInstant } from '../../clock.ts';
import { maskEmail, maskName, maskPhone } from '../identifiers/index.ts';
import type { Identifier, SourceAccount, SourceRecord } from '../record.ts';

/** A record's person as it is staged: tokens, sealed blob and traits are made of this inside ClickHouse. */
export interface StagedRecord {
  readonly n: number;
  readonly item_n: number;
  readonly account_ordinal: number;
  readonly source: string;
  readonly channel: string;
  readonly kind: string;
  readonly record_key: string;
  readonly id_type: readonly string[];
  readonly id_scope: readonly string[];
  readonly id_value: readonly string[];
  readonly id_strength: readonly string[];
  readonly personal: string;
  readonly gender: string;
  readonly birth_date: string | null;
  readonly birth_precision: string;
  readonly province: string;
  readonly city: string;
  readonly name_masked: string;
  readonly phone_masked: string;
  readonly email_masked: string;
  readonly seen_at: string;
  readonly mapper_version: number;
  readonly version: string;
  readonly deleted: number;
}

const isEvidence = (record: SourceRecord) =>
  record.kind === 'order_line' || record.kind === 'refund' || record.kind === 'event';

/** Kinds whose newer version may say less than the one before: its row must take back what that said. */
const isStanding = (record: SourceRecord) =>
  record.kind === 'membership' || record.kind === 'binding' || record.kind === 'shop_customer';

/**
 * Whether the record has a row of its own among what is said of the person, beyond naming the account: one that says
 * something, or that takes back what an older version said. That an order was withdrawn does not take back which
 * identifiers were seen together.
 */
export function saysOfPerson(record: SourceRecord): record is SourceRecord & { account: SourceAccount } {
  if (record.account === null) return false;
  if (record.deleted) return !isEvidence(record);
  return (
    isStanding(record) ||
    record.identifiers.length > 0 ||
    Object.keys(record.personal).length > 0 ||
    Object.keys(record.traits).length > 0
  );
}

export function stagedRecord(
  record: SourceRecord & { account: SourceAccount },
  where: {
    n: number;
    itemN: number;
    ordinal: number;
    source: string;
    channel: string;
    version: string;
    mapperVersion: number;
    seenAt: Date;
  },
): StagedRecord {
  const { personal, traits, identifiers, account } = record;
  return {
    kind: record.kind,
    record_key: personKey(record),
    personal: JSON.stringify({
      ...personal,
      account,
      identifiers: identifiers.map(({ type, scope, value }) => [type, scope, value]),
    }),
    gender: traits.gender ?? '',
    birth_date: traits.birth?.date ?? null,
    birth_precision: traits.birth?.precision ?? '',
    province: traits.province ?? '',
    city: traits.city ?? '',
    name_masked: personal.name === undefined ? '' : maskName(personal.name),
    phone_masked: personal.phone === undefined ? '' : maskPhone(personal.phone),
    email_masked: personal.email === undefined ? '' : maskEmail(personal.email),
    deleted: record.deleted ? 1 : 0,
    // Spread last: in front of so many members it costs fifty times as much.
    ...staged(identifiers, where),
  };
}

function staged(
  identifiers: readonly Identifier[],
  where: {
    n: number;
    itemN: number;
    ordinal: number;
    source: string;
    channel: string;
    version: string;
    mapperVersion: number;
    seenAt: Date;
  },
) {
  return {
    n: where.n,
    item_n: where.itemN,
    account_ordinal: where.ordinal,
    source: where.source,
    channel: where.channel,
    id_type: identifiers.map((one) => one.type),
    id_scope: identifiers.map((one) => one.scope),
    id_value: identifiers.map((one) => one.value),
    id_strength: identifiers.map((one) => one.strength),
    seen_at: clickhouseInstant(where.seenAt),
    mapper_version: where.mapperVersion,
    version: where.version,
  };
}

/**
 * Facts that many of may stand for one account (orders, refunds, events) say of the person only which identifiers were
 * seen together: their row is keyed by those, so that it is the same row whichever order said so.
 */
function personKey(record: SourceRecord): string {
  if (!isEvidence(record)) return record.key;
  return record.identifiers
    .map((one) => `${one.type}\u0000${one.scope}\u0000${one.value}`)
    .sort()
    .join('\u0001');
}
