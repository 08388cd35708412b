/** 有赞 (Youzan Cloud): orders, refunds, customers, and the app's pushes. */
import type { Mapped, SourceItem } from '../../record.ts';
import type { Collector, MapContext, PullContext, SourcePage } from '../collector.ts';
import { rejected } from '../kit/validate.ts';
import { openGateway, type YouzanGateway } from './gateway.ts';
import { mapMember } from './map-member.ts';
import { mapMessage } from './map-message.ts';
import { mapOrder } from './map-order.ts';
import { mapRefund } from './map-refund.ts';
import { pullMembers, pullOrders, pullRefunds } from './pull.ts';
import { receive } from './receive.ts';
import { settingsSchema, type YouzanSettings } from './settings.ts';

export type { YouzanSettings } from './settings.ts';

type Pull = (context: PullContext<YouzanSettings>, gateway: YouzanGateway) => AsyncGenerator<SourcePage>;

const PULLS: Readonly<Record<string, Pull>> = { orders: pullOrders, refunds: pullRefunds, members: pullMembers };

const MAPS: ReadonlyMap<string, (item: SourceItem, context: MapContext<YouzanSettings>) => Mapped> = new Map([
  ['order', mapOrder],
  ['refund', mapRefund],
  ['member', mapMember],
  ['message', mapMessage],
]);

export const youzanCollector: Collector<YouzanSettings> = {
  platform: 'youzan',
  title: { zh: '有赞', en: 'Youzan' },
  settingsSchema,
  kinds: ['order_line', 'refund', 'shop_customer', 'event', 'points_entry'],
  limits: [
    'Orders by time of change: at most 100 pages of 100 for a window, which is narrowed where it holds more.',
    'Refunds by time of change: at most 3,000 for a window; each is read by itself as well, for its line.',
    'Customers by creation only, at most 10,000 for a window; the list is read whole from time to time.',
    'Lists show a change more than 30 seconds late: a pull ends a minute before the present.',
    'Packages of calls are paid by the month; without one, calls and pushes are throttled.',
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
