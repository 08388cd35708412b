import type { FaultKind } from '../../../../fixtures/simulators/tmall/index.ts';
import { startTmallSimulator } from '../../../../fixtures/simulators/tmall/index.ts';
import { tmallCollector } from '../../../../ingest/collectors/tmall/index.ts';
import { describeCollector } from '../../../contracts/collector.ts';
import type { CollectorDriver, Fault } from '../../../contracts/collector-driver.ts';
import { ago, customerRow, HandClock, itemOf, many, messageRow, refundRow, SHOP, sourceOf, tradeRow } from './shop.ts';
import { copyText } from './spi-copy.ts';

const FAULTS: Readonly<Record<Fault, { kind: FaultKind; seconds?: number }>> = {
  'server-error': { kind: 'server-error' },
  garbage: { kind: 'garbage' },
  'half-a-body': { kind: 'half-a-body' },
  empty: { kind: 'empty' },
  reset: { kind: 'reset' },
  busy: { kind: 'busy' },
  ban: { kind: 'throttle', seconds: 7 },
  'long-ban': { kind: 'throttle', seconds: 31_062 },
  refused: { kind: 'isv-error' },
  'wrong-signature': { kind: 'wrong-secret' },
  expired: { kind: 'dead-token' },
};

/** Three days of trades: a window with several pages, windows with one, windows with none. */
const TRADES = [
  ...many(330, (n) => tradeRow(n)),
  ...many(60, (n) => tradeRow(400 + n, { modified: ago(200_000 + n * 700) })),
];

const MALFORMED = [
  { row: tradeRow(900, { payment: '1.234' }), path: '/payment', expected: /yuan/ },
  { row: tradeRow(901, { status: 'TRADE_NEW_STATE' }), path: '/status', expected: /WAIT_BUYER_PAY/ },
  { row: tradeRow(902, { orders: undefined }), path: '/orders', expected: /line/ },
  { row: tradeRow(903, { created: '2026-02-31 10:00:00' }), path: '/created', expected: /time/ },
  { row: tradeRow(904, { orders: [{ oid: 1, num: 1 }] }), path: '/orders/0/price', expected: /yuan/ },
];

const keyOf = (row: object): string => String((row as { tid: bigint }).tid);

async function makeDriver({
  malformed,
}: {
  malformed: boolean;
}): Promise<CollectorDriver<ReturnType<typeof sourceOf>['settings']>> {
  const clock = new HandClock();
  const rows = malformed ? [...TRADES, ...MALFORMED.map(({ row }) => row)] : TRADES;
  const simulator = await startTmallSimulator({ shop: SHOP, data: { trades: rows }, clock });
  return {
    source: sourceOf({ gateway: simulator.url, history_days: 5 }),
    stream: 'trades',
    clock,
    sleep: clock.sleep,
    expected: () => rows.map((row) => `trade ${keyOf(row)}`),
    malformed: MALFORMED.map(({ row, ...said }) => ({ key: keyOf(row), ...said })),
    samples: [
      itemOf('refund', refundRow(1)),
      itemOf('customer', customerRow(1)),
      itemOf(
        'message',
        messageRow(1, { topic: 'tmall_mei_PointChange', content: { record_id: 1, ouid: 'AAOU-1', point: 5, type: 1 } }),
      ),
      itemOf('spi_call', copyText()),
    ],
    misbehave: (fault, times) => simulator.misbehave({ ...FAULTS[fault], ...(times === undefined ? {} : { times }) }),
    calls: () => simulator.stats.calls,
    brokenRules: () => simulator.stats.refused.map(({ method, reason }) => `${method}: ${reason}`),
    close: () => simulator.close(),
  };
}

describeCollector({
  name: 'tmall',
  collector: tmallCollector,
  capabilities: { rateLimited: true, windowed: true, authorised: true, networked: true },
  makeDriver,
});
