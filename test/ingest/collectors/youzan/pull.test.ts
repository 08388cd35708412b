import assert from 'node:assert/strict';
import {
  startYouzanSimulator,
  type YouzanData,
  type YouzanSimulator,
} from '../../../../fixtures/simulators/youzan/index.ts';
import { type Json, SourceFault } from '../../../../ingest/collectors/collector.ts';
import { outcomeOf } from '../../../../ingest/collectors/youzan/errors.ts';
import { ago, HandClock, many } from '../tmall/shop.ts';
import { APP, contextOf, memberRow, NOW_S, orderRow, pagesOf, refundRow } from './shop.ts';

const TOKEN = '/auth/token';
const keysOf = (pages: Awaited<ReturnType<typeof pagesOf>>) =>
  pages.flatMap(({ items }) => items.map(({ key }) => key));

describe('pull of Youzan', () => {
  let simulator: YouzanSimulator;
  let clock: HandClock;
  const start = async (data: YouzanData) => {
    clock = new HandClock();
    simulator = await startYouzanSimulator({ app: APP, data, clock });
  };
  const pull = (stream: string, checkpoint: Json = null) =>
    pagesOf(contextOf({ url: simulator.url, clock, stream, checkpoint }));
  afterEach(() => simulator.close());

  it('asks for the token that is good already, and for a new one only when it is dead', async () => {
    await start({ orders: many(3, (n) => orderRow(n)) });
    assert.equal(keysOf(await pull('orders')).length, 3);
    const before = simulator.platform.stats.byPath[TOKEN];
    simulator.platform.misbehave({ kind: 'dead-token', times: 1 });
    assert.equal(keysOf(await pull('orders')).length, 3);
    assert.deepEqual([before, simulator.platform.stats.byPath[TOKEN]], [1, 3]);
  });

  it('asks for authorisation when a new token is refused as well', async () => {
    await start({ orders: [orderRow(1)] });
    simulator.platform.misbehave({ kind: 'dead-token' });
    await assert.rejects(pull('orders'), (fault) => fault instanceof SourceFault && fault.kind === 'reauthorise');
    assert.equal(simulator.platform.stats.calls, 2);
  });

  it('trusts the moment a token ends, not a number of days', async () => {
    await start({ orders: many(3, (n) => orderRow(n)) });
    await pull('orders');
    clock.forward(7 * 86_400_000 - 60_000);
    await pull('orders');
    assert.deepEqual(simulator.platform.stats.refused, []);
    assert.equal(simulator.platform.stats.byPath[TOKEN], 3);
  });

  it('does not take a failure with an empty list for an empty list', async () => {
    await start({ orders: [orderRow(1)] });
    simulator.platform.misbehave({ kind: 'refused' });
    await assert.rejects(pull('orders'), SourceFault);
  });

  it('leaves the last minute to the next pull, since lists show a change late', async () => {
    await start({ orders: [orderRow(1), orderRow(2, { update_time: ago(20) })] });
    const pages = await pull('orders');
    assert.equal(keysOf(pages).length, 1);
    clock.forward(120_000);
    const next = await pull('orders', pages.at(-1)!.cursor);
    assert.equal(keysOf(next).length, 1);
  });

  it('does not take another page for the one it asked for', async () => {
    await start({ orders: many(250, (n) => orderRow(n, { update_time: ago(200_000 + n) })) });
    simulator.platform.misbehave({ kind: 'wrong-page', times: 4 });
    assert.equal(new Set(keysOf(await pull('orders'))).size, 250);
    simulator.platform.misbehave({ kind: 'wrong-page' });
    await assert.rejects(pull('orders'), (fault) => fault instanceof SourceFault && fault.kind === 'later');
  });

  it('reads refunds with their details, and without where the platform has none', async () => {
    await start({ refunds: [...many(120, (n) => refundRow(n)), refundRow(500, {}, null)] });
    const items = (await pull('refunds')).flatMap((page) => page.items);
    assert.equal(new Set(items.map(({ key }) => key)).size, 121);
    assert.equal(items.filter(({ payload }) => payload.endsWith('"detail":null}')).length, 1);
    assert.match(items.find(({ key }) => key.endsWith('1001'))!.payload, /"demand":2/);
    assert.deepEqual(simulator.platform.stats.refused, []);
  });

  it('reads customers by creation, new ones at each pull, and all of them once a day', async () => {
    await start({ members: many(130, (n) => memberRow(n)) });
    const first = await pull('members');
    assert.equal(new Set(keysOf(first)).size, 130);
    clock.forward(3600_000);
    simulator.shelf.members.push(memberRow(900, { created_at: NOW_S + 600 }));
    const second = await pull('members', first.at(-1)!.cursor);
    assert.equal(keysOf(second).length, 1);
    clock.forward(23 * 3600_000);
    const third = await pull('members', second.at(-1)!.cursor);
    assert.equal(new Set(keysOf(third)).size, 131);
    assert.deepEqual(simulator.platform.stats.refused, []);
  });

  it('narrows a window that holds more customers than the platform gives, which it tells by an error', async () => {
    await start({ members: many(10_100, (n) => memberRow(n, { created_at: NOW_S - 3 * 86_400 - n * 100 })) });
    const pages = await pull('members');
    assert.equal(new Set(keysOf(pages)).size, 10_100);
    assert.deepEqual(simulator.platform.stats.refused, []);
  });

  it('goes on in the middle of the customers after a stop, however long it lasted', async () => {
    await start({ members: many(130, (n) => memberRow(n)) });
    const [first] = await pull('members');
    clock.forward(30 * 3600_000);
    assert.equal(new Set(keysOf(await pull('members', first!.cursor))).size, 130 - first!.items.length);
  });
});

describe('errors of Youzan', () => {
  const CASES: [code: number, next: string, more: string | number | undefined, why: string][] = [
    [5001, 'again', undefined, 'what the gateway does not recognise'],
    [106100118, 'again', undefined, 'a time-out of the business'],
    [4101, 'banned', 10, 'too many calls'],
    [20001, 'banned', 10, 'too many calls, in the unofficial copy'],
    [20002, 'banned', 86_400, 'the package of calls is used up'],
    [4203, 'stop', 'reauthorise', 'a new token that is refused'],
    [1004, 'stop', 'reauthorise', 'an authorisation that has ended'],
    [1000, 'stop', 'misconfigured', 'a wrong secret'],
    [4204, 'stop', 'misconfigured', 'an API that the app may not call'],
    [4007, 'stop', 'misconfigured', 'an address that is not on the white list'],
    [5000, 'stop', 'misconfigured', 'anything else'],
  ];
  for (const [code, next, more, why] of CASES) {
    it(`${code} (${why}): ${[next, more].filter(Boolean).join(', ')}`, () => {
      const outcome = outcomeOf(code);
      assert.equal(outcome.next, next);
      if (outcome.next === 'banned') assert.equal(outcome.seconds, more);
      if (outcome.next === 'stop') assert.equal(outcome.kind, more);
    });
  }
});
