/** How the tables of ingest forget a person: archive, quarantine, vault, people and facts. Orders stay, with nobody. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ForgetContext, type ForgetsPeople, type Forgotten, holdsAny } from '../privacy/index.ts';
import { p, raw, type SqlFragment, sql } from '../store/index.ts';
import type { RecordKind } from './record.ts';
import { FACT_BY_KIND, needsAccount } from './write/facts.ts';

const KINDS = Object.keys(FACT_BY_KIND) as RecordKind[];
/** Facts about one account: erased. */
const ACCOUNT_TABLES = KINDS.filter(needsAccount).map((kind) => FACT_BY_KIND[kind].table);
/** Facts that stay for the totals, with nobody: the account is taken out. */
const ORDER_TABLES = [FACT_BY_KIND.order_line.table, FACT_BY_KIND.refund.table];

const SYNC = { settings: { mutations_sync: '2' as const } };

/** Rows of a table (or of `table FINAL`) that a condition selects. */
type Place = readonly [table: string, where: SqlFragment];

export const ingestForgets: ForgetsPeople = {
  name: 'ingest',

  async erase(context, who) {
    const { store } = context;
    const counts = await search(context, who);
    const items = among('item_id', 'UInt128', await itemsOf(context, who));
    await store.run(sql`
      INSERT INTO item_tombstones SELECT source, item_kind, item_id, delivered_at FROM source_items WHERE ${items}`);
    for (const table of ['rejections', 'source_items'])
      await store.run(sql`ALTER TABLE ${raw(table)} DELETE WHERE ${items}`, SYNC);
    for (const table of ORDER_TABLES) {
      const custom = table === 'order_lines' ? raw(', custom = map()') : raw('');
      await store.run(
        sql`ALTER TABLE ${raw(table)} UPDATE account_ordinal = 0 ${custom} WHERE ${ofAccounts(who)}`,
        SYNC,
      );
    }
    for (const [table, where] of [...hashPlaces(who), ...personPlaces(who)])
      await store.run(sql`ALTER TABLE ${raw(table)} DELETE WHERE ${where}`, SYNC);
    return counts;
  },

  async search(context, who) {
    return { ...(await search(context, who)), spool: await filesWith(join(context.dataDir, 'spool'), who.values) };
  },
};

const among = (column: string, type: string, values: readonly unknown[]): SqlFragment =>
  sql`${raw(column)} IN (SELECT arrayJoin(${p(`Array(${type})`, values)}))`;
const ofAccounts = (who: Forgotten): SqlFragment => among('account_ordinal', 'UInt32', who.accountOrdinals);

function hashPlaces(who: Forgotten): Place[] {
  const tokens = (column: string) => among(column, 'UInt128', who.identifierTokens);
  return [['phone_hashes', sql`(${tokens('phone_token')} OR ${tokens('hash_token')})`]];
}

/** What says who the person is comes last: as long as it is there, an erasure that was cut off can be made again. */
function personPlaces(who: Forgotten): Place[] {
  const own = ofAccounts(who);
  const gives = sql`hasAny(id_token, ${p('Array(UInt128)', who.identifierTokens)})`;
  return [
    ...ACCOUNT_TABLES.map((table): Place => [table, own]),
    ['identifier_index', sql`(${own} OR ${among('token', 'UInt128', who.identifierTokens)})`],
    ['account_records', sql`(${own} OR ${gives})`],
    ['vault', own],
    ['accounts', sql`(${own} OR ${among('account_id', 'UInt128', who.accountTokens)})`],
  ];
}

/** Places that are looked through for clear values; such a condition is never part of a mutation, which lies on the disk. */
function clearPlaces({ vault }: ForgetContext, who: Forgotten): Place[] {
  const text = vault.open({ sealed: raw('sealed'), iv: raw('iv'), keyId: raw('key_id') });
  const ordinals = p('Array(UInt32)', who.accountOrdinals);
  return [
    ['source_items', sql`(hasAny(account_ordinals, ${ordinals}) OR ${holdsAny(text, who.values)})`],
    ['vault FINAL', holdsAny(text, who.values)],
    ['rejections', holdsAny(raw('given'), who.values)],
  ];
}

/** Archived items of the person's records, and every other item (quarantined, say) that holds a value only they have. */
async function itemsOf(context: ForgetContext, who: Forgotten): Promise<string[]> {
  const places: Place[] = [
    ...[...ACCOUNT_TABLES, 'account_records', ...ORDER_TABLES].map((table): Place => [table, ofAccounts(who)]),
    ...clearPlaces(context, who).filter(([table]) => table !== 'vault FINAL'),
  ];
  const ids = new Set<string>();
  for (const [table, where] of places) {
    const rows = await context.store.rows<{ id: string }>(
      sql`SELECT DISTINCT toString(item_id) AS id FROM ${raw(table)} WHERE ${where} AND item_id != 0`,
    );
    for (const row of rows) ids.add(row.id);
  }
  return [...ids];
}

/** Rows that are the person's, by table: by their accounts and tokens, and by the clear values that only they have. */
async function search(context: ForgetContext, who: Forgotten): Promise<Record<string, number>> {
  const orders = ORDER_TABLES.map((table): Place => [table, ofAccounts(who)]);
  const found: Record<string, number> = {};
  for (const [place, where] of [...orders, ...hashPlaces(who), ...personPlaces(who), ...clearPlaces(context, who)]) {
    const [row] = await context.store.rows<{ found: number }>(
      sql`SELECT count() AS found FROM ${raw(place)} WHERE ${where}`,
    );
    const table = place.replace(' FINAL', '');
    found[table] = Math.max(found[table] ?? 0, row?.found ?? 0);
  }
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
