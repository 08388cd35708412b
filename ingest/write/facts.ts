/** Pure: which table of facts each kind of record goes to, and its columns. */
import { clickhouseInstant } from '../../clock.ts';
import type { FieldsByKind, RecordKind, SourceRecord } from '../record.ts';

/** What hangs on an account's row and is meaningless without one, what an order is, and what is about nobody. */
type About = 'account' | 'order' | 'nobody';

interface FactTable<K extends RecordKind> {
  readonly table: string;
  readonly about: About;
  /** Fields that are columns of the same name. */
  readonly fields: readonly (keyof FieldsByKind[K] & string)[];
  /** Columns that are named otherwise than the field. */
  readonly renamed?: Readonly<Record<string, keyof FieldsByKind[K] & string>>;
  /** The column that holds the record's key. */
  readonly key?: string;
  readonly custom?: true;
}

const FACTS: { readonly [K in RecordKind]: FactTable<K> } = {
  membership: {
    table: 'memberships',
    about: 'account',
    fields: ['status', 'level', 'points', 'joined_at', 'store_code', 'guide'],
    custom: true,
  },
  binding: {
    table: 'bindings',
    about: 'account',
    fields: ['bound_at', 'unbound_at'],
    renamed: { bound_channel: 'channel' },
  },
  points_entry: { table: 'points_entries', about: 'account', fields: ['delta', 'balance', 'reason', 'happened_at'] },
  level_change: { table: 'level_changes', about: 'account', fields: ['from_level', 'to_level', 'happened_at'] },
  shop_customer: {
    table: 'shop_customers',
    about: 'account',
    fields: [
      ...(['grade', 'status', 'trade_count', 'trade_amount_fen', 'last_trade_at'] as const),
      ...(['points', 'joined_at', 'store_code', 'guide'] as const),
    ],
    custom: true,
  },
  order_line: {
    table: 'order_lines',
    about: 'order',
    fields: [
      ...(['order_no', 'line_no', 'platform_order_no', 'is_platform', 'suspected_double', 'state'] as const),
      ...(['line_kind', 'sold_by', 'fulfilled_by', 'credited_store', 'credited_guide', 'scene'] as const),
      ...(['terminal', 'bill_no', 'created_at', 'paid_at', 'business_date', 'product_id', 'sku_id'] as const),
      ...(['title', 'category', 'quantity', 'ordered_fen', 'paid_fen', 'discount_fen', 'freight_fen'] as const),
      ...(['platform_subsidy_fen', 'coupon_fen', 'points_fen', 'stored_value_fen', 'deposit_fen'] as const),
      'delivery',
    ],
    custom: true,
  },
  refund: {
    table: 'refunds',
    about: 'order',
    key: 'refund_no',
    fields: [
      ...(['order_no', 'line_no', 'store_code', 'terminal', 'original_bill_no', 'original_date'] as const),
      ...(['product_id', 'quantity', 'refunded_fen', 'status', 'refund_kind', 'created_at'] as const),
      ...(['refunded_at', 'business_date', 'delivery'] as const),
    ],
  },
  store: {
    table: 'stores',
    about: 'nobody',
    fields: ['store_code', 'title', 'region', 'status', 'dealer', 'guides'],
    custom: true,
  },
  statement: {
    table: 'statements',
    about: 'nobody',
    fields: ['fact_kind', 'day', 'store_code', 'stated_count', 'stated_fen'],
  },
  event: { table: 'events', about: 'account', fields: ['event', 'happened_at', 'properties'] },
  consent: { table: 'consents', about: 'account', fields: ['purpose', 'via', 'granted', 'happened_at'] },
  product: {
    table: 'products',
    about: 'nobody',
    fields: [
      ...(['product_id', 'sku_id', 'outer_id', 'sku_outer_id', 'barcode', 'title', 'category', 'brand'] as const),
      ...(['variant', 'season', 'life_stage', 'status', 'launched_on', 'warranty_days'] as const),
    ],
    custom: true,
  },
  stock: {
    table: 'stocks',
    about: 'nobody',
    fields: ['for_channel', 'store_code', 'product_id', 'sku_id', 'quantity', 'available', 'counted_at'],
  },
  price: {
    table: 'prices',
    about: 'nobody',
    key: 'price_key',
    fields: [
      ...(['for_channel', 'store_code', 'product_id', 'sku_id', 'list_fen', 'price_fen', 'in_range'] as const),
      ...(['valid_from', 'valid_to'] as const),
    ],
  },
  coupon: {
    table: 'coupons',
    about: 'account',
    fields: [
      ...(['batch', 'title', 'state', 'face_fen', 'threshold_fen', 'granted_at', 'claimed_at', 'used_at'] as const),
      ...(['expires_at', 'used_order_no', 'used_store', 'discount_fen'] as const),
    ],
    custom: true,
  },
  service: {
    table: 'services',
    about: 'account',
    fields: [
      ...(['service', 'status', 'order_no', 'product_id', 'sku_id', 'store_code', 'guide', 'topic'] as const),
      ...(['opened_at', 'start_due_at', 'started_at', 'due_at', 'done_at', 'score', 'score_max'] as const),
    ],
    custom: true,
  },
  survey: {
    table: 'survey_answers',
    about: 'account',
    fields: ['survey', 'question', 'answer', 'score', 'score_max', 'order_no', 'store_code', 'answered_at'],
    custom: true,
  },
  idea: {
    table: 'ideas',
    about: 'account',
    fields: ['topic', 'product_id', 'status', 'votes', 'happened_at'],
    custom: true,
  },
};

/** A kind's table as it is staged and written. */
export interface Fact {
  readonly table: string;
  readonly about: About;
  /** Columns whose values come from the record itself, in the order of `factValues`. */
  readonly columns: readonly string[];
  /** The same behind `n`, the record's number in its group. */
  readonly staged: readonly string[];
  readonly hasCustom: boolean;
}

interface Reader extends Fact {
  readonly read: readonly string[];
  readonly hasKey: boolean;
}

function readerOf(fact: FactTable<RecordKind>): Reader {
  const { table, about, fields, renamed = {}, key, custom } = fact as FactTable<RecordKind> & { fields: string[] };
  const columns = [...(key ? [key] : []), ...fields, ...Object.keys(renamed), ...(custom ? ['custom'] : [])];
  return {
    table,
    about,
    columns,
    staged: ['n', ...columns],
    read: [...fields, ...Object.values(renamed)],
    hasKey: key !== undefined,
    hasCustom: custom === true,
  };
}

const READERS = Object.fromEntries(
  Object.entries(FACTS).map(([kind, fact]) => [kind, readerOf(fact as FactTable<RecordKind>)]),
) as Record<RecordKind, Reader>;

/** Every table of facts, by record kind. */
export const FACT_BY_KIND: Readonly<Record<RecordKind, Fact>> = READERS;

/** True for facts that hang on an account's row and are meaningless without one. */
export function needsAccount(kind: RecordKind): boolean {
  return READERS[kind].about === 'account';
}

/** Appends the record's values, in the order of its fact's columns, as ClickHouse reads them from JSON. */
export function factValues(record: SourceRecord, values: unknown[]): void {
  const { read, hasKey, hasCustom } = READERS[record.kind];
  const fields = record.fields as unknown as Record<string, unknown>;
  if (hasKey) values.push(record.key);
  for (const field of read) {
    const value = fields[field];
    values.push(value instanceof Date ? clickhouseInstant(value) : typeof value === 'boolean' ? Number(value) : value);
  }
  if (hasCustom) values.push(record.custom);
}
