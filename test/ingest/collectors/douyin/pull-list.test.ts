import assert from 'node:assert/strict';
import {
  type DouyinSimulator,
  type SimulatorOptions,
  startDouyinSimulator,
} from '../../../../fixtures/simulators/douyin/index.ts';
import type { SourcePage } from '../../../../ingest/collectors/collector.ts';
import { douyinCollector } from '../../../../ingest/collectors/douyin/index.ts';
import { aftersaleRow, ago, contextOf, HandClock, itemsOf, many, orderNo, orderRow, pagesOf, SHOP } from './shop.ts';

const DAY_S = 86_400;
const keys = (pages: readonly SourcePage[]): string[] => [...new Set(itemsOf(pages).map(({ key }) => key))].sort();
const FAST = { calls_per_second: 100, history_days: 1 };

describe('pull of Douyin’s lists', () => {
  let clock: HandClock;
  let simulator: DouyinSimulator;

  const start = async (data: SimulatorOptions['data']) => {
    clock = new HandClock();
    simulator = await startDouyinSimulator({ shop: SHOP, data, clock });
  };
  afterEach(() => simulator.close());

  it('loses no order that is changed while its pages are read', async () => {
    const rows = many(1000, (n) => orderRow(n, { update_time: ago(7200 + n) }));
    await start({ orders: rows });
    const seen = new Set<string>();
    let moved = 0;
    for await (const page of douyinCollector.pull(contextOf({ simulator, clock, settings: FAST }))) {
      for (const { key } of page.items) seen.add(key);
      clock.forward(1000);
      simulator.append(
        'orders',
        many(7, (n) => orderRow(moved + n, { update_time: ago(-1 - moved), order_status: 3 })),
      );
      moved += 7;
    }
    const missing = rows.slice(moved).filter((row) => !seen.has(orderNo(row)));
    assert.deepEqual(missing.map(orderNo), []);
    assert.deepEqual(simulator.stats.refused, []);
  });

  it('narrows a window that holds more than the platform pages through', async () => {
    const orders = many(50_300, (n) => {
      const at = ago(30_000 + Math.floor(n / 4));
      return `{"order_id":"69${String(n).padStart(8, '0')}","create_time":${at},"update_time":${at}}`;
    });
    await start({ orders });
    const pages = await pagesOf(contextOf({ simulator, clock, settings: { ...FAST, history_days: 3 } }));
    assert.equal(keys(pages).length, orders.length);
    assert.deepEqual(simulator.stats.refused, []);
  });

  it('asks for no more than the 90 days the platform gives, and says what it missed', async () => {
    await start({ orders: [orderRow(1), orderRow(2, { update_time: ago(91 * DAY_S) })] });
    const checkpoint = { until: '2025-09-01 00:00:00' };
    const warned: string[] = [];
    const log = { debug() {}, info() {}, error() {}, warn: (_: object, words: string) => void warned.push(words) };
    const pages = await pagesOf(contextOf({ simulator, clock, checkpoint, log, settings: FAST }));
    assert.deepEqual(keys(pages), [orderNo(orderRow(1))]);
    assert.match(warned.join(), /too old/);
    assert.deepEqual(simulator.stats.refused, []);
  });

  it('finds the order’s own number behind those of its lines', async () => {
    await start({ orders: [orderRow(5)] });
    assert.deepEqual(keys(await pagesOf(contextOf({ simulator, clock, settings: FAST }))), [orderNo(orderRow(5))]);
  });

  it('meets a row of the second between two windows once', async () => {
    // History goes by days from the moment of the first pull: this row changed at the end of the first of them.
    await start({ orders: [orderRow(1, { update_time: ago(2 * DAY_S) })] });
    const items = itemsOf(await pagesOf(contextOf({ simulator, clock, settings: { ...FAST, history_days: 3 } })));
    assert.equal(items.length, 1);
  });

  it('begins a window anew when the platform gives another page than was asked for', async () => {
    await start({ orders: many(250, (n) => orderRow(n, { update_time: ago(7200 + n) })) });
    simulator.misbehave({ kind: 'wrong-page', method: 'order.searchList', times: 2, after: 4 });
    const pages = await pagesOf(contextOf({ simulator, clock, settings: FAST }));
    assert.equal(keys(pages).length, 250);
  });

  it('pulls after-sales by their own time of change', async () => {
    await start({ aftersales: many(230, (n) => aftersaleRow(n)) });
    const pages = await pagesOf(contextOf({ simulator, clock, stream: 'aftersales', settings: FAST }));
    assert.equal(keys(pages).length, 230);
    assert.deepEqual(simulator.stats.refused, []);
  });
});
