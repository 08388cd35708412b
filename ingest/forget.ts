/** How the tables of ingest forget a person: archive, quarantine, vault, people and facts. Orders stay, with nobody. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ForgetContext, ForgetsPeople, Forgotten } from '../privacy/index.ts';
import { p, raw, type SqlFragment, sql } from '../store/index.ts';
import type { RecordKind } from './record.ts';
import { FACT_TABLES, needsAccount } from './write/rows.ts';

const KINDS = Object.keys(FACT_TABLES) as RecordKind[];
/** Rows about one account: erased. */
const ACCOUNT_TABLES = [...KINDS.filter(needsAccount).map((kind) => FACT_TABLES[kind]), 'account_records', 'vault'];
/** Rows that stay for the totals, with nobody: the account is taken out. */
const ORDER_TABLES = [FACT_TABLES.order_line, FACT_TABLES.refund];

const SYNC = { settings: { mutations_sync: '2' as const } };

export const ingestForgets: ForgetsPeople = {
  name: 'ingest',

  async erase(context, who) {
    const { store } = context;
    const counts = await count(context, who);
    const items = sql`item_id IN (SELECT arrayJoin(${p('Array(UInt128)', await itemsOf(context, who))}))`;
    await store.run(sql`
      INSERT INTO item_tombstones SELECT source, item_kind, item_id, delivered_at FROM source_items WHERE ${items}`);
    await store.run(sql`ALTER TABLE source_items DELETE WHERE ${items}`, SYNC);
    await store.run(sql`ALTER TABLE rejections DELETE WHERE ${items}`, SYNC);
    for (const table of ORDER_TABLES) {
      const custom = table === 'order_lines' ? raw(', custom = map()') : raw('');
      await store.run(
        sql`ALTER TABLE ${raw(table)} UPDATE account_ordinal = 0 ${custom} WHERE ${ofAccounts(who)}`,
        SYNC,
      );
    }
    for (const table of [...ACCOUNT_TABLES, 'identifier_index', 'accounts']) {
      await store.run(sql`ALTER TABLE ${raw(table)} DELETE WHERE ${ofAccounts(who)}`, SYNC);
    }
    await store.run(sql`ALTER TABLE phone_hashes DELETE WHERE ${ofPhones(who)}`, SYNC);
    return counts;
  },

  async search(context, who) {
    return {
      ...(await count(context, who)),
      drop_folders_and_spool: await filesWith(join(context.dataDir, 'spool'), who.values),
    };
  },
};

const ofAccounts = (who: Forgotten): SqlFragment =>
  sql`account_ordinal IN (SELECT arrayJoin(${p('Array(UInt32)', who.accountOrdinals)}))`;
const ofPhones = (who: Forgotten): SqlFragment =>
  sql`phone_token IN (SELECT arrayJoin(${p('Array(UInt128)', who.identifierTokens)}))`;

/** Archived items of the person's records, and every other item (quarantined, older) that holds a value only they have. */
async function itemsOf(context: ForgetContext, who: Forgotten): Promise<string[]> {
  const tables = [...new Set([...ACCOUNT_TABLES.filter((table) => table !== 'vault'), ...ORDER_TABLES])];
  const ids = new Set<string>();
  for (const table of tables) {
    const rows = await context.store.rows<{ id: string }>(
      sql`SELECT DISTINCT toString(item_id) AS id FROM ${raw(table)} WHERE ${ofAccounts(who)} AND item_id != 0`,
    );
    for (const row of rows) ids.add(row.id);
  }
  const found = await context.store.rows<{ id: string }>(
    sql`SELECT DISTINCT toString(item_id) AS id FROM source_items WHERE ${holdsValues(context, who)}`,
  );
  for (const row of found) ids.add(row.id);
  return [...ids];
}

function holdsValues({ vault }: ForgetContext, who: Forgotten): SqlFragment {
  if (who.values.length === 0) return raw('0');
  const text = vault.open({ sealed: raw('sealed'), iv: raw('iv'), keyId: raw('key_id') });
  return sql`multiSearchAny(${text}, ${p('Array(String)', who.values)})`;
}

async function count(context: ForgetContext, who: Forgotten): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  const look = async (place: string, where: SqlFragment) => {
    const [row] = await context.store.rows<{ found: number }>(
      sql`SELECT count() AS found FROM ${raw(place)} WHERE ${where}`,
    );
    found[place] = row?.found ?? 0;
  };
  for (const table of [...ACCOUNT_TABLES, ...ORDER_TABLES, 'identifier_index', 'accounts'])
    await look(table, ofAccounts(who));
  await look('phone_hashes', ofPhones(who));
  await look('source_items', holdsValues(context, who));
  if (who.values.length > 0) await look('rejections', sql`multiSearchAny(given, ${p('Array(String)', who.values)})`);
  return found;
}

/** Files under a folder that hold one of the values. */
async function filesWith(folder: string, values: readonly string[]): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let found = 0;
  for (const file of files) {
    if (!file.isFile()) continue;
    const bytes = await readFile(join(file.parentPath, file.name)).catch(() => Buffer.alloc(0));
    if (values.some((value) => bytes.includes(value))) found++;
  }
  return found;
}
