import {
  type FaultKind,
  type SpiCall,
  spiCopy,
  startDouyinSimulator,
} from '../../../../fixtures/simulators/douyin/index.ts';
import { type DouyinSettings, douyinCollector } from '../../../../ingest/collectors/douyin/index.ts';
import { describeCollector } from '../../../contracts/collector.ts';
import type { CollectorDriver, Fault } from '../../../contracts/collector-driver.ts';
import {
  aftersaleRow,
  ago,
  HandClock,
  itemOf,
  lineRow,
  many,
  memberOrderRow,
  memberRow,
  orderNo,
  orderRow,
  SHOP,
  sourceOf,
} from './shop.ts';

const LIST = 'order.searchList';

const FAULTS: Readonly<Record<Exclude<Fault, 'ban' | 'long-ban'>, FaultKind>> = {
  'server-error': 'server-error',
  garbage: 'garbage',
  'half-a-body': 'half-a-body',
  empty: 'empty',
  reset: 'reset',
  busy: 'account-busy',
  refused: 'isv-error',
  'wrong-signature': 'wrong-secret',
  expired: 'dead-token',
};

/** Three days of orders: a window with several pages, windows with one, windows with none. */
const ORDERS = [
  ...many(330, (n) => orderRow(n)),
  ...many(60, (n) => orderRow(400 + n, { update_time: ago(200_000 + n * 700) })),
];

const MALFORMED = [
  { row: orderRow(900, { pay_amount: '269.00' }), path: '/pay_amount', expected: /fen/ },
  { row: orderRow(901, { order_status: 77 }), path: '/order_status', expected: /105/ },
  { row: orderRow(902, { sku_order_list: undefined }), path: '/sku_order_list', expected: /line/ },
  { row: orderRow(903, { create_time: '2026-01-15 10:00:00' }), path: '/create_time', expected: /seconds/ },
  {
    row: orderRow(904, { sku_order_list: [lineRow(904, { item_num: -1 })] }),
    path: '/sku_order_list/0/item_num',
    expected: /whole number/,
  },
];

const JOIN: SpiCall = {
  interface: 'member_join',
  params: { open_id: '1@#Zm9vYmFy==', mobile: '13910001000' },
  answer: { code: 0 },
};

async function makeDriver({ malformed }: { malformed: boolean }): Promise<CollectorDriver<DouyinSettings>> {
  const clock = new HandClock();
  const rows = malformed ? [...ORDERS, ...MALFORMED.map(({ row }) => row)] : ORDERS;
  const simulator = await startDouyinSimulator({ shop: SHOP, data: { orders: rows }, clock, callsPerSecond: 5 });
  return {
    source: sourceOf({ gateway: simulator.url, history_days: 5 }),
    stream: 'orders',
    clock,
    sleep: clock.sleep,
    expected: () => rows.map((row) => `order ${orderNo(row)}`),
    malformed: MALFORMED.map(({ row, ...said }) => ({ key: orderNo(row), ...said })),
    samples: [
      itemOf('aftersale', aftersaleRow(1)),
      itemOf('member', { success: true, ...memberRow(1) }),
      itemOf('member_order', memberOrderRow(1)),
      itemOf('message', { tag: '101', msg_id: 'm-1', data: '{"p_id":4933609365066313446,"shop_id":4463798}' }),
      itemOf('spi_call', spiCopy(JOIN, { shop: SHOP, now: clock.now().getTime() / 1000 }).body.toString()),
    ],
    misbehave: (fault, times) =>
      simulator.misbehave({
        kind: FAULTS[fault as keyof typeof FAULTS],
        method: LIST,
        ...(times === undefined ? {} : { times }),
      }),
    calls: () => simulator.stats.byMethod[LIST] ?? 0,
    brokenRules: () => simulator.stats.refused.map(({ method, reason }) => `${method}: ${reason}`),
    close: () => simulator.close(),
  };
}

describeCollector({
  name: 'douyin',
  collector: douyinCollector,
  // Too many calls are refused one by one; the platform bans nobody for a time that it tells.
  capabilities: { rateLimited: false, windowed: true, authorised: true, networked: true },
  makeDriver,
});
