import { startWeixinShopSimulator } from '../../../../fixtures/simulators/weixin_shop/index.ts';
import type { WeixinShopSettings } from '../../../../ingest/collectors/weixin_shop/index.ts';
import { weixinShopCollector } from '../../../../ingest/collectors/weixin_shop/index.ts';
import { describeCollector } from '../../../contracts/collector.ts';
import type { CollectorDriver, Fault } from '../../../contracts/collector-driver.ts';
import { many } from '../tmall/shop.ts';
import { APP, afterSaleRow, HandClock, itemOf, memberRow, messageRow, NOW_S, orderRow, sourceOf } from './shop.ts';

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
  expired: 'no-permission',
};

const DAY_S = 86_400;

/** Three windows of seven days: two with one page, one with two. */
const ORDERS = [
  ...many(110, (n) => orderRow(n)),
  ...many(10, (n) => orderRow(200 + n, { update_time: NOW_S - 9 * DAY_S - n })),
  ...many(10, (n) => orderRow(300 + n, { update_time: NOW_S - 16 * DAY_S - n })),
];

const detail = (order_detail: object) => ({ order_detail });
const MALFORMED = [
  { row: orderRow(900, { status: 77 }), path: '/status', expected: /190/ },
  { row: orderRow(901, { create_time: 'yesterday' }), path: '/create_time', expected: /seconds/ },
  {
    row: orderRow(902, detail({ product_infos: [], price_info: { order_price: 1 } })),
    path: '/order_detail/product_infos',
    expected: /line/,
  },
  {
    row: orderRow(903, {}, { price_info: { order_price: '1.5' } }),
    path: '/order_detail/price_info/order_price',
    expected: /fen/,
  },
];

const keyOf = (row: object): string => (row as { order_id: string }).order_id;

async function makeDriver({ malformed }: { malformed: boolean }): Promise<CollectorDriver<WeixinShopSettings>> {
  const clock = new HandClock();
  const rows = malformed ? [...ORDERS, ...MALFORMED.map(({ row }) => row)] : ORDERS;
  const { url, platform, close } = await startWeixinShopSimulator({ app: APP, data: { orders: rows }, clock });
  return {
    source: sourceOf({ gateway: url }),
    stream: 'orders',
    clock,
    sleep: clock.sleep,
    expected: () => rows.map((row) => `order ${keyOf(row)}`),
    malformed: MALFORMED.map(({ row, ...said }) => ({ key: keyOf(row), ...said })),
    samples: [
      itemOf('after_sale', afterSaleRow(1)),
      itemOf('member', memberRow(1)),
      itemOf(
        'message',
        messageRow('channels_ec_vip_join', { user_info: { join_time: NOW_S, phone_number: '13912341001' } }),
      ),
      itemOf('message', messageRow('channels_ec_vip_score_update', { user_info: { score: '120', delta_score: '-5' } })),
      itemOf('message', messageRow('channels_ec_vip_close', { user_info: { close_time: NOW_S } })),
    ],
    misbehave: (fault, times) => platform.misbehave({ kind: FAULTS[fault], ...(times === undefined ? {} : { times }) }),
    calls: () => platform.stats.calls,
    brokenRules: () => platform.stats.refused,
    close,
  };
}

describeCollector({
  name: 'weixin_shop',
  collector: weixinShopCollector,
  capabilities: { rateLimited: true, windowed: true, authorised: true, networked: true },
  makeDriver,
});
