/** The staging tables of a commit: made, filled, numbered with ids and ordinals inside the engine, and emptied. */
import { Readable } from 'node:stream';
import {
  accountToken,
  identifierToken,
  p,
  raw,
  recordToken,
  type SqlFragment,
  type Store,
  sql,
  type Vault,
} from '../../store/index.ts';
import type { RecordKind } from '../record.ts';
import { FACT_BY_KIND } from './facts.ts';
import { type Group, stagingOf } from './group.ts';
import { ITEM_VERSION } from './version.ts';

export interface Engine {
  readonly store: Store;
  readonly vault: Vault;
}

const COMMON = [
  'staged_items',
  'staged_rejections',
  'staged_records',
  'staged_accounts',
  'staged_ids',
  'staged_people',
];
const KINDS = Object.keys(FACT_BY_KIND) as RecordKind[];

/** Makes the tables in which facts are staged, with the columns of the facts as they are today, and empties all. */
export async function openStaging(store: Store): Promise<void> {
  for (const kind of KINDS) {
    const { table, columns } = FACT_BY_KIND[kind];
    await store.run(
      raw(`CREATE OR REPLACE TABLE ${stagingOf(kind)} ENGINE = Memory EMPTY
      AS SELECT toUInt32(0) AS n, ${columns.join(', ')} FROM ${table}`),
    );
  }
  await emptied(store, COMMON);
}

/** Empties what a group was staged in. */
export function clearStaging(store: Store, group: Group): Promise<void> {
  return emptied(store, [...COMMON, ...[...group.kinds].map(stagingOf)]);
}

async function emptied(store: Store, tables: readonly string[]): Promise<void> {
  await Promise.all(tables.map((table) => store.run(raw(`TRUNCATE TABLE ${table}`))));
}

/** The chunks are small, and what parses them beside each other costs more than it gains. */
const ONE_PARSER = { settings: { input_format_parallel_parsing: 0 as const } };

/** Sends a group's rows, which it has no more afterwards. */
export async function stageGroup(store: Store, group: Group): Promise<void> {
  await Promise.all(
    [...group.staged].map(([table, { columns, chunks }]) =>
      store.insertStream(
        `${table} (${columns.join(', ')})`,
        'JSONCompactEachRow',
        Readable.from([Buffer.concat(chunks.splice(0))]),
        ONE_PARSER,
      ),
    ),
  );
}

/** Token of a staged item; `source` is the group's. */
export const itemIdOf = (vault: Vault, group: Group) =>
  recordToken(vault, { source: sql`${p('String', group.source.id)}`, kind: raw('item_kind'), key: raw('item_key') });

/** Tokens of the identifiers of a staged row, in their order. */
export const identifierTokens = (vault: Vault) =>
  sql`arrayMap((type, scope, value) ->
    ${identifierToken(vault, { type: raw('type'), scope: raw('scope'), value: raw('value') })}, id_type, id_scope, id_value)`;

/** Rows that do not belong to the hidden items. */
export const except = (hidden: ReadonlySet<number>, column: 'n' | 'item_n'): SqlFragment =>
  hidden.size === 0 ? raw('1') : sql`${raw(column)} NOT IN (SELECT arrayJoin(${p('Array(UInt32)', [...hidden])}))`;

/**
 * Names the distinct accounts of the staged records. Known ones keep their ordinal, new ones get the next in the order in
 * which they appear, those who asked to be forgotten none. New ones are fresh, and so are the `unfinished`.
 */
export async function nameAccounts(
  { store, vault }: Engine,
  of: { group: Group; lastOrdinal: number; unfinished: ReadonlySet<number> },
): Promise<void> {
  const source = sql`${p('String', of.group.source.id)}`;
  const id = accountToken(vault, { source, kind: raw('account_kind'), key: raw('account_key') });
  await store.run(sql`
    INSERT INTO staged_accounts
      (n, item_n, kind, scope, key, account_id, account_ordinal, is_new, is_fresh, is_suppressed)
    SELECT n, item_n, kind, scope, key, account_id,
           multiIf(known > 0, known, is_suppressed, 0, ${p('UInt32', of.lastOrdinal)}
             + sum(is_new) OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)),
           is_new, is_new OR known IN (SELECT arrayJoin(${p('Array(UInt32)', [...of.unfinished])})), is_suppressed
    FROM (SELECT *, account_id IN (SELECT token FROM suppressed) AS is_suppressed,
                 known = 0 AND NOT is_suppressed AS is_new
          FROM (SELECT min(records.n) AS n, argMin(records.item_n, records.n) AS item_n, account_kind AS kind,
                       argMin(account_scope, records.n) AS scope, account_key AS key, ${id} AS account_id
                FROM staged_records AS records WHERE account_kind != '' GROUP BY account_kind, account_key) AS named
          LEFT ANY JOIN (SELECT account_id, account_ordinal AS known FROM accounts WHERE account_id IN
                           (SELECT DISTINCT ${id} FROM staged_records WHERE account_kind != '')) AS before
          USING account_id)`);
}

