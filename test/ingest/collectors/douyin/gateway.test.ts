import assert from 'node:assert/strict';
import {
  type DouyinSimulator,
  type SimulatorOptions,
  startDouyinSimulator,
} from '../../../../fixtures/simulators/douyin/index.ts';
import { SourceFault } from '../../../../ingest/collectors/collector.ts';
import type { DouyinSettings } from '../../../../ingest/collectors/douyin/index.ts';
import type { Log } from '../../../../log.ts';
import { contextOf, HandClock, itemsOf, many, orderRow, pagesOf, SHOP } from './shop.ts';

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;

describe('calls to the Douyin gateway', () => {
  let clock: HandClock;
  let simulator: DouyinSimulator;

  const start = async (options: Partial<SimulatorOptions> = {}) => {
    clock = new HandClock();
    simulator = await startDouyinSimulator({
      shop: SHOP,
      data: { orders: many(3, (n) => orderRow(n)) },
      clock,
      ...options,
    });
  };
  const pull = (settings: Partial<DouyinSettings> = {}) =>
    pagesOf(contextOf({ simulator, clock, settings: { history_days: 1, ...settings } }));
  const faultOf = async () => {
    const thrown = await pull().catch((error: unknown) => error);
    assert.ok(thrown instanceof SourceFault, String(thrown));
    return thrown;
  };
  const tokens = () => {
    const { 'token.create': created = 0, 'token.refresh': refreshed = 0 } = simulator.stats.byMethod;
    return [created, refreshed];
  };
  afterEach(() => simulator.close());

  it('are signed with MD5 where that is set', async () => {
    await start();
    assert.equal(itemsOf(await pull({ sign_method: 'md5' })).length, 3);
  });

  for (const expiry of ['lifetime', 'instant'] as const) {
    it(`use one token until its last hour and exchange it then, its end told as ${expiry}`, async () => {
      await start({ expiry });
      await pull();
      clock.forward(HOUR_MS);
      await pull();
      assert.deepEqual(tokens(), [1, 0]);
      clock.forward(WEEK_MS - HOUR_MS - 20 * 60_000);
      await pull();
      await pull();
      assert.deepEqual(tokens(), [1, 1]);
      assert.deepEqual(simulator.stats.refused, []);
    });
  }

  it('exchange a token that ended while nobody called', async () => {
    await start();
    await pull();
    clock.forward(WEEK_MS + HOUR_MS);
    await pull();
    assert.deepEqual(tokens(), [1, 1]);
  });

  it('ask for a new pair where the old one can no longer be exchanged', async () => {
    await start();
    await pull();
    clock.forward(3 * WEEK_MS);
    await pull();
    assert.deepEqual(tokens(), [2, 1]);
  });

  it('go on when another program has made a new token, the call made again once', async () => {
    await start();
    await pull();
    simulator.replaceTokens();
    assert.equal(itemsOf(await pull()).length, 3);
  });

  it('that begin together wait for one token', async () => {
    await start();
    await Promise.all([pull(), pull(), pull()]);
    assert.deepEqual(tokens(), [1, 0]);
  });

  it('stop where a token is refused though it is new', async () => {
    await start();
    await pull();
    simulator.misbehave({ kind: 'dead-token' });
    const { kind, advice } = await faultOf();
    assert.equal(kind, 'reauthorise');
    assert.match(advice, /[Aa]uthorise/);
  });

  it('stop at a shop that did not authorise the app', async () => {
    await start({ shop: { ...SHOP, shop_id: '1' } });
    const { kind, advice } = await faultOf();
    assert.equal(kind, 'misconfigured');
    assert.match(advice, /shop_id/);
  });

  it('stop at a wrong secret, which the platform tells in its old words', async () => {
    await start({ shop: { ...SHOP, app_secret: 'other' } });
    const { kind, advice } = await faultOf();
    assert.equal(kind, 'misconfigured');
    assert.match(advice, /app_secret/);
  });

  it('stop after one call when the platform’s clock is another', async () => {
    await start();
    simulator.misbehave({ kind: 'clock-off' });
    const { kind, message } = await faultOf();
    assert.deepEqual([kind, simulator.stats.calls], ['misconfigured', 1]);
    assert.match(message, /timestamp/);
  });

  it('are made again after the failure that looks permanent and is not', async () => {
    await start();
    simulator.misbehave({ kind: 'account-busy', method: 'order.searchList', times: 2 });
    assert.equal(itemsOf(await pull()).length, 3);
  });

  it('are made again, ever later, when there were too many', async () => {
    await start();
    simulator.misbehave({ kind: 'throttle', method: 'order.searchList', times: 3 });
    assert.equal(itemsOf(await pull({ calls_per_second: 100 })).length, 3);
    assert.deepEqual(clock.slept.filter((ms) => ms >= 500).slice(0, 3), [500, 1000, 2000]);
  });

  it('wait an hour while the platform moves the shop’s members', async () => {
    await start();
    simulator.misbehave({ kind: 'migrating', method: 'order.searchList' });
    const { kind, retryAt } = await faultOf();
    assert.equal(kind, 'later');
    assert.equal(retryAt!.getTime() - clock.now().getTime(), HOUR_MS);
  });

  it('are never more a second than is set', async () => {
    await start({ callsPerSecond: 3 });
    await pull({ history_days: 20, calls_per_second: 3 });
    assert.deepEqual(simulator.stats.refused, []);
    assert.ok(simulator.stats.calls > 20);
  });

  it('leave no token or secret in a log or a fault', async () => {
    await start();
    const said: unknown[] = [];
    const hear = (...words: unknown[]) => void said.push(words);
    const log: Log = { debug: hear, info: hear, warn: hear, error: hear };
    await pull();
    simulator.misbehave({ kind: 'reset' });
    const thrown = await pagesOf(contextOf({ simulator, clock, log })).catch((error: unknown) => error);
    for (let fault: unknown = thrown; fault instanceof Error; fault = fault.cause)
      said.push(fault.message, fault.stack);
    assert.ok(said.length > 3);
    assert.doesNotMatch(JSON.stringify(said), /access-\d|refresh-\d|b3c1-a-test-secret/);
  });
});
