/** 微信小店 (channels/ec): orders, after-sales, the shop's members, and the shop's messages by encrypted callback. */
import type { Mapped, SourceItem } from '../../record.ts';
import type { Collector, MapContext, PullContext, SourcePage } from '../collector.ts';
import { rejected } from '../kit/validate.ts';
import type { TokenGateway } from '../tencent/token-gateway.ts';
import { openGateway } from './gateway.ts';
import { mapAfterSale } from './map-after-sale.ts';
import { mapMember } from './map-member.ts';
import { mapMessage } from './map-message.ts';
import { mapOrder } from './map-order.ts';
import { pullAfterSales } from './pull-after-sales.ts';
import { pullMembers } from './pull-members.ts';
import { pullOrders } from './pull-orders.ts';
import { receive } from './receive.ts';
import { settingsSchema, type WeixinShopSettings } from './settings.ts';

export type { WeixinShopSettings } from './settings.ts';

type Pull = (context: PullContext<WeixinShopSettings>, gateway: TokenGateway) => AsyncGenerator<SourcePage>;

const PULLS: Readonly<Record<string, Pull>> = {
  orders: pullOrders,
  after_sales: pullAfterSales,
  members: pullMembers,
};

const MAPS: ReadonlyMap<string, (item: SourceItem, context: MapContext<WeixinShopSettings>) => Mapped> = new Map([
  ['order', mapOrder],
  ['after_sale', mapAfterSale],
  ['member', mapMember],
  ['message', mapMessage],
]);

export const weixinShopCollector: Collector<WeixinShopSettings> = {
  platform: 'weixin_shop',
  title: { zh: '微信小店', en: 'WeChat Shop' },
  settingsSchema,
  kinds: ['order_line', 'refund', 'shop_customer', 'event', 'points_entry', 'level_change'],
  limits: [
    'Orders by time of change: a window is at most seven days, a page at most 100 numbers; each order is a call of its own.',
    'After-sales by time of creation only, a day at a time; those that are not at their end are read again at each pull.',
    'The members of the shop can only be read whole; they are no memberships of the brand.',
    'Too many calls a minute are waited for; when the quota of the day is used up the source goes on at midnight.',
    'A message that is not answered within five seconds is sent again, three times at most.',
  ],
  mapperVersion: 1,
  streams: () => Object.keys(PULLS),
  async *pull(context) {
    yield* PULLS[context.stream]!(context, openGateway(context));
  },
  map(item, context) {
    const map = MAPS.get(item.kind);
    if (map) return map(item, context);
    const expected = `one of ${[...MAPS.keys()].join(', ')}`;
    return rejected({ path: '', given: item.kind, expected, code: 'item.kind-not-known' });
  },
  receive,
};
