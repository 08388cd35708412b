/** The rows of a file as SQL, some tens of thousands of profiles at a time. */
import { join, p, raw, type SqlFragment, type Store, sql, type Vault } from '../../store/index.ts';
import { CLEAR_COLUMNS, cellOf, clearColumns } from './columns.ts';

/** A stretch of ordinals and how many recipients lie in it. */
export interface Slice {
  readonly first: number;
  readonly last: number;
  readonly members: number;
}

/** Recipients written by one query: its memory does not depend on the size of the audience. */
const SLICE_MEMBERS = 50_000;

export function readSlices(store: Store, exportId: string): Promise<Slice[]> {
  return store.rows<Slice>(sql`
    SELECT min(profile_ordinal) AS first, max(profile_ordinal) AS last, count() AS members
    FROM (SELECT profile_ordinal, intDiv(row_number() OVER (ORDER BY profile_ordinal) - 1, ${p('UInt32', SLICE_MEMBERS)}) AS slice
          FROM export_members WHERE export_id = ${p('String', exportId)} AND outcome = 'sent')
    GROUP BY slice ORDER BY slice`);
}

export interface RowsOptions {
  readonly exportId: string;
  readonly tagsVersion: number;
  readonly columns: readonly string[];
  readonly slice: Slice;
  readonly vault: Vault;
}

/** SELECT of one slice's rows, a cell per column, in the order of ordinals. */
export function sliceRows({ exportId, tagsVersion, columns, slice, vault }: RowsOptions): SqlFragment {
  const range = sql`profile_ordinal >= ${p('UInt32', slice.first)} AND profile_ordinal <= ${p('UInt32', slice.last)}`;
  const recipients = sql`(SELECT profile_ordinal FROM export_members
    WHERE export_id = ${p('String', exportId)} AND outcome = 'sent' AND ${range})`;
  const rows = sql`profiles WHERE version = ${p('UInt32', tagsVersion)} AND ${range} AND profile_ordinal IN ${recipients}`;
  const cells = join(
    columns.map((column, place) => sql`${cellOf(column)} AS ${raw(`cell_${place}`)}`),
    ', ',
  );
  const clear = clearColumns(columns);
  if (clear.length === 0) return sql`SELECT ${cells} FROM ${rows} ORDER BY profile_ordinal`;
  return sql`SELECT ${cells} FROM (SELECT * FROM ${rows}) AS profile
    LEFT ANY JOIN ${clearValues({ clear, rows, vault })} AS opened USING profile_ordinal
    ORDER BY profile_ordinal`;
}

/** Subquery of (profile_ordinal, clear_<column> …): the values in the very records that the masked traits came from. */
function clearValues(of: {
  clear: readonly (keyof typeof CLEAR_COLUMNS)[];
  rows: SqlFragment;
  vault: Vault;
}): SqlFragment {
  const wanted = join(
    of.clear.map((column) => sql`(${p('String', column)}, records[${raw(CLEAR_COLUMNS[column].from)}])`),
    ', ',
  );
  const wants = sql`(SELECT profile_ordinal, want.1 AS field, want.2.1 AS account_ordinal, want.2.2 AS source,
      want.2.3 AS kind, want.2.4 AS record_id
    FROM (SELECT profile_ordinal, records, name_from, phone_from, email_from FROM ${of.rows})
    ARRAY JOIN [${wanted}] AS want WHERE account_ordinal != 0)`;
  const text = of.vault.open({ sealed: raw('sealed'), iv: raw('iv'), keyId: raw('key_id') });
  const values = join(
    of.clear.map((column) => {
      const value = sql`anyIf(JSONExtractString(text, ${p('String', column)}), field = ${p('String', column)})`;
      return sql`${column === 'phone' ? domestic(value) : value} AS ${raw(`clear_${column}`)}`;
    }),
    ', ',
  );
  return sql`(SELECT profile_ordinal, ${values}
    FROM ${wants} AS wanted
    INNER JOIN (
      SELECT account_ordinal, source, kind, record_id, ${text} AS text FROM vault FINAL
      WHERE (account_ordinal, source, kind, record_id) IN (SELECT account_ordinal, source, kind, record_id FROM ${wants})
    ) AS sealed USING (account_ordinal, source, kind, record_id)
    GROUP BY profile_ordinal)`;
}

/** A mainland number without its +86, as tills, text message platforms and people here write it. */
function domestic(phone: SqlFragment): SqlFragment {
  return sql`replaceRegexpOne(${phone}, '^[+]86(1[0-9]{10})$', '\\\\1')`;
}
