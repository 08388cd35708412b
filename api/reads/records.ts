/** The records of a profile: what each source says of its accounts, newest first, without personal values. */
import { p, publicId, raw, type SqlFragment, type Store, sql } from '../../store/index.ts';
import type { PageOf } from '../routes/shared.ts';
import { recordFields } from './record-fields.ts';

export interface RecordView {
  /** The account it is about; resolves as a profile id. */
  readonly account_id: string;
  readonly source: string;
  readonly channel: string;
  readonly kind: string;
  /** Token of the record in hex: its key at the source can be a personal value. */
  readonly record: string;
  /** When it was last seen or happened, as far as it says. */
  readonly at: string;
  /** Types and scopes of the identifiers it gives, never their values. */
  readonly identifiers: readonly { readonly type: string; readonly scope: string; readonly strength: string }[];
  readonly name_masked: string;
  readonly phone_masked: string;
  readonly email_masked: string;
  readonly gender: string;
  readonly birth_date: string | null;
  readonly birth_precision: string;
  readonly province: string;
  readonly city: string;
  /** What its kind says besides: level and points of a membership, delta of a points entry … */
  readonly fields: Readonly<Record<string, string | number | null>>;
}

/** Where a page ended: the last record's time, source, kind and token. */
export type RecordPosition = readonly [at: string, source: string, kind: string, record: string];

const NEWEST: RecordPosition = ['2200-01-01 00:00:00.000', '', '', ''];
const IDENTIFIERS = raw("'Array(Tuple(type String, scope String, strength String))'");

/** One page. A record has its person part, its own fields, or both; the writer's rows about accounts are none. */
export async function listRecords(
  store: Store,
  { accounts, page }: { accounts: readonly number[]; page: PageOf<RecordPosition> },
): Promise<RecordView[]> {
  const mine = sql`account_ordinal IN (SELECT arrayJoin(${p('Array(UInt32)', accounts)}))`;
  const [at, source, kind, record] = page.after ?? NEWEST;
  const rows = await store.rows<Omit<RecordView, 'fields'> & { fields: string }>(sql`
    SELECT ${publicId(raw('account.account_id'))} AS account_id, source, channel, kind, record,
      toString(one.latest) AS at, identifiers, name_masked, phone_masked, email_masked, gender, birth_date,
      birth_precision, province, city, fields
    FROM ${wholeRecords(mine)} AS one
    LEFT ANY JOIN (SELECT account_ordinal, account_id FROM accounts WHERE ${mine}) AS account USING account_ordinal
    WHERE (one.latest, source, kind, record)
      < (${p("DateTime64(3, 'UTC')", at)}, ${p('String', source)}, ${p('String', kind)}, ${p('String', record)})
    ORDER BY one.latest DESC, source DESC, kind DESC, record DESC LIMIT ${p('UInt32', page.limit)}`);
  return rows.map((row) => ({ ...row, fields: JSON.parse(row.fields || '{}') as RecordView['fields'] }));
}

/** Subquery: the two parts of each record, which stand in two tables, as one row. */
function wholeRecords(where: SqlFragment): SqlFragment {
  return sql`(
    SELECT account_ordinal, source, kind, leftPad(lower(hex(record_id)), 32, '0') AS record,
      any(part.channel) AS channel, max(part.at) AS latest, max(part.identifiers) AS identifiers,
      max(part.name_masked) AS name_masked, max(part.phone_masked) AS phone_masked,
      max(part.email_masked) AS email_masked, max(part.gender) AS gender, max(part.birth_date) AS birth_date,
      max(part.birth_precision) AS birth_precision, max(part.province) AS province, max(part.city) AS city,
      max(part.fields) AS fields
    FROM (
      SELECT account_ordinal, toString(source) AS source, toString(channel) AS channel, toString(kind) AS kind,
        record_id, seen_at AS at,
        CAST(arrayMap((type, scope, strength) -> (toString(type), toString(scope), toString(strength)),
          id_type, id_scope, id_strength), ${IDENTIFIERS}) AS identifiers,
        name_masked, phone_masked, email_masked, toString(gender) AS gender, birth_date,
        toString(birth_precision) AS birth_precision, toString(province) AS province, toString(city) AS city,
        '' AS fields
      FROM account_records FINAL WHERE ${where} AND kind != 'account'
      UNION ALL
      SELECT account_ordinal, source, channel, kind, record_id, at, CAST([], ${IDENTIFIERS}), '', '', '', '',
        CAST(NULL, 'Nullable(Date32)'), '', '', '', fields
      FROM (${recordFields(where)})) AS part
    GROUP BY account_ordinal, source, kind, record_id)`;
}
