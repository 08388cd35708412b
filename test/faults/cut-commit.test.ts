import assert from 'node:assert/strict';
import type { Collector } from '../../ingest/collectors/collector.ts';
import { openWriter, runSource } from '../../ingest/index.ts';
import type { Engine } from '../../store/embedded/index.ts';
import { openStore, raw, type Store, sql } from '../../store/index.ts';
import { startProxy } from '../helpers/http-proxy.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';
import { PHONE, toy, toySource } from '../helpers/toy-collector.ts';

const clock = { now: () => new Date('2026-03-01T04:00:00Z') };
/** Every statement in the soak, every fourth here. */
const STEP = process.env.QUANYU_SOAK === 'full' ? 1 : 4;
const SEED = Number(process.env.QUANYU_SEED ?? 1);
const OTHER_PHONE = '+8613900000002';

/** What every table says, by account instead of ordinal, without what differs by nature (ivs, commit numbers). */
const FACTS = ['account_records', 'shop_customers', 'order_lines', 'vault'];
const OTHERS = ['source_items', 'item_tombstones', 'rejections', 'phone_hashes', 'checkpoints', 'suppressed'];

async function stateOf(store: Store): Promise<Record<string, unknown[]>> {
  const state: Record<string, unknown[]> = {
    accounts: await store.rows(raw('SELECT toString(account_id) AS id, source, kind FROM accounts FINAL ORDER BY id')),
    index: await store.rows(
      raw(`SELECT toString(token) AS t, toString(account_id) AS id FROM identifier_index FINAL
        INNER JOIN (SELECT * FROM accounts FINAL) AS a USING account_ordinal ORDER BY t, id`),
    ),
  };
  for (const table of FACTS) {
    const but = table === 'vault' ? 'account_ordinal, iv, sealed' : 'account_ordinal, commit_seq';
    const columns = table === 'shop_customers' ? 'account_ordinal' : but;
    state[table] = await store.rows(
      raw(`SELECT toString(tuple(f.* EXCEPT (${columns}), a.account_id)) AS row
        FROM (SELECT * FROM ${table} FINAL) AS f LEFT ANY JOIN (SELECT * FROM accounts FINAL) AS a USING account_ordinal ORDER BY row`),
    );
  }
  for (const table of OTHERS) {
    const but: Record<string, string> = { source_items: 'iv, sealed, account_ordinals', phone_hashes: 'commit_seq' };
    const columns = but[table] ? `* EXCEPT (${but[table]})` : '*';
    state[table] = await store.rows(
      raw(`SELECT toString(tuple(${columns})) AS row FROM (SELECT * FROM ${table} FINAL) ORDER BY row`),
    );
  }
  return state;
}

function world(): Collector {
  return toy([
    [
      { card: 'A001', phone: PHONE },
      { card: 'A002', phone: OTHER_PHONE, points: 5 },
      { card: 'A003', bad: true },
    ],
    [
      { bill: 'B1', card: 'A001', paid_fen: 1200 },
      { bill: 'B2', card: 'A004', paid_fen: 900 },
      { bill: 'B3', paid_fen: 100 },
    ],
  ]);
}

describe('a commit that is cut off', function () {
  this.timeout(240_000);
  let engine: Engine;
  before(async () => {
    engine = (await openTestStore()).engine;
  });
  after(() => engine.stop());

  async function opened(forgotten: boolean): Promise<TestStore> {
    const test = await openTestStore({ engine });
    if (!forgotten) return test;
    const token = test.vault.token(raw(`concat('identifier', '\\0', 'phone', '\\0', '', '\\0', '${PHONE}')`));
    await test.store.run(
      sql`INSERT INTO suppressed (token, kind, request_id, since) SELECT ${token}, 'identifier', 'r1', toDateTime64(0, 3, 'UTC')`,
    );
    return test;
  }

  const pulled = async (test: Pick<TestStore, 'store' | 'vault'>) => {
    const writer = await openWriter({ ...test, clock, mixMobileKeys: [{ scope: 'shop', key: 'demoKey' }] });
    const { signal } = new AbortController();
    return runSource({ ...test, writer, clock, collector: world(), source: toySource, signal });
  };

  for (const forgotten of [false, true]) {
    const who = forgotten ? ', with somebody among them who asked to be forgotten' : '';
    it(`before any of its statements ends, once made again, as one that was not${who}`, async () => {
      const calm = await opened(forgotten);
      assert.equal((await pulled(calm)).status, 'done');
      const expected = await stateOf(calm.store);
      assert.ok(expected.account_records!.length > 2 && expected.rejections!.length === 1);
      await calm.close();
      let cuts = 0;
      for (let after = 12 + (SEED % STEP); ; after += STEP) {
        const test = await opened(forgotten);
        const proxy = await startProxy(engine.connection.url, { cutAfter: after });
        const cut = openStore({ ...test.store.options, url: proxy.url });
        const status = await pulled({ ...test, store: cut }).then(
          (view) => view.status,
          () => 'cut',
        );
        await cut.close();
        await proxy.close();
        if (status === 'done') break;
        cuts++;
        assert.equal((await pulled(test)).status, 'done');
        assert.deepEqual(await stateOf(test.store), expected, `cut after ${after} statements`);
        await test.store.run(raw(`DROP DATABASE ${test.store.options.database}`));
        await test.close();
      }
      assert.ok(cuts >= 20 / STEP, `only ${cuts} cuts were tried`);
    });
  }
});
