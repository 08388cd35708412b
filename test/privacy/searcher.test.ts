import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ingestForgets } from '../../ingest/index.ts';
import { openStore, p, raw, sql } from '../../store/index.ts';
import { startProxy } from '../helpers/http-proxy.ts';
import { namesHer, OWN, openWorld, PAGES, type World } from './world.ts';

describe('erasure and its searcher', function () {
  this.timeout(60_000);
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.test.close());

  it('finds again whatever was left of a person, wherever it lies', async () => {
    const wang = await world.begin();
    const { who } = await world.find(wang);
    await world.forget(wang);
    const place = async () => {
      const found = await ingestForgets.search(world.context(), who);
      return Object.keys(found).filter((key) => found[key]! > 0);
    };
    assert.deepEqual(await place(), []);
    const sealed = (text: string) => sql`${world.test.vault.seal(sql`${p('String', text)}`, raw(`'iviviviviviv'`))}`;
    const account = p('UInt128', who.accountTokens[0]);
    const identifier = p('UInt128', who.identifierTokens[0]);
    const planted: Record<string, () => Promise<void>> = {
      vault: () =>
        world.store.run(sql`INSERT INTO vault (account_ordinal, source, kind, record_id, key_id, iv, sealed, version)
          SELECT 999, 'till', 'shop_customer', 1, 1, 'iviviviviviv', ${sealed(`{"phone":"${OWN}"}`)}, 1`),
      source_items: () =>
        world.store.run(sql`INSERT INTO source_items (source, item_kind, item_id, item_hash, key_id, iv, sealed)
          SELECT 'till', 'card', 1, 1, 1, 'iviviviviviv', ${sealed('x\u0000{"tel":"１３９ １１１１ ０００１"}')}`),
      accounts: () => world.store.run(sql`INSERT INTO accounts (account_id, account_ordinal) SELECT ${account}, 999`),
      account_records: () =>
        world.store.run(
          sql`INSERT INTO account_records (account_ordinal, record_id, id_token, version) SELECT 999, 1, [${identifier}], 1`,
        ),
      identifier_index: () =>
        world.store.run(sql`INSERT INTO identifier_index (token, account_ordinal) SELECT ${identifier}, 999`),
      phone_hashes: () =>
        world.store.run(sql`INSERT INTO phone_hashes (hash_token, phone_token) SELECT ${identifier}, 1`),
      rejections: () =>
        world.store.insert('rejections', [
          { source: 'till', item_kind: 'card', item_id: '1', given: 'Wang@Example.com' },
        ]),
      order_lines: () =>
        world.store.insert('order_lines', [
          { source: 'till', order_no: 'x', line_no: '1', account_ordinal: wang[0], version: 1 },
        ]),
      ...Object.fromEntries(
        ['consents', 'coupons', 'services', 'survey_answers', 'ideas'].map((table) => [
          table,
          () => world.store.insert(table, [{ account_ordinal: wang[0], source: 'till', record_id: '1', version: 1 }]),
        ]),
      ),
      spool: async () => {
        await mkdir(join(world.test.dataDir, 'spool', 'deep'), { recursive: true });
        await writeFile(join(world.test.dataDir, 'spool', 'deep', 'page.json'), `{"mobile":"${OWN.slice(3)}"}`);
      },
    };
    const left: string[] = [];
    for (const [name, plant] of Object.entries(planted)) {
      await plant();
      left.push(name);
      assert.deepEqual((await place()).sort(), [...left].sort(), `planted in ${name}`);
    }
    await rm(join(world.test.dataDir, 'spool'), { recursive: true });
  });

  it('finishes at the second try when the first was cut off', async () => {
    for (const table of ['rejections', 'account_records']) {
      const wang = await world.begin();
      const proxy = await startProxy(world.test.engine.connection.url, { cutAt: new RegExp(`ALTER TABLE ${table} `) });
      const store = openStore({ ...world.store.options, url: proxy.url });
      await assert.rejects(world.forget(wang, world.context(store)), { code: 'store.unavailable' }, table);
      await store.close();
      await proxy.close();
      const { left } = await world.forget(wang);
      assert.deepEqual(left, {});
      assert.deepEqual(namesHer(await world.everything()), [], `cut off at ${table}`);
      await world.collect(PAGES);
      assert.deepEqual(namesHer(await world.everything()), [], `pulled again after being cut off at ${table}`);
    }
  });

  it('takes a person with hundreds of cards and numbers', async () => {
    await world.begin();
    const many = Array.from({ length: 400 }, (_, n) => ({
      card: `MANY-${n}`,
      phone: `+86137${String(n).padStart(8, '0')}`,
    }));
    await world.collect([many]);
    const { left, who } = await world.forget(await world.ordinalsOf(many.map((one) => one.card)));
    assert.deepEqual(left, {});
    assert.equal(who.values.length, 800);
    const all = await world.everything();
    assert.ok(!all.includes('MANY-') && !all.includes('13700000399'));
    assert.ok(all.includes('W10001') && all.includes('"L20001"'));
  });
});
