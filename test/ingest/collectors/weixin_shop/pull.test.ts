import assert from 'node:assert/strict';
import {
  startWeixinShopSimulator,
  type WeixinShopData,
  type WeixinShopSimulator,
} from '../../../../fixtures/simulators/weixin_shop/index.ts';
import { type Json, SourceFault } from '../../../../ingest/collectors/collector.ts';
import { errcodes } from '../../../../ingest/collectors/weixin_shop/errcode.ts';
import { weixinShopCollector } from '../../../../ingest/collectors/weixin_shop/index.ts';
import { many } from '../tmall/shop.ts';
import { APP, afterSaleRow, contextOf, HandClock, memberRow, NOW, NOW_S, orderRow, pagesOf, sourceOf } from './shop.ts';

const DAY_S = 86_400;
const TOKEN = '/cgi-bin/stable_token';
const keysOf = (pages: Awaited<ReturnType<typeof pagesOf>>) =>
  pages.flatMap(({ items }) => items.map(({ key }) => key));
const lastCursor = (pages: Awaited<ReturnType<typeof pagesOf>>): Json => pages.at(-1)!.cursor;

describe('pull of 微信小店', () => {
  let simulator: WeixinShopSimulator;
  let clock: HandClock;

  const start = async (data: WeixinShopData) => {
    clock = new HandClock();
    simulator = await startWeixinShopSimulator({ app: APP, data, clock });
  };
  const pull = (stream: string, checkpoint: Json = null) =>
    pagesOf(contextOf({ url: simulator.url, clock, stream, checkpoint }));
  afterEach(() => simulator.close());

  it('takes one token a pull, and a new one when the old one is dead', async () => {
    await start({ orders: many(3, (n) => orderRow(n)) });
    simulator.platform.misbehave({ kind: 'dead-token', times: 1 });
    assert.equal(keysOf(await pull('orders')).length, 3);
    assert.equal(simulator.platform.stats.byPath[TOKEN], 2);
  });

  it('asks for authorisation when a new token is refused as well', async () => {
    await start({ orders: [orderRow(1)] });
    simulator.platform.misbehave({ kind: 'dead-token' });
    await assert.rejects(pull('orders'), (fault) => fault instanceof SourceFault && fault.kind === 'reauthorise');
    assert.equal(simulator.platform.stats.calls, 2);
  });

  it('renews its token before it ends', async () => {
    await start({ orders: many(120, (n) => orderRow(n)) });
    const context = contextOf({ url: simulator.url, clock, stream: 'orders' });
    const pages = weixinShopCollector.pull(context)[Symbol.asyncIterator]();
    await pages.next();
    clock.forward(7100_000);
    assert.equal((await pages.next()).value?.items.length, 20);
    assert.equal(simulator.platform.stats.byPath[TOKEN], 2);
    assert.deepEqual(simulator.platform.stats.refused, []);
  });

  it('keeps an order that the platform will not give as an item, and goes on', async () => {
    await start({ orders: many(3, (n) => orderRow(n)) });
    simulator.platform.misbehave({ kind: 'refused', times: 1, path: '/channels/ec/order/get' });
    const items = (await pull('orders')).flatMap(({ items }) => items);
    assert.equal(items.length, 3);
    assert.equal(items.filter(({ payload }) => payload.includes('"errcode":47001')).length, 1);
  });

  it('begins a window anew whose key the platform no longer takes', async () => {
    await start({ orders: many(120, (n) => orderRow(n)) });
    const key = Buffer.from('["another window",100]').toString('base64');
    const cursor = { from: NOW_S - 6 * DAY_S, to: NOW_S, key };
    assert.equal(new Set(keysOf(await pull('orders', cursor))).size, 120);
  });

  it('does not take another page for the one it asked for', async () => {
    await start({ orders: many(250, (n) => orderRow(n)), members: many(250, (n) => memberRow(n)) });
    const [first] = await pull('orders');
    simulator.platform.misbehave({ kind: 'wrong-page', times: 1, path: '/channels/ec/order/list/get' });
    assert.equal(new Set(keysOf(await pull('orders', first!.cursor))).size, 150);
    const list = '/channels/ec/vip/user/list/get';
    simulator.platform.misbehave({ kind: 'wrong-page', path: list });
    await assert.rejects(pull('members'), (fault) => fault instanceof SourceFault && fault.kind === 'later');
  });

  it('asks for masked receivers unless it is told otherwise', async () => {
    await start({ orders: [orderRow(1)] });
    assert.ok(!(await pull('orders'))[0]!.items[0]!.payload.includes('13812340000'));
    const source = sourceOf({ gateway: simulator.url, mask_receivers: false });
    const [page] = await pagesOf({ ...contextOf({ url: simulator.url, clock, stream: 'orders' }), source });
    assert.ok(page!.items[0]!.payload.includes('13812340000'));
  });

  it('meets an order again when it has changed, and only then', async () => {
    await start({ orders: many(5, (n) => orderRow(n)) });
    const cursor = lastCursor(await pull('orders'));
    clock.forward(3600_000);
    simulator.shelf.orders[2] = orderRow(2, { status: 30, update_time: NOW_S + 60 });
    const [page, ...more] = await pull('orders', cursor);
    assert.deepEqual([page!.items.length, more.length], [1, 0]);
    assert.match(page!.items[0]!.payload, /"status":30/);
  });

  it('reads after-sales day by day, and open ones again until they are at their end, however old', async () => {
    const rows = [
      ...many(25, (n) => afterSaleRow(n, { status: 'MERCHANT_REFUND_SUCCESS' })),
      afterSaleRow(100, { create_time: NOW_S - 15 * DAY_S }),
    ];
    await start({ afterSales: rows });
    const first = await pull('after_sales');
    assert.equal(new Set(keysOf(first)).size, 26);
    clock.forward(20 * DAY_S * 1000);
    assert.equal(keysOf(await pull('after_sales', lastCursor(first))).length, 1, 'the open one alone');
    simulator.shelf.afterSales[25] = afterSaleRow(100, {
      create_time: NOW_S - 15 * DAY_S,
      update_time: NOW_S + 19 * DAY_S,
      status: 'MERCHANT_RETURN_SUCCESS',
    });
    const second = await pull('after_sales', lastCursor(first));
    assert.match(second[0]!.items[0]!.payload, /MERCHANT_RETURN_SUCCESS/);
    assert.deepEqual((lastCursor(second) as { open: Json }).open, []);
    assert.deepEqual(keysOf(await pull('after_sales', lastCursor(second))), []);
    assert.deepEqual(simulator.platform.stats.refused, []);
  });

  it('forgets an open after-sale that the platform no longer gives', async () => {
    await start({ afterSales: [afterSaleRow(1)] });
    const cursor = lastCursor(await pull('after_sales'));
    simulator.shelf.afterSales.length = 0;
    const after = await pull('after_sales', cursor);
    assert.deepEqual((lastCursor(after) as { open: Json }).open, []);
  });

  it('reads the members whole, with their phones, and again after a day only', async () => {
    await start({ members: many(250, (n) => memberRow(n)) });
    const pages = await pull('members');
    assert.deepEqual([pages.length, new Set(keysOf(pages)).size], [3, 250]);
    assert.match(pages[0]!.items[0]!.payload, /phone_number/);
    clock.forward(23 * 3600_000);
    assert.deepEqual(await pull('members', lastCursor(pages)), []);
    clock.forward(3600_000);
    assert.equal(keysOf(await pull('members', lastCursor(pages))).length, 250);
  });

  it('goes on in the middle of the members after a stop', async () => {
    await start({ members: many(250, (n) => memberRow(n)) });
    const [first] = await pull('members');
    assert.equal(keysOf(await pull('members', first!.cursor)).length, 150);
  });
});

describe('errors of the WeChat API', () => {
  const CASES: [code: number, next: string, more: string | number | undefined, why: string][] = [
    [-1, 'again', undefined, 'busy'],
    [45011, 'banned', 60, 'too many calls a minute'],
    [45009, 'banned', 12 * 3600, 'the quota of the day, at noon'],
    [40001, 'stop', 'reauthorise', 'a new token that is refused'],
    [48001, 'stop', 'reauthorise', 'an API that was not granted'],
    [40013, 'stop', 'misconfigured', 'an unknown appid'],
    [40125, 'stop', 'misconfigured', 'a wrong secret'],
    [40164, 'stop', 'misconfigured', 'an address that is not on the white list'],
    [47001, 'stop', 'misconfigured', 'anything else'],
  ];
  for (const [code, next, more, why] of CASES) {
    it(`${code} (${why}): ${[next, more].filter(Boolean).join(', ')}`, () => {
      const outcome = errcodes.outcomeOf(code, NOW);
      assert.equal(outcome.next, next);
      if (outcome.next === 'banned') assert.equal(outcome.seconds, more);
      if (outcome.next === 'stop') assert.equal(outcome.kind, more);
    });
  }
});
