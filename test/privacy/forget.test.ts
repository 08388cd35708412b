import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ingestForgets } from '../../ingest/index.ts';
import { runSource } from '../../ingest/run.ts';
import { openWriter } from '../../ingest/write/writer.ts';
import { type ForgetReport, type Forgotten, findPerson, forgetPerson } from '../../privacy/index.ts';
import {
  openStore,
  openVault,
  p,
  raw,
  reseal,
  type Store,
  sql,
  type Vault,
  withNewSealingKey,
} from '../../store/index.ts';
import { startProxy } from '../helpers/http-proxy.ts';
import { openTestStore, TEST_KEYS, type TestStore } from '../helpers/store.ts';
import { type Bill, type Card, type ToyOptions, toy, toySource } from '../helpers/toy-collector.ts';

const clock = { now: () => new Date('2026-03-05T04:00:00Z') };
const { signal } = new AbortController();
const FAMILY = '+8613900000001';
const OWN = '+8613911110001';
const OLD = '+8613922220002';
const md5 = (phone: string) => createHash('md5').update(phone.slice(3)).digest('hex');

/** Wang asks to be forgotten. She shares a phone with Li; Zhao has nothing to do with her. */
const WANG = ['W10001', 'W10002', 'W7'];
const LI: Card = { card: 'L20001', phone: FAMILY };
const ZHAO: Card = { card: 'Z30001', phone: '+8613933330003' };
const PAGES: (Card | Bill)[][] = [
  [
    { card: 'W10001', phone: OWN, email: 'wang@example.com' },
    { card: 'W10002', phone: FAMILY },
    // Rows of files: each delivery has items of its own. Her number was another for a while.
    { card: 'W7', phone: OWN, item: 'file-0:1', delivered: '2026-01-01T00:00:00Z' },
    { card: 'W7', phone: OLD, item: 'file-1:1', delivered: '2026-02-01T00:00:00Z' },
    LI,
    ZHAO,
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

describe('a person who asks to be forgotten', function () {
  this.timeout(60_000);
  let test: TestStore;
  before(async () => {
    test = await openTestStore();
  });
  after(() => test.close());

  const context = (store: Store = test.store, vault: Vault = test.vault) => ({
    store,
    vault,
    clock,
    dataDir: test.dataDir,
  });
  const tables = async () =>
    (
      await test.store.rows<{ name: string }>(
        sql`SELECT name FROM system.tables WHERE database = 'quanyu' AND total_rows > 0 AND name != 'migrations' ORDER BY name`,
      )
    ).map((row) => row.name);
  const collect = async (pages: (Card | Bill)[][], of: ToyOptions & { vault?: Vault; again?: boolean } = {}) => {
    const vault = of.vault ?? test.vault;
    if (of.again !== false) await test.store.run(raw('TRUNCATE TABLE checkpoints'));
    const writer = await openWriter({
      store: test.store,
      vault,
      clock,
      mixMobileKeys: [{ scope: 'shop', key: 'demo' }],
    });
    return runSource({ store: test.store, writer, clock, collector: toy(pages, of), source: toySource, signal });
  };
  const ordinalsOf = async (cards: readonly string[]) => {
    const text = test.vault.open({ sealed: raw('sealed'), iv: raw('iv'), keyId: raw('key_id') });
    const rows = await test.store.rows<{ account_ordinal: number }>(sql`
      SELECT DISTINCT account_ordinal FROM vault FINAL
      WHERE JSONExtractString(${text}, 'account', 'key') IN ${p('Array(String)', cards)} ORDER BY account_ordinal`);
    return rows.map((row) => row.account_ordinal);
  };
  const find = async (accountOrdinals: readonly number[], of = context()) =>
    findPerson(of, { requestId: 'r-1', accountOrdinals, profileOrdinals: [], profileIds: [] });
  const forget = async (
    accountOrdinals: readonly number[],
    of = context(),
  ): Promise<ForgetReport & { who: Forgotten }> => {
    const found = await find(accountOrdinals, of);
    const report = await forgetPerson(of, { ...found, participants: [ingestForgets], settle: async () => {} });
    return { ...report, who: found.who };
  };
  /** Everything that the database holds, as text, with what is sealed opened: what a thief with the keys would see. */
  const everything = async (vault: Vault = test.vault): Promise<string> => {
    const opened = vault.open({ sealed: raw('sealed'), iv: raw('iv'), keyId: raw('key_id') });
    let all = '';
    for (const table of await tables()) {
      const clear =
        table === 'vault' || table === 'source_items' ? sql`, if(key_id = 0, '', ${opened}) AS clear` : raw('');
      for await (const chunk of await test.store.stream(sql`SELECT * ${clear} FROM ${raw(table)}`, 'JSONEachRow'))
        all += String(chunk).replaceAll('\\"', '"');
    }
    return all;
  };
  const namesHer = (all: string) => HERS.filter((value) => all.includes(value));
  const totals = async () =>
    (
      await test.store.rows(sql`
        SELECT count() AS lines, sum(paid_fen) AS paid, countIf(account_ordinal = 0) AS nobody, uniqExact(order_no) AS orders
        FROM order_lines FINAL`)
    )[0];
  const merge = () =>
    Promise.all(
      ['account_records', 'shop_customers', 'vault', 'source_items', 'order_lines'].map((table) =>
        test.store.run(raw(`OPTIMIZE TABLE ${table} FINAL`)),
      ),
    );
  /** A fresh world: everything collected, as it lies after some days of merges. */
  const begin = async () => {
    for (const table of await tables()) await test.store.run(raw(`TRUNCATE TABLE ${table}`));
    const view = await collect(PAGES);
    assert.deepEqual([view.status, view.counts.rejections], ['done', 2]);
    await merge();
    assert.deepEqual(namesHer(await everything()), HERS, 'the test can see everything that must go');
    return ordinalsOf(WANG);
  };

  describe('once forgotten', () => {
    let report: ForgetReport & { who: Forgotten };
    let before_: unknown;
    let wang: readonly number[];
    before(async () => {
      wang = await begin();
      before_ = await totals();
      report = await forget(wang);
    });

    it('is told what was erased, and that nothing is left', () => {
      assert.equal(wang.length, 3);
      assert.deepEqual([report.accounts, report.shared_identifiers, report.left], [3, 1, {}]);
      for (const place of ['accounts', 'account_records', 'vault', 'source_items', 'shop_customers', 'order_lines'])
        assert.ok(report.erased[`ingest.${place}`]! > 0, place);
    });

    it('is in no table any more: not in clear, not sealed, not as a token', async () => {
      const all = await everything();
      assert.deepEqual(namesHer(all), []);
      const kept = ['suppressed', 'item_tombstones'];
      for (const table of (await tables()).filter((name) => !kept.includes(name))) {
        let text = '';
        for await (const chunk of await test.store.stream(raw(`SELECT * FROM ${table}`), 'JSONEachRow')) text += chunk;
        const tokens = [...report.who.accountTokens, ...report.who.identifierTokens];
        assert.deepEqual(
          tokens.filter((token) => text.includes(token)),
          [],
          table,
        );
      }
    });

    it('leaves the other holder of a shared phone as they were', async () => {
      const text = test.vault.open({ sealed: raw('sealed'), iv: raw('iv'), keyId: raw('key_id') });
      const [li] = await ordinalsOf(['L20001']);
      const [row] = await test.store.rows<{ phone: string }>(
        sql`SELECT JSONExtractString(${text}, 'phone') AS phone FROM vault FINAL
            WHERE account_ordinal = ${p('UInt32', li)} AND kind = 'shop_customer'`,
      );
      assert.equal(row?.phone, FAMILY);
      const [holders] = await test.store.rows<{ n: number; hashes: number; suppressed: number }>(sql`
        WITH (SELECT id_token[1] FROM account_records FINAL WHERE account_ordinal = ${p('UInt32', li)} AND kind = 'shop_customer') AS phone
        SELECT (SELECT uniqExact(account_ordinal) FROM identifier_index WHERE token = phone) AS n,
               (SELECT count() FROM phone_hashes FINAL WHERE phone_token = phone) AS hashes,
               (SELECT count() FROM suppressed WHERE token = phone) AS suppressed`);
      assert.deepEqual(holders, { n: 1, hashes: 3, suppressed: 0 });
      const archived = await everything();
      assert.ok(archived.includes('"L20001"') && archived.includes('"Z30001"'));
    });

    it('leaves the orders in the totals, with nobody and nothing of the brand’s own fields', async () => {
      const now = await totals();
      assert.deepEqual(now, { ...(before_ as object), nobody: 3 });
      const custom = await test.store.rows(
        sql`SELECT order_no FROM order_lines FINAL WHERE length(custom) > 0 ORDER BY order_no`,
      );
      assert.deepEqual(custom, [{ order_no: 'B-0-0001' }, { order_no: 'B-L-0001' }]);
    });

    it('does not come back when everything is pulled again', async () => {
      const before = await totals();
      const view = await collect(PAGES);
      assert.equal(view.counts.suppressed, 9);
      assert.deepEqual(namesHer(await everything()), []);
      assert.deepEqual(await totals(), before);
      const custom = await test.store.rows(sql`SELECT count() AS n FROM order_lines FINAL WHERE length(custom) > 0`);
      assert.deepEqual(custom, [{ n: 2 }]);
      assert.deepEqual(await ordinalsOf(WANG), []);
    });

    it('does not come back with a new card, a new bill or the hash of the phone, while others do come', async () => {
      const view = await collect([
        [
          { card: 'W10009', phone: OWN },
          { card: 'H10001', phone_md5: md5(OWN) },
          { card: 'L20002', phone: FAMILY },
          { bill: 'B-W-0009', card: 'W10009', paid_fen: 16_000 },
        ],
      ]);
      assert.equal(view.counts.suppressed, 3);
      assert.deepEqual(namesHer(await everything()), []);
      assert.deepEqual(await ordinalsOf(['W10009', 'H10001']), []);
      assert.equal((await ordinalsOf(['L20002'])).length, 1);
      const [bill] = await test.store.rows(
        sql`SELECT account_ordinal FROM order_lines FINAL WHERE order_no = 'B-W-0009'`,
      );
      assert.deepEqual(bill, { account_ordinal: 0 });
    });

    it('stays forgotten when the sealing key is rotated', async () => {
      const keys = withNewSealingKey(TEST_KEYS);
      const vault = openVault(keys);
      await reseal(test.store, vault);
      await collect([...PAGES, [{ card: 'W10010', phone: OWN }]], { vault });
      assert.deepEqual(namesHer(await everything(vault)), []);
      const [accounts] = await test.store.rows<{ n: number }>(sql`SELECT uniqExact(account_id) AS n FROM accounts`);
      assert.equal(accounts?.n, 3, 'Li with two cards, and Zhao');
    });
  });

  it('is found again by the searcher wherever something of them was left', async () => {
    const wang = await begin();
    const { who } = await find(wang);
    await forget(wang);
    const place = async () => {
      const found = await ingestForgets.search(context(), who);
      return Object.keys(found).filter((key) => found[key]! > 0);
    };
    assert.deepEqual(await place(), []);
    const sealed = (text: string) => sql`${test.vault.seal(sql`${p('String', text)}`, raw(`'iviviviviviv'`))}`;
    const account = p('UInt128', who.accountTokens[0]);
    const identifier = p('UInt128', who.identifierTokens[0]);
    const planted: Record<string, () => Promise<void>> = {
      vault: () =>
        test.store.run(sql`INSERT INTO vault (account_ordinal, source, kind, record_id, key_id, iv, sealed, version)
          SELECT 999, 'till', 'shop_customer', 1, 1, 'iviviviviviv', ${sealed(`{"phone":"${OWN}"}`)}, 1`),
      source_items: () =>
        test.store.run(sql`INSERT INTO source_items (source, item_kind, item_id, item_hash, key_id, iv, sealed)
          SELECT 'till', 'card', 1, 1, 1, 'iviviviviviv', ${sealed('x\u0000{"tel":"１３９ １１１１ ０００１"}')}`),
      accounts: () => test.store.run(sql`INSERT INTO accounts (account_id, account_ordinal) SELECT ${account}, 999`),
      account_records: () =>
        test.store.run(
          sql`INSERT INTO account_records (account_ordinal, record_id, id_token, version) SELECT 999, 1, [${identifier}], 1`,
        ),
      identifier_index: () =>
        test.store.run(sql`INSERT INTO identifier_index (token, account_ordinal) SELECT ${identifier}, 999`),
      phone_hashes: () =>
        test.store.run(sql`INSERT INTO phone_hashes (hash_token, phone_token) SELECT ${identifier}, 1`),
      rejections: () =>
        test.store.insert('rejections', [
          { source: 'till', item_kind: 'card', item_id: '1', given: 'Wang@Example.com' },
        ]),
      order_lines: () =>
        test.store.insert('order_lines', [
          { source: 'till', order_no: 'x', line_no: '1', account_ordinal: wang[0], version: 1 },
        ]),
      consents: () =>
        test.store.insert('consents', [{ account_ordinal: wang[0], source: 'till', record_id: '1', version: 1 }]),
      spool: async () => {
        await mkdir(join(test.dataDir, 'spool', 'deep'), { recursive: true });
        await writeFile(join(test.dataDir, 'spool', 'deep', 'page.json'), `{"mobile":"${OWN.slice(3)}"}`);
      },
    };
    const left: string[] = [];
    for (const [name, plant] of Object.entries(planted)) {
      await plant();
      left.push(name);
      assert.deepEqual((await place()).sort(), [...left].sort(), `planted in ${name}`);
    }
    await rm(join(test.dataDir, 'spool'), { recursive: true });
  });

  it('is gone after a second try when the first was cut off', async () => {
    for (const table of ['rejections', 'order_lines', 'account_records', 'accounts']) {
      const wang = await begin();
      const proxy = await startProxy(test.engine.connection.url, { cutAt: new RegExp(`ALTER TABLE ${table} `) });
      const store = openStore({ ...test.store.options, url: proxy.url });
      await assert.rejects(forget(wang, context(store)), { code: 'store.unavailable' }, table);
      await store.close();
      await proxy.close();
      const { left } = await forget(wang);
      assert.deepEqual(left, {});
      assert.deepEqual(namesHer(await everything()), [], `cut off at ${table}`);
      await collect(PAGES);
      assert.deepEqual(namesHer(await everything()), [], `pulled again after being cut off at ${table}`);
    }
  });

  it('gives their number to nobody else: an ordinal is never used again', async () => {
    await begin();
    await collect([[{ card: 'NEWEST', phone: OWN }]]);
    const [newest] = await ordinalsOf(['NEWEST']);
    const [highest] = await test.store.rows<{ n: number }>(sql`SELECT max(account_ordinal) AS n FROM accounts`);
    assert.equal(newest, highest?.n);
    await forget([newest!]);
    await collect([[{ card: 'AFTER' }]]);
    const [after] = await ordinalsOf(['AFTER']);
    assert.ok(after! > newest!, `${after} was given after ${newest}`);
  });

  it('may have hundreds of cards and numbers', async () => {
    await begin();
    const many = Array.from({ length: 400 }, (_, n) => ({
      card: `MANY-${n}`,
      phone: `+86137${String(n).padStart(8, '0')}`,
    }));
    await collect([many]);
    const { left, who } = await forget(await ordinalsOf(many.map((one) => one.card)));
    assert.deepEqual(left, {});
    assert.equal(who.values.length, 800);
    const all = await everything();
    assert.ok(!all.includes('MANY-') && !all.includes('13700000399'));
    assert.ok(all.includes('W10001') && all.includes('"L20001"'));
  });
});
