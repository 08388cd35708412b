import { startYouzanSimulator, youzanPush } from '../../../../fixtures/simulators/youzan/index.ts';
import { type YouzanSettings, youzanCollector } from '../../../../ingest/collectors/youzan/index.ts';
import { describeCollector } from '../../../contracts/collector.ts';
import type { CollectorDriver, Fault } from '../../../contracts/collector-driver.ts';
import { ago, HandClock, many } from '../tmall/shop.ts';
import { APP, itemOf, lineRow, memberRow, openIdOf, orderRow, refundItem, sourceOf } from './shop.ts';

const FAULTS: Readonly<Record<Fault, string>> = {
  'server-error': 'server-error',
  garbage: 'garbage',
  'half-a-body': 'half-a-body',
  empty: 'empty',
  reset: 'reset',
  busy: 'busy',
  ban: 'ban',
  'long-ban': 'quota',
  refused: 'refused',
  'wrong-signature': 'wrong-secret',
  expired: 'expired',
};

/** Windows with several pages, with one, with none. */
const ORDERS = [
  ...many(250, (n) => orderRow(n, { update_time: ago(200_000 + n * 7) })),
  ...many(30, (n) => orderRow(400 + n)),
  ...many(20, (n) => orderRow(500 + n, { update_time: ago(1_000_000 + n) })),
];

const at = (path: string) => `/full_order_info/${path}`;
const MALFORMED = [
  { row: orderRow(900, { status: 'TRADE_NEW_STATE' }), path: at('order_info/status'), expected: /TRADE_CLOSED/ },
  { row: orderRow(901, { created: '2026-02-31 10:00:00' }), path: at('order_info/created'), expected: /time/ },
  { row: orderRow(902, {}, { pay_info: { payment: '1.234' } }), path: at('pay_info/payment'), expected: /yuan/ },
  { row: orderRow(903, {}, { orders: [] }), path: at('orders'), expected: /line/ },
  {
    row: orderRow(904, {}, { orders: [lineRow(1, { num: 'x' })] }),
    path: at('orders/0/num'),
    expected: /whole number/,
  },
];

function keyOf(row: object): string {
  return (row as { full_order_info: { order_info: { tid: string } } }).full_order_info.order_info.tid;
}

function push(type: string, msg: object): string {
  return youzanPush({ type, msg, version: 1768449600, msg_id: 'm-1' }, APP).body.toString();
}

async function makeDriver({ malformed }: { malformed: boolean }): Promise<CollectorDriver<YouzanSettings>> {
  const clock = new HandClock();
  const orders = malformed ? [...ORDERS, ...MALFORMED.map(({ row }) => row)] : ORDERS;
  const { url, platform, close } = await startYouzanSimulator({ app: APP, data: { orders }, clock });
  return {
    source: sourceOf({ gateway: url }),
    stream: 'orders',
    clock,
    sleep: clock.sleep,
    expected: () => orders.map((row) => `order ${keyOf(row)}`),
    malformed: MALFORMED.map(({ row, ...said }) => ({ key: keyOf(row), ...said })),
    samples: [
      itemOf('refund', refundItem(1)),
      itemOf('member', memberRow(1)),
      itemOf('message', push('trade_TradePaid', orderRow(1))),
      itemOf('message', push('POINTS', { amount: -5, total: 120, yz_open_id: openIdOf(1), mobile: '13912341001' })),
      itemOf('message', push('SCRM_CUSTOMER_EVENT', { is_log_off: true, yz_open_id: openIdOf(1) })),
    ],
    misbehave: (fault, times) => platform.misbehave({ kind: FAULTS[fault], ...(times === undefined ? {} : { times }) }),
    calls: () => platform.stats.calls,
    brokenRules: () => platform.stats.refused,
    close,
  };
}

describeCollector({
  name: 'youzan',
  collector: youzanCollector,
  capabilities: { rateLimited: true, windowed: true, authorised: true, networked: true },
  makeDriver,
});
