import assert from 'node:assert/strict';
import { runSource } from '../../ingest/run.ts';
import { openWriter } from '../../ingest/write/writer.ts';
import {
  openStore,
  openVault,
  raw,
  reseal,
  type Store,
  sql,
  type Vault,
  type VaultKeys,
  withNewSealingKey,
} from '../../store/index.ts';
import { startProxy } from '../helpers/http-proxy.ts';
import { openTestStore, TEST_KEYS, type TestStore } from '../helpers/store.ts';
import { type Bill, type Card, PHONE, toy, toySource } from '../helpers/toy-collector.ts';

const clock = { now: () => new Date('2026-03-01T04:00:00Z') };
const { signal } = new AbortController();
const TABLES = ['vault', 'source_items'] as const;

describe('sealed values', function () {
  this.timeout(60_000);
  let test: TestStore;
  before(async () => {
    test = await openTestStore();
  });
  after(() => test.close());

  const collect = async (pages: (Card | Bill)[][], of: { source?: string; vault?: Vault; deliveredAt?: Date } = {}) => {
    const vault = of.vault ?? test.vault;
    const writer = await openWriter({ store: test.store, vault, clock, mixMobileKeys: [] });
    await test.store.run(raw('TRUNCATE TABLE checkpoints'));
    const source = { ...toySource, id: of.source ?? 'till' };
    return runSource({
      store: test.store,
      writer,
      clock,
      collector: toy(pages, of.deliveredAt ? { deliveredAt: of.deliveredAt } : {}),
      source,
      signal,
    });
  };
  /** Every value, opened, of live rows, with what it belongs to. */
  const opened = (vault: Vault, table: (typeof TABLES)[number]) => {
    const text = vault.open({ sealed: raw('sealed'), iv: raw('iv'), keyId: raw('key_id') });
    const of = table === 'vault' ? 'account_ordinal, kind, record_id' : 'item_id, item_hash';
    return test.store.rows<{ text: string }>(
      sql`SELECT toString(tuple(${raw(of)})) AS of, ${text} AS text FROM ${raw(table)} FINAL ORDER BY of`,
    );
  };
  const physical = async (where: string) => {
    const counts = await Promise.all(
      TABLES.map((table) => test.store.rows<{ n: number }>(raw(`SELECT count() AS n FROM ${table} WHERE ${where}`))),
    );
    return counts.map(([row]) => row?.n);
  };

  it('differ for equal texts, and no iv is used twice', async () => {
    const twins = Array.from({ length: 500 }, (_, n) => ({ card: `T${n}`, item: `row-${n}`, phone: PHONE }));
    await collect([twins]);
    for (const table of TABLES) {
      const [row] = await test.store.rows<{ all: number; sealed: number; ivs: number }>(
        raw(`SELECT count() AS all, uniqExact(sealed) AS sealed, uniqExact(iv) AS ivs FROM ${table}`),
      );
      assert.ok(row!.all >= 500);
      assert.deepEqual([row?.sealed, row?.ivs], [row?.all, row?.all], table);
    }
    // The same text sealed again: a second pull of the same page.
    const [before] = await test.store.rows<{ sealed: string }>(
      raw(`SELECT hex(sealed) AS sealed FROM source_items LIMIT 1`),
    );
    await collect([twins]);
    const [again] = await test.store.rows<{ n: number }>(
      raw(`SELECT count() AS n FROM source_items FINAL WHERE hex(sealed) = '${before!.sealed}'`),
    );
    assert.equal(again?.n, 0);
  });

  it('stand beside tokens that are equal in every source, so that accounts meet, while the accounts stay apart', async () => {
    await collect([[{ card: 'SAME', phone: PHONE, email: 'a@b.cn' }]], { source: 'till-a' });
    await collect([[{ card: 'SAME', phone: PHONE, email: 'a@b.cn' }]], { source: 'till-b' });
    const rows = await test.store.rows<{ source: string; tokens: string[] }>(
      raw(`
      SELECT source, arrayMap(x -> toString(x), id_token) AS tokens FROM account_records FINAL
      WHERE source IN ('till-a', 'till-b') AND kind = 'shop_customer' ORDER BY source`),
    );
    assert.equal(rows.length, 2);
    assert.deepEqual(rows[0]?.tokens, rows[1]?.tokens);
    assert.equal(new Set(rows[0]?.tokens).size, 2);
    const [accounts] = await test.store.rows<{ n: number }>(
      raw(`SELECT uniqExact(account_id) AS n FROM accounts WHERE source IN ('till-a', 'till-b')`),
    );
    assert.equal(accounts?.n, 2);
  });

  it('do not open under another key', async () => {
    const other = openVault({ ...TEST_KEYS, sealing: { 1: '22'.repeat(32) } });
    await assert.rejects(opened(other, 'vault'), { code: 'store.query-failed' });
  });

  describe('when the sealing key is rotated', () => {
    let keys: VaultKeys = TEST_KEYS;
    const rotate = async (store: Store): Promise<Vault> => {
      keys = withNewSealingKey(keys);
      const vault = openVault(keys);
      await reseal(store, vault);
      return vault;
    };
    const onlyNewest = () => openVault({ ...keys, sealing: { [keys.current]: keys.sealing[keys.current]! } });
    before(async () => {
      await collect([
        [
          { card: 'A001', phone: PHONE, points: 1 },
          { card: 'A002', phone: '+8613900000002', email: 'li.si@example.com' },
          { card: 'A003', phone: '+8613900000003' },
          { bill: 'B001', card: 'A001', paid_fen: 1200 },
        ],
        // Newer versions, whose older ones still lie beside them, and a deletion.
        [
          { card: 'A001', phone: '+8613900000009', delivered: '2026-03-02T02:00:00Z' },
          { card: 'A003', phone: '+8613900000003', delivered: '2026-03-03T02:00:00Z', deleted: true },
        ],
      ]);
    });

    it('all stay readable, nothing stays sealed by the old key, and every iv is new', async () => {
      const before = [await opened(test.vault, 'vault'), await opened(test.vault, 'source_items')];
      const ivs = await test.store.rows<{ iv: string }>(raw('SELECT hex(iv) AS iv FROM vault'));
      const vault = await rotate(test.store);
      assert.deepEqual([await opened(vault, 'vault'), await opened(vault, 'source_items')], before);
      assert.deepEqual([await opened(onlyNewest(), 'vault'), await opened(onlyNewest(), 'source_items')], before);
      assert.deepEqual(await physical('key_id = 1'), [0, 0]);
      const used = new Set(ivs.map((row) => row.iv));
      const now = await test.store.rows<{ iv: string }>(raw(`SELECT hex(iv) AS iv FROM vault WHERE sealed != ''`));
      assert.ok(now.every((row) => !used.has(row.iv)));
      assert.equal(new Set(now.map((row) => row.iv)).size, now.length);
    });

    it('finish when the rotation was cut off at any point and is run again', async () => {
      const before = [await opened(openVault(keys), 'vault'), await opened(openVault(keys), 'source_items')];
      let cuts = 0;
      for (let cutAfter = 0; ; cutAfter++) {
        const proxy = await startProxy(test.engine.connection.url, { cutAfter });
        const cut = openStore({ ...test.store.options, url: proxy.url });
        const outcome = await rotate(cut).catch((error: unknown) => error);
        await cut.close();
        await proxy.close();
        if (!(outcome instanceof Error)) break;
        cuts++;
        const vault = openVault(keys);
        assert.deepEqual(await opened(vault, 'vault'), before[0], `vault, cut off after ${cutAfter}`);
        assert.deepEqual(await opened(vault, 'source_items'), before[1], `archive, cut off after ${cutAfter}`);
        await reseal(test.store, vault);
        assert.deepEqual(await opened(onlyNewest(), 'vault'), before[0], `vault, cut off after ${cutAfter}`);
        assert.deepEqual(await opened(onlyNewest(), 'source_items'), before[1], `archive, cut off after ${cutAfter}`);
        assert.deepEqual(await physical(`key_id NOT IN (0, ${keys.current})`), [0, 0], `cut off after ${cutAfter}`);
      }
      assert.ok(cuts >= 4, `only ${cuts} places to be cut off at were met`);
    });

    it('of a deleted record do not come back when an older version of it arrives later', async () => {
      const vault = await rotate(test.store);
      const before = await opened(vault, 'vault');
      await collect([[{ card: 'A003', phone: '+8613900000003' }]], {
        vault,
        deliveredAt: new Date('2026-02-01T00:00:00Z'),
      });
      assert.deepEqual(await opened(vault, 'vault'), before);
    });

    it('leave every token as it was: the token key does not rotate', async () => {
      const tokens = () =>
        test.store.rows(raw('SELECT DISTINCT toString(token) AS token FROM identifier_index ORDER BY token'));
      const before = await tokens();
      const vault = await rotate(test.store);
      await collect([[{ card: 'A001', phone: '+8613900000009', delivered: '2026-03-02T02:00:00Z' }]], { vault });
      assert.deepEqual(await tokens(), before);
    });
  });
});
