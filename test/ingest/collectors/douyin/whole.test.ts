/** The whole way of a shop: simulator, pull, pushes, writer, resolve, beside the truth of the population. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BRAND, type DouyinShop, douyinShop, writePopulation } from '../../../../fixtures/population/index.ts';
import {
  type DouyinSimulator,
  messagesPost,
  spiCopy,
  startDouyinSimulator,
} from '../../../../fixtures/simulators/douyin/index.ts';
import { DEFAULT_RULES, loadLinks, profileOf, resolve } from '../../../../identity/index.ts';
import { douyinCollector } from '../../../../ingest/collectors/douyin/index.ts';
import { type Collector, openWriter, pushReceiver, runSource, type Writer } from '../../../../ingest/index.ts';
import { accountToken, p, type RunView, raw, sql } from '../../../../store/index.ts';
import { openTestStore, type TestStore } from '../../../helpers/store.ts';
import { messageText, sourceOf } from './shop.ts';

const END_AT = new Date('2026-01-15T16:00:00Z');
const began = performance.now();
/** Goes on from there: the collector spreads its calls over time. */
const clock = { now: () => new Date(END_AT.getTime() + performance.now() - began) };
const signal = new AbortController().signal;
const SHOP = {
  ...{ app_key: BRAND.douyin.appKey, app_secret: 'whole-test', shop_id: BRAND.douyin.shop },
  member_app_id: BRAND.douyin.memberApp,
};
const collector = douyinCollector as Collector;

describe('a Douyin shop from its platform to its profiles', () => {
  let test: TestStore;
  let folder: string;
  let shop: DouyinShop;
  let simulator: DouyinSimulator;
  let writer: Writer;
  let run: RunView;
  const source = () => sourceOf({ ...SHOP, gateway: simulator.url, brand: BRAND.id, calls_per_second: 1000 });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'quanyu-douyin-'));
    await writePopulation({ persons: 900, seed: 3, out: folder, endAt: END_AT, days: 120 });
    shop = await douyinShop({ out: folder, to: END_AT });
    const { orders, aftersales, member_orders, members } = shop;
    simulator = await startDouyinSimulator({ shop: SHOP, data: { orders, aftersales, member_orders, members }, clock });
    test = await openTestStore();
    writer = await openWriter({ ...test, clock, mixMobileKeys: [] });
    const receiver = pushReceiver({ writer, clock, collector, source: source() });
    const copies = shop.spi.map((call) => spiCopy(call, { shop: SHOP, now: 0 }));
    const answers = await Promise.all(copies.map((copy) => receiver.receive({ method: 'POST', query: {}, ...copy })));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    run = await runSource({ ...test, writer, clock, collector, source: source(), signal });
  });
  after(async () => {
    await test.close();
    await simulator.close();
    rmSync(folder, { recursive: true });
  });

  it('is pulled whole, with nothing refused on either side', () => {
    assert.deepEqual([run.status, run.counts.rejections], ['done', 0]);
    assert.deepEqual(simulator.stats.refused, []);
    const { orders, aftersales, member_orders } = shop;
    const named = new Set(member_orders.map((row) => (row as { open_id: string }).open_id));
    assert.equal(run.counts.items, orders.length + aftersales.length + member_orders.length + named.size);
  });

  it('holds what was paid and given back to the fen, however often it is pulled', async () => {
    await runSource({ ...test, writer, clock, collector, source: source(), signal });
    const [found] = await test.store.rows<{ orders: number; paid: number; refunded: number }>(
      raw(`SELECT toUInt32(uniqExact(order_no)) AS orders, toFloat64(sum(paid_fen)) AS paid,
        (SELECT toFloat64(sum(refunded_fen)) FROM refunds FINAL WHERE status = 'success' AND order_no IN
          (SELECT order_no FROM order_lines FINAL WHERE line_kind = 'goods')) AS refunded
        FROM order_lines FINAL WHERE line_kind = 'goods' AND state NOT IN ('created', 'deposit_paid', 'closed_unpaid')`),
    );
    const stated = { orders: 0, paid: 0, refunded: 0 };
    for (const line of shop.truthOrders) {
      const [purchases, paid, refunded] = line.split(',').slice(4, 7).map(Number);
      stated.orders += purchases!;
      stated.paid += paid!;
      stated.refunded += refunded!;
    }
    assert.deepEqual(found, stated);
  });

  it('makes one person of the buyer of orders and the member, and never of two people', async () => {
    const { vault, store } = test;
    const resolved = await resolve({ store, vault, clock, rules: DEFAULT_RULES, mixMobileKeys: [] });
    const links = await loadLinks(store, resolved.identity_version);
    const asked = shop.truth.map((line) => line.split(','));
    const columns = { source: raw(`'${source().id}'`), kind: raw('one[1]'), key: raw('one[3]') };
    const rows = await store.rows<{ person: string; kind: string; ordinal: number }>(sql`
      SELECT named.person AS person, named.kind AS kind, account_ordinal AS ordinal FROM accounts INNER JOIN
        (SELECT one[4] AS person, one[1] AS kind, ${accountToken(vault, columns)} AS token
         FROM (SELECT arrayJoin(${p('Array(Array(String))', asked)}) AS one)) AS named ON account_id = named.token`);
    assert.equal(rows.length, shop.truth.length);
    const people = new Map<number, Set<string>>();
    const profiles = new Map<string, Set<number>>();
    for (const { person, ordinal } of rows) {
      const profile = profileOf(links, ordinal)!;
      people.set(profile, (people.get(profile) ?? new Set()).add(person));
      profiles.set(person, (profiles.get(person) ?? new Set()).add(profile));
    }
    assert.ok([...people.values()].every(({ size }) => size === 1));
    const open = new Set(shop.member_orders.map((row) => (row as { open_id: string }).open_id));
    const bridged = asked.filter(([, , id]) => open.has(id!)).map(([, , , person]) => person!);

    assert.ok(bridged.length > 10);
    assert.ok(bridged.every((person) => profiles.get(person)!.size === 1));
  });

  it('keeps a message before it is answered', async () => {
    const receiver = pushReceiver({ writer, clock, collector, source: source() });
    const { body, headers } = messagesPost(messageText('101', '{"p_id":4933609365066313446,"shop_id":1}'), SHOP);
    for (let again = 0; again < 2; again += 1)
      assert.equal((await receiver.receive({ method: 'POST', query: {}, headers, body })).status, 200);
    const [kept] = await test.store.rows<{ n: number }>(
      raw(`SELECT toUInt32(uniqExact(item_hash)) AS n FROM source_items WHERE item_kind = 'message'`),
    );
    assert.equal(kept!.n, 1);
  });
});
