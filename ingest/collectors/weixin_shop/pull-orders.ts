/** Orders by time of change, in windows of seven days. */
import type { PullContext, SourcePage } from '../collector.ts';
import type { TokenGateway } from '../tencent/token-gateway.ts';
import { cursorOf } from './places.ts';
import { type IdList, pageOf, pagesOfIds } from './pull-ids.ts';
import type { WeixinShopSettings } from './settings.ts';

const DAY_S = 86_400;
const PAGE_SIZE = 100;

const ORDERS: IdList = {
  itemKind: 'order',
  path: '/channels/ec/order/list/get',
  ask: ({ from, to }) => ({ update_time_range: { start_time: from, end_time: to }, page_size: PAGE_SIZE }),
  ids: 'order_id_list',
  longest: 7 * DAY_S,
  detail: {
    path: '/channels/ec/order/get',
    idField: 'order_id',
    member: 'order',
    more: ({ mask_receivers }) => (mask_receivers ? { encode_sensitive_info: true } : {}),
  },
  second: 'update_time',
};

export async function* pullOrders(
  context: PullContext<WeixinShopSettings>,
  gateway: TokenGateway,
): AsyncGenerator<SourcePage> {
  const pull = { context, gateway, list: ORDERS };
  const end = Math.floor(context.clock.now().getTime() / 1000);
  let done = 0;
  for await (const { read, next } of pagesOfIds(pull, { end })) {
    done += read.length;
    const total = next === null ? done : null;
    yield pageOf(pull, { read, cursor: cursorOf(next, end), progress: { done, total } });
  }
}
