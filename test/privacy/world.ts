/** A small world to forget in: Wang asks to be forgotten; Li shares a phone with her; Zhao has nothing to do with her. */
import assert from 'node:assert/strict';
import { ingestForgets } from '../../ingest/index.ts';
import { runSource } from '../../ingest/run.ts';
import { openWriter } from '../../ingest/write/writer.ts';
import { type ForgetReport, type Forgotten, findPerson, forgetPerson } from '../../privacy/index.ts';
import { p, type RunView, raw, type Store, sql, type Vault } from '../../store/index.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';
import { type Bill, type Card, toy, toySource } from '../helpers/toy-collector.ts';

const clock = { now: () => new Date('2026-03-05T04:00:00Z') };
const { signal } = new AbortController();
export const FAMILY = '+8613900000001';
export const OWN = '+8613911110001';
const OLD = '+8613922220002';
export const HER_CARDS = ['W10001', 'W10002', 'W7'];
export const PAGES: (Card | Bill)[][] = [
  [
    { card: 'W10001', phone: OWN, email: 'wang@example.com' },
    { card: 'W10002', phone: FAMILY },
    // Rows of files: each delivery has items of its own. Her number was another for a while.
    { card: 'W7', phone: OWN, item: 'file-0:1', delivered: '2026-01-01T00:00:00Z' },
    { card: 'W7', phone: OLD, item: 'file-1:1', delivered: '2026-02-01T00:00:00Z' },
    { card: 'L20001', phone: FAMILY },
    { card: 'Z30001', phone: '+8613933330003' },
  ],
  [
    { card: 'W7', phone: OWN, item: 'file-2:1', delivered: '2026-03-01T00:00:00Z' },
    { bill: 'B-W-0001', card: 'W10001', paid_fen: 1_000 },
    { bill: 'B-W-0002', card: 'W10002', paid_fen: 2_000 },
    { bill: 'B-L-0001', card: 'L20001', paid_fen: 4_000 },
    { bill: 'B-0-0001', paid_fen: 8_000 },
    // Two rows that never became a record: one says her number as it is, the other as people type it.
    { card: 'Q1', phone: OWN, bad: true, item: 'file-2:8' },
    { card: 'Q2', phone: ' 139 1111-0001', email: 'Wang@Example.com', bad: true, item: 'file-2:9' },
  ],
];
/** What is hers and nobody else's, in each way it was written. */
const HERS = [
  OWN.slice(3),
  OLD.slice(3),
  'wang@example.com',
  'Wang@Example',
  '139 1111-0001',
  'W10001',
  'W10002',
  '"W7"',
];

export class World {
  readonly test: TestStore;

  constructor(test: TestStore) {
    this.test = test;
  }

  get store(): Store {
    return this.test.store;
  }

  context(store = this.test.store, vault = this.test.vault) {
    return { store, vault, clock, dataDir: this.test.dataDir };
  }

  /** Everything collected afresh, as it lies after some days of merges. Gives Wang's account ordinals. */
  async begin(): Promise<number[]> {
    for (const table of await this.tables()) await this.store.run(raw(`TRUNCATE TABLE ${table}`));
    const view = await this.collect(PAGES);
    assert.deepEqual([view.status, view.counts.rejections], ['done', 2]);
    for (const table of ['account_records', 'shop_customers', 'vault', 'source_items', 'order_lines'])
      await this.store.run(raw(`OPTIMIZE TABLE ${table} FINAL`));
    assert.deepEqual(namesHer(await this.everything()), HERS, 'the test can see everything that must go');
    return this.ordinalsOf(HER_CARDS);
  }

  /** Pulls from the start again, with a writer that was just opened. */
  async collect(pages: (Card | Bill)[][], vault = this.test.vault): Promise<RunView> {
    await this.store.run(raw('TRUNCATE TABLE checkpoints'));
    const { store } = this;
    const writer = await openWriter({ store, vault, clock, mixMobileKeys: [{ scope: 'shop', key: 'demo' }] });
    return runSource({ store, writer, clock, collector: toy(pages), source: toySource, signal });
  }

  async ordinalsOf(cards: readonly string[]): Promise<number[]> {
    const text = opened(this.test.vault);
    const rows = await this.store.rows<{ account_ordinal: number }>(sql`
      SELECT DISTINCT account_ordinal FROM vault FINAL
      WHERE JSONExtractString(${text}, 'account', 'key') IN ${p('Array(String)', cards)} ORDER BY account_ordinal`);
    return rows.map((row) => row.account_ordinal);
  }

  find(accountOrdinals: readonly number[], of = this.context()) {
    return findPerson(of, { requestId: 'r-1', accountOrdinals, profileOrdinals: [], profileIds: [] });
  }

  async forget(
    accountOrdinals: readonly number[],
    of = this.context(),
  ): Promise<ForgetReport & { readonly who: Forgotten }> {
    const found = await this.find(accountOrdinals, of);
    const report = await forgetPerson(of, { ...found, participants: [ingestForgets], settle: async () => {} });
    return { ...report, who: found.who };
  }

  /** Tables that hold anything. */
  async tables(): Promise<string[]> {
    const rows = await this.store.rows<{ name: string }>(sql`
      SELECT name FROM system.tables WHERE database = 'quanyu' AND total_rows > 0 AND name != 'migrations' ORDER BY name`);
    return rows.map((row) => row.name);
  }

  /** All that a table holds, old versions too, as text, with what is sealed opened: what a thief with the keys would see. */
  async dump(table: string, vault = this.test.vault): Promise<string> {
    const clear =
      table === 'vault' || table === 'source_items' ? sql`, if(key_id = 0, '', ${opened(vault)}) AS clear` : raw('');
    const chunks: Buffer[] = [];
    const stream = await this.store.stream(sql`SELECT * ${clear} FROM ${raw(table)}`, 'JSONEachRow');
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString().replaceAll('\\"', '"');
  }

  async everything(vault = this.test.vault): Promise<string> {
    let all = '';
    for (const table of await this.tables()) all += await this.dump(table, vault);
    return all;
  }

  async totals(): Promise<object> {
    const [row] = await this.store.rows<object>(sql`
      SELECT count() AS lines, sum(paid_fen) AS paid, countIf(account_ordinal = 0) AS nobody, uniqExact(order_no) AS orders
      FROM order_lines FINAL`);
    return row!;
  }
}

export async function openWorld(): Promise<World> {
  return new World(await openTestStore());
}

/** Which of her values stand in a text. */
export function namesHer(text: string): string[] {
  return HERS.filter((value) => text.includes(value));
}

export function opened(vault: Vault) {
  return vault.open({ sealed: raw('sealed'), iv: raw('iv'), keyId: raw('key_id') });
}
