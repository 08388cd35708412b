/** Pure: what a SourceRecord becomes in the tables of facts. */
import { createHash } from 'node:crypto';
import { clickhouseInstant } from '../../clock.ts';
import type { FieldsByKind, RecordKind, SourceItem, SourceRecord } from '../record.ts';

/** What the writer knows of the record's surroundings. */
export interface RowContext {
  readonly source: string;
  readonly channel: string;
  readonly mapperVersion: number;
  readonly commitSeq: number;
  readonly ordinal: number;
  readonly itemId: string;
  readonly recordId: string;
  readonly version: string;
}

/** version = modified time (ms) << 80 | delivery time (ms) << 32 | 32 bits of the item's content: a total order. */
export function versionOf(modifiedAt: Date | null, item: { deliveredAt: Date; digest: number }): string {
  const delivered = BigInt(Math.max(0, item.deliveredAt.getTime()));
  const modified = modifiedAt === null ? delivered : BigInt(Math.max(0, modifiedAt.getTime()));
  return ((modified << 80n) | (delivered << 32n) | BigInt(item.digest)).toString();
}

/** 32 bits of an item's content, to order two contents of one moment. */
export function digestOf(item: SourceItem): number {
  return createHash('md5').update(item.payload).digest().readUInt32BE(0);
}

/** Version of a tombstone that a whole delivery writes: above all older deliveries, below its own lines' content. */
export function tombstoneVersion(deliveredAt: Date): string {
  return versionOf(null, { deliveredAt, digest: 0 });
}

const at = (instant: Date | null): string | null => (instant === null ? null : clickhouseInstant(instant));

type FactRow<K extends RecordKind> = (record: Extract<SourceRecord, { kind: K }>, context: RowContext) => object;

interface FactTable<K extends RecordKind> {
  readonly table: string;
  readonly row: FactRow<K>;
}

const common = (context: RowContext, record: SourceRecord) => ({
  source: context.source,
  channel: context.channel,
  account_ordinal: context.ordinal,
  item_id: context.itemId,
  mapper_version: context.mapperVersion,
  version: context.version,
  deleted: record.deleted ? 1 : 0,
});

const ofAccount = (context: RowContext, record: SourceRecord) => ({
  record_id: context.recordId,
  ...common(context, record),
});

const FACTS: { readonly [K in RecordKind]: FactTable<K> } = {
  membership: {
    table: 'memberships',
    row: (record, context) => ({
      ...record.fields,
      joined_at: at(record.fields.joined_at),
      custom: record.custom,
      ...ofAccount(context, record),
    }),
  },
  binding: {
    table: 'bindings',
    row: (record, context) => ({
      bound_channel: record.fields.channel,
      bound_at: at(record.fields.bound_at),
      unbound_at: at(record.fields.unbound_at),
      ...ofAccount(context, record),
    }),
  },
  points_entry: {
    table: 'points_entries',
    row: (record, context) => ({
      ...record.fields,
      happened_at: at(record.fields.happened_at),
      ...ofAccount(context, record),
    }),
  },
  level_change: {
    table: 'level_changes',
    row: (record, context) => ({
      ...record.fields,
      happened_at: at(record.fields.happened_at),
      ...ofAccount(context, record),
    }),
  },
  shop_customer: {
    table: 'shop_customers',
    row: (record, context) => ({
      ...datesAsText(record.fields),
      custom: record.custom,
      ...ofAccount(context, record),
    }),
  },
  order_line: {
    table: 'order_lines',
    row: (record, context) => ({
      ...datesAsText(record.fields),
      is_platform: record.fields.is_platform ? 1 : 0,
      suspected_double: record.fields.suspected_double ? 1 : 0,
      custom: record.custom,
      commit_seq: context.commitSeq,
      ...common(context, record),
    }),
  },
  refund: {
    table: 'refunds',
    row: (record, context) => ({
      refund_no: record.key,
      ...datesAsText(record.fields),
      commit_seq: context.commitSeq,
      ...common(context, record),
    }),
  },
  store: {
    table: 'stores',
    row: (record, context) => {
      const { account_ordinal: _nobody, ...rest } = common(context, record);
      return { ...rest, ...record.fields, custom: record.custom };
    },
  },
  event: {
    table: 'events',
    row: (record, context) => ({
      ...record.fields,
      happened_at: at(record.fields.happened_at),
      ...ofAccount(context, record),
    }),
  },
  consent: {
    table: 'consents',
    row: (record, context) => ({
      ...record.fields,
      granted: record.fields.granted ? 1 : 0,
      happened_at: at(record.fields.happened_at),
      ...ofAccount(context, record),
    }),
  },
};

/** Tables that hold facts, by record kind. */
export const FACT_TABLES = Object.fromEntries(
  Object.entries(FACTS).map(([kind, fact]) => [kind, fact.table]),
) as Record<RecordKind, string>;

/** True for facts that hang on an account's row and are meaningless without one. */
export function needsAccount(kind: RecordKind): boolean {
  return kind !== 'order_line' && kind !== 'refund' && kind !== 'store';
}

/** The row of the record's fact table. */
export function factRow(record: SourceRecord, context: RowContext): object {
  return (FACTS[record.kind].row as FactRow<RecordKind>)(record as never, context);
}

function datesAsText(fields: FieldsByKind[RecordKind]): object {
  const row: Record<string, unknown> = { ...fields };
  for (const [key, value] of Object.entries(row)) if (value instanceof Date) row[key] = clickhouseInstant(value);
  return row;
}