/** Gives every staged record its ids and version. */
export async function nameRecords(
  { store, vault }: Engine,
  { group, hidden }: { group: Group; hidden: ReadonlySet<number> },
): Promise<void> {
  const source = sql`${p('String', group.source.id)}`;
  const recordId = recordToken(vault, { source, kind: raw('kind'), key: raw('key') });
  await store.run(sql`
    INSERT INTO staged_ids (n, item_n, hidden, account_ordinal, record_id, item_id, version, seen_at, deleted)
    SELECT n, item_n, NOT (${except(hidden, 'item_n')}) AS hidden, if(hidden, 0, named.account_ordinal),
           ${recordId}, items.item_id, ${ITEM_VERSION}, coalesce(modified, delivered_at), deleted
    FROM staged_records
    ANY LEFT JOIN (SELECT n AS item_n, ${itemIdOf(vault, group)} AS item_id, payload, delivered_at FROM staged_items) AS items
      USING item_n
    ANY LEFT JOIN (SELECT kind AS account_kind, key AS account_key, account_ordinal FROM staged_accounts) AS named
      USING (account_kind, account_key)`);
}

/**
 * Stages what is said of people: a row for every record that says something, and a first row for every fresh account: its
 * own key as an identifier, sealed too. That one has no time: which record of an account comes first depends on the order
 * of arrival, and nothing that is derived may.
 */
export async function namePeople(
  { store, vault }: Engine,
  { group, hidden }: { group: Group; hidden: ReadonlySet<number> },
): Promise<void> {
  const source = sql`${p('String', group.source.id)}`;
  const tokens = identifierTokens(vault);
  const recordId = (kind: SqlFragment, key: SqlFragment) => recordToken(vault, { source, kind, key });
  await store.run(sql`
    INSERT INTO staged_people
      (account_ordinal, kind, record_id, item_id, seen_at, id_type, id_scope, id_value, id_strength, id_token, personal,
       gender, birth_date, birth_precision, province, city, name_masked, phone_masked, email_masked, version, deleted)
    SELECT ids.account_ordinal, kind, ${recordId(raw('kind'), raw('coalesce(person_key, key)'))}, ids.item_id, ids.seen_at,
           id_type, id_scope, id_value, id_strength, ${tokens}, personal,
           gender, birth_date, birth_precision, province, city, name_masked, phone_masked, email_masked,
           ids.version, ids.deleted
    FROM staged_records ANY INNER JOIN (SELECT * EXCEPT item_n FROM staged_ids WHERE NOT hidden) AS ids USING n WHERE says`);
  await store.run(sql`
    INSERT INTO staged_people
      (account_ordinal, kind, record_id, item_id, id_type, id_scope, id_value, id_strength, id_token, personal, version)
    SELECT account_ordinal, 'account', ${recordId(raw("'account'"), raw("concat(kind, '\\0', key)"))}, items.item_id,
           if(guest, [], [kind]) AS id_type, if(guest, [], [scope]) AS id_scope, if(guest, [], [key]) AS id_value,
           if(guest, [], ['verified']), ${tokens},
           concat('{"account":', toJSONString(CAST((kind, scope, key), 'Tuple(kind String, scope String, key String)')),
                  ',"identifiers":', if(guest, '[]', toJSONString([[kind, scope, key]])), '}'), 1
    FROM (SELECT *, kind = 'guest' AS guest FROM staged_accounts
          WHERE is_fresh AND NOT is_suppressed AND ${except(hidden, 'item_n')}) AS fresh
    ANY LEFT JOIN (SELECT n AS item_n, ${itemIdOf(vault, group)} AS item_id FROM staged_items) AS items USING item_n`);
}
