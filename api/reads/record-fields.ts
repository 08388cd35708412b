/** What is shown of each kind of record, read from its own table. Orders are a list of their own. */
import { raw, type SqlFragment, sql } from '../../store/index.ts';

/** Kind, table, the column that dates it, and the columns shown with their types in the JSON. */
const KINDS: readonly { kind: string; table: string; at: string; fields: string }[] = [
  {
    kind: 'membership',
    table: 'memberships',
    at: 'joined_at',
    fields: 'status String, level String, points Nullable(Float64), store_code String, guide String',
  },
  {
    kind: 'shop_customer',
    table: 'shop_customers',
    at: 'last_trade_at',
    fields: 'grade String, status String, trade_count Nullable(UInt32), trade_amount_fen Nullable(Int64)',
  },
  { kind: 'binding', table: 'bindings', at: 'bound_at', fields: 'bound_channel String, unbound_at Nullable(String)' },
  {
    kind: 'points_entry',
    table: 'points_entries',
    at: 'happened_at',
    fields: 'delta Float64, balance Nullable(Float64), reason String',
  },
  { kind: 'level_change', table: 'level_changes', at: 'happened_at', fields: 'from_level String, to_level String' },
  { kind: 'event', table: 'events', at: 'happened_at', fields: 'event String' },
  { kind: 'consent', table: 'consents', at: 'happened_at', fields: 'purpose String, via String, granted UInt8' },
  {
    kind: 'coupon',
    table: 'coupons',
    at: 'coalesce(used_at, claimed_at, granted_at)',
    fields: 'batch String, title String, state String, face_fen Nullable(Int64), expires_at Nullable(String)',
  },
  {
    kind: 'service',
    table: 'services',
    at: 'opened_at',
    fields:
      'service String, status String, order_no String, due_at Nullable(String), done_at Nullable(String), score Nullable(Float64)',
  },
  {
    kind: 'survey',
    table: 'survey_answers',
    at: 'answered_at',
    fields: 'survey String, question String, answer String, score Nullable(Float64)',
  },
  { kind: 'idea', table: 'ideas', at: 'happened_at', fields: 'topic String, product_id String, status String' },
];

/** Rows (account_ordinal, source, channel, kind, record_id, at, fields as JSON) of the records that meet `where`. */
export function recordFields(where: SqlFragment): SqlFragment {
  const [first, ...rest] = KINDS.map((one) => selectOf(one, where)) as [SqlFragment, ...SqlFragment[]];
  return rest.reduce((text, part) => sql`${text} UNION ALL ${part}`, first);
}

function selectOf(one: (typeof KINDS)[number], where: SqlFragment): SqlFragment {
  const columns = one.fields.split(', ').map((field) => field.split(' ')[0]!);
  const values = columns.map((column) => (column.endsWith('_at') ? `toString(${column})` : column)).join(', ');
  const fields = raw(`toJSONString(CAST((${values}${columns.length === 1 ? ',' : ''}), 'Tuple(${one.fields})'))`);
  return sql`SELECT account_ordinal, source, channel, ${raw(`'${one.kind}'`)} AS kind, record_id,
    ifNull(${raw(one.at)}, toDateTime64(0, 3, 'UTC')) AS at, ${fields} AS fields FROM ${raw(one.table)} FINAL WHERE ${where}`;
}
