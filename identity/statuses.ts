/** Statuses of identifiers: rows of identifier_status say which join nobody; an identifier without a row is live. */
import { p, type SqlFragment, type Store, sql } from '../store/index.ts';

export interface StatusRow {
  readonly id_token: string;
  readonly id_type: string;
  readonly status: 'live' | 'shared' | 'blocked';
  /** About how many accounts gave it when the row was written. */
  readonly accounts: number;
}

/** Subquery of (id_token, id_type, status) of the identifiers that join nobody at `version`. */
export function deadAt(version: number): SqlFragment {
  return sql`(
    SELECT id_token, argMax(identifier_status.id_type, identifier_status.version) AS id_type,
           argMax(identifier_status.status, identifier_status.version) AS status
    FROM identifier_status WHERE identifier_status.version <= ${p('UInt32', version)}
    GROUP BY id_token HAVING status != 'live')`;
}

/** The identifiers that join nobody at `version`. */
export async function readDead(store: Store, version: number): Promise<StatusRow[]> {
  return store.rows<StatusRow>(
    sql`SELECT toString(id_token) AS id_token, id_type, status, 0 AS accounts FROM ${deadAt(version)}`,
  );
}

/** Writes the rows that differ from `before`; identifiers of `before` that are not in `now` are live again. */
export async function writeStatuses(
  store: Store,
  of: { version: number; before: readonly StatusRow[]; now: readonly StatusRow[] },
): Promise<number> {
  const before = new Map(of.before.map((row) => [row.id_token, row]));
  const changed = of.now.filter((row) => before.get(row.id_token)?.status !== row.status);
  for (const row of of.now) before.delete(row.id_token);
  const alive = [...before.values()].map((row): StatusRow => ({ ...row, status: 'live' }));
  const rows = [...changed, ...alive].map((row) => ({ ...row, version: of.version }));
  await store.insert('identifier_status', rows);
  return rows.length;
}
