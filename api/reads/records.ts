/** The records of a profile: what each source says of its accounts, newest first, without personal values. */
import { p, publicId, raw, type SqlFragment, type Store, sql } from '../../store/index.ts';

export interface RecordView {
  readonly account_id: string;
  readonly source: string;
  readonly channel: string;
  readonly kind: string;
  /** Token of the record in hex. */
  readonly record: string;
  /** When it happened or was last changed, as far as it says. */
  readonly at: string | null;
  readonly fields: Readonly<Record<string, string | number | null>>;
}

/** Tables of records, the column that dates them, and what is shown of each. */
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
];

/** At most `limit` records, newest first; orders are a list of their own. */
export async function readRecords(
  store: Store,
  of: { accounts: readonly number[]; limit: number },
): Promise<RecordView[]> {
  const mine = sql`account_ordinal IN (SELECT arrayJoin(${p('Array(UInt32)', of.accounts)}))`;
  const [first, ...rest] = KINDS.map((one) => selectOf(one, mine)) as [SqlFragment, ...SqlFragment[]];
  const all = rest.reduce((text, part) => sql`${text} UNION ALL ${part}`, first);
  const rows = await store.rows<Omit<RecordView, 'fields'> & { fields: string }>(sql`
    SELECT ${publicId(raw('account.account_id'))} AS account_id, record.source AS source, record.channel AS channel,
           record.kind AS kind, leftPad(lower(hex(record.record_id)), 32, '0') AS record, record.at AS at, record.fields AS fields
    FROM (${all}) AS record
    INNER JOIN (SELECT account_ordinal, account_id FROM accounts FINAL WHERE ${mine}) AS account
      ON account.account_ordinal = record.account_ordinal
    ORDER BY record.at DESC NULLS LAST, record.kind, record.record_id LIMIT ${p('UInt32', of.limit)}`);
  return rows.map((row) => ({ ...row, fields: JSON.parse(row.fields) as RecordView['fields'] }));
}

function selectOf(one: (typeof KINDS)[number], mine: SqlFragment): SqlFragment {
  const columns = one.fields.split(', ').map((field) => field.split(' ')[0]!);
  const values = columns.map((column) => (column.endsWith('_at') ? `toString(${column})` : column)).join(', ');
  const fields = raw(`toJSONString(CAST((${values}${columns.length === 1 ? ',' : ''}), 'Tuple(${one.fields})'))`);
  return sql`SELECT account_ordinal, source, channel, ${raw(`'${one.kind}'`)} AS kind, record_id,
      toString(toNullable(${raw(one.at)})) AS at, ${fields} AS fields FROM ${raw(one.table)} FINAL WHERE ${mine}`;
}
