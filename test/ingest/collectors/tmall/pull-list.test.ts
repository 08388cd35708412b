import assert from 'node:assert/strict';
import {
  type SimulatorOptions,
  startTmallSimulator,
  type TmallSimulator,
} from '../../../../fixtures/simulators/tmall/index.ts';
import { SourceFault, type SourcePage } from '../../../../ingest/collectors/collector.ts';
import { tmallCollector } from '../../../../ingest/collectors/tmall/index.ts';
import {
  ago,
  contextOf,
  customerRow,
  HandClock,
  itemsOf,
  many,
  pagesOf,
  refundRow,
  SHOP,
  sourceOf,
  tradeRow,
} from './shop.ts';

const DAY_S = 86_400;
const keys = (pages: readonly SourcePage[]): string[] =>
  itemsOf(pages)
    .map(({ key }) => key)
    .sort();
const keyOf = (row: object): string => String((row as { tid?: bigint }).tid);

describe('pull of lists by time of change', () => {
  let clock: HandClock;
  let simulator: TmallSimulator;

  const start = async (data: SimulatorOptions['data']) => {
    clock = new HandClock();
    simulator = await startTmallSimulator({ shop: SHOP, data, clock });
  };
  afterEach(() => simulator.close());

  it('loses no order that is changed while its pages are read', async () => {
    const rows = many(1000, (n) => tradeRow(n, { modified: ago(60 + n) }));
    await start({ trades: rows });
    const seen = new Set<string>();
    let moved = 0;
    for await (const page of tmallCollector.pull(
      contextOf({ simulator, clock, stream: 'trades', source: sourceOf({ gateway: simulator.url, history_days: 1 }) }),
    )) {
      for (const { key } of page.items) seen.add(key);
      // Seven orders that are still to be read change now: all behind them move towards the first page.
      clock.forward(1000);
      const changed = many(7, (n) =>
        tradeRow(moved + n, { modified: ago(-1 - moved), status: 'WAIT_BUYER_CONFIRM_GOODS' }),
      );
      moved += 7;
      simulator.append('trades', changed);
    }
    const missing = rows.slice(moved).filter((row) => !seen.has(keyOf(row)));
    assert.deepEqual(missing.map(keyOf), []);
    assert.deepEqual(simulator.stats.refused, []);
  });

  it('meets the changed ones again at the next pull', async () => {
    await start({ trades: many(150, (n) => tradeRow(n)) });
    const first = await pagesOf(contextOf({ simulator, clock, stream: 'trades' }));
    clock.forward(60_000);
    simulator.append('trades', [tradeRow(3, { status: 'WAIT_BUYER_CONFIRM_GOODS', modified: ago(-30) })]);
    const second = await pagesOf(contextOf({ simulator, clock, stream: 'trades', checkpoint: first.at(-1)!.cursor }));
    assert.deepEqual(keys(second), [keyOf(tradeRow(3))]);
  });

  it('meets rows that become visible ten minutes late', async () => {
    await start({ trades: [tradeRow(0)] });
    const first = await pagesOf(contextOf({ simulator, clock, stream: 'trades' }));
    simulator.append('trades', [tradeRow(1, { modified: ago(500) })]);
    clock.forward(5_000);
    const second = await pagesOf(contextOf({ simulator, clock, stream: 'trades', checkpoint: first.at(-1)!.cursor }));
    assert.deepEqual(keys(second), [keyOf(tradeRow(1))]);
  });

  it('halves a window that holds more than a hundred pages', async () => {
    const rows = many(10_150, (n) => tradeRow(n, { modified: ago(2 * DAY_S + (n % 40_000)), orders: [] }));
    await start({ trades: rows });
    const pages = await pagesOf(
      contextOf({ simulator, clock, stream: 'trades', source: sourceOf({ gateway: simulator.url, history_days: 4 }) }),
    );
    assert.deepEqual(keys(pages), rows.map(keyOf).sort());
    assert.deepEqual(simulator.stats.refused, []);
  });

  it('says so when one second holds more than the platform gives', async () => {
    await start({ trades: many(10_150, (n) => tradeRow(n, { modified: ago(60), orders: [] })) });
    await assert.rejects(
      pagesOf(contextOf({ simulator, clock, stream: 'trades' })),
      (error) => error instanceof SourceFault && error.kind === 'misconfigured',
    );
  });

  it('gets every type of order, those that the platform leaves out by default too', async () => {
    const rows = ['fixed', 'guarantee_trade', 'step', 'cod', 'o2o_offlinetrade', 'nopaid', 'fenxiao'].map((type, n) =>
      tradeRow(n, { type }),
    );
    await start({ trades: rows });
    assert.deepEqual(keys(await pagesOf(contextOf({ simulator, clock, stream: 'trades' }))), rows.map(keyOf).sort());
  });

  it('asks for nothing of the receiver, and gets no ouid from this list', async () => {
    await start({ trades: [tradeRow(0)] });
    const [item] = itemsOf(await pagesOf(contextOf({ simulator, clock, stream: 'trades' })));
    const row = JSON.parse(item!.payload) as object;
    for (const field of ['receiver_name', 'receiver_mobile', 'oaid', 'buyer_nick', 'buyer_message', 'ouid'])
      assert.ok(!(field in row), field);
    assert.match(item!.payload, /"tid":7012345678901234567,/);
  });

  it('reaches three months back at most, on any day of the year', async () => {
    await start({ trades: [] });
    for (const day of [
      '2026-05-01T00:00:00Z',
      '2026-05-31T16:00:00Z',
      '2026-03-01T12:00:00Z',
      '2024-05-30T03:00:00Z',
    ]) {
      const at = new HandClock(new Date(day));
      clock.forward(at.now().getTime() - clock.now().getTime());
      await pagesOf(contextOf({ simulator, clock, stream: 'trades' }));
      const old = { until: '2020-01-01 00:00:00' };
      await pagesOf(contextOf({ simulator, clock, stream: 'trades', checkpoint: old }));
    }
    assert.deepEqual(simulator.stats.refused, []);
  });

  it('reads the window anew when the platform gives another page than was asked for', async () => {
    const rows = many(450, (n) => tradeRow(n));
    for (const after of [1, 2, 3, 4]) {
      await start({ trades: rows });
      simulator.misbehave({ kind: 'wrong-page', times: 1, after, method: 'taobao.trades.sold.increment.get' });
      const source = sourceOf({ gateway: simulator.url, history_days: 1 });
      const pages = await pagesOf(
        contextOf({ simulator, clock, stream: 'trades', source, checkpoint: { from: ago(5400) } }),
      );
      assert.deepEqual([...new Set(keys(pages))], rows.map(keyOf).sort(), `wrong page ${after}`);
      if (after < 4) await simulator.close();
    }
  });

  it('gives up for now when the pages never fit together', async () => {
    await start({ trades: many(450, (n) => tradeRow(n)) });
    simulator.misbehave({ kind: 'wrong-page' });
    await assert.rejects(
      pagesOf(contextOf({ simulator, clock, stream: 'trades' })),
      (error) => error instanceof SourceFault && error.kind === 'later',
    );
  });

  it('tells how far it is and what is left', async () => {
    await start({ trades: many(450, (n) => tradeRow(n)) });
    const progress = (await pagesOf(contextOf({ simulator, clock, stream: 'trades' }))).map((page) => page.progress!);
    assert.deepEqual(
      progress.map(({ done }) => done),
      [...progress.map(({ done }) => done)].sort((a, b) => a - b),
    );
    assert.deepEqual(progress.at(-1), { done: 450, total: 450 });
  });

  it('survives a clock that is ahead of the platform', async () => {
    await start({ trades: many(250, (n) => tradeRow(n, { modified: ago(n) })) });
    const ahead = new HandClock(new Date(clock.now().getTime() + 300_000));
    const seen = new Set<string>();
    for await (const page of tmallCollector.pull({
      ...contextOf({ simulator, clock, stream: 'trades', checkpoint: { from: ago(600) } }),
      clock: ahead,
    })) {
      for (const { key } of page.items) seen.add(key);
      // New orders enter the window that is being read.
      if (seen.size < 200) {
        clock.forward(2000);
        simulator.append(
          'trades',
          many(40, (n) => tradeRow(1000 + n, { modified: ago(-1) })),
        );
      }
    }
    assert.equal(seen.size, 290);
  });

  it('pulls refunds of all types of order', async () => {
    const rows = many(120, (n) => refundRow(n, n % 2 === 0 ? { type: 'step' } : {}));
    await start({ refunds: rows });
    const items = itemsOf(await pagesOf(contextOf({ simulator, clock, stream: 'refunds' })));
    assert.deepEqual(
      new Set(items.map(({ key }) => key)),
      new Set(rows.map((row) => (row as { refund_id: string }).refund_id)),
    );
    assert.ok(
      items.every(
        ({ kind, payload }) => kind === 'refund' && payload.includes('"ouid"') && payload.includes('"buyer_open_uid"'),
      ),
    );
  });

  it('pulls all shop customers, the oldest too, then those that changed', async () => {
    const rows = [...many(230, (n) => customerRow(n)), customerRow(500, { last_trade_time: '2015-03-01 10:00:00' })];
    await start({ customers: rows });
    const first = await pagesOf(contextOf({ simulator, clock, stream: 'customers' }));
    assert.equal(new Set(keys(first)).size, 231);
    clock.forward(3600_000);
    simulator.append('customers', [customerRow(7, { trade_count: 4, modified: ago(-600) })]);
    const second = await pagesOf(
      contextOf({ simulator, clock, stream: 'customers', checkpoint: first.at(-1)!.cursor }),
    );
    assert.deepEqual(keys(second), ['AAO-shop-buyer-1007']);
    assert.deepEqual(simulator.stats.refused, []);
  });
});
