/** Douyin shops (抖店) through the open platform: orders, after-sales, members, messages, 会员通 calls as copies. */
import type { Mapped, SourceItem } from '../../record.ts';
import type { Collector, MapContext, PullContext, SourcePage } from '../collector.ts';
import { pullWindows } from '../kit/pull-windows.ts';
import { rejected } from '../kit/validate.ts';
import { wholeSecond } from '../kit/window.ts';
import { openGateway } from './gateway.ts';
import { aftersales, type ListApi, orders, windowedList } from './lists.ts';
import { mapAftersale } from './map-aftersale.ts';
import { mapMember, mapMemberOrder } from './map-member.ts';
import { mapOrder } from './map-order.ts';
import { mapSpi } from './map-spi.ts';
import { pullMembers } from './members.ts';
import { EVENT_SIGN_HEADER, mapMessage, receiveMessages } from './messages.ts';
import { type DouyinSettings, settingsSchema } from './settings.ts';
import { receiveSpi } from './spi.ts';

export type { DouyinSettings } from './settings.ts';

/** How long one call may take, from connecting to the last byte. */
const TIMEOUT_MS = 30_000;

const LISTS: Readonly<Record<string, ListApi>> = { orders, aftersales };

const MAPS: ReadonlyMap<string, (item: SourceItem, context: MapContext<DouyinSettings>) => Mapped> = new Map([
  ['order', mapOrder],
  ['aftersale', mapAftersale],
  ['member_order', mapMemberOrder],
  ['member', mapMember],
  ['message', mapMessage],
  ['spi_call', mapSpi],
]);

export const douyinCollector: Collector<DouyinSettings> = {
  platform: 'douyin',
  title: { zh: '抖店', en: 'Douyin shop' },
  settingsSchema,
  kinds: ['order_line', 'refund', 'shop_customer', 'binding', 'event'],
  limits: [
    'Orders changed within the last 90 days, after-sales within 180; a page holds at most 100 rows, a window at most 50,000, else it is narrowed.',
    'The platform does not publish its limit of calls: they are spread over time as `calls_per_second` says.',
    'There is no list of all members: those who order are pulled, the others come by 会员通 as they join.',
    'Receivers come masked and encrypted; nothing of them names a person.',
  ],
  mapperVersion: 1,
  streams: ({ member_app_id }) => [...Object.keys(LISTS), ...(member_app_id === undefined ? [] : ['members'])],
  pull,
  map(item, context) {
    const map = MAPS.get(item.kind);
    if (map) return map(item, context);
    return rejected({
      path: '',
      given: item.kind,
      expected: `one of ${[...MAPS.keys()].join(', ')}`,
      code: 'item.kind-not-known',
    });
  },
  /** Messages and copies of calls come to one address. */
  receive: (request, context) =>
    request.headers[EVENT_SIGN_HEADER] === undefined ? receiveSpi(request, context) : receiveMessages(request, context),
};

async function* pull(context: PullContext<DouyinSettings>): AsyncGenerator<SourcePage> {
  const gateway = openGateway(context, { timeoutMs: TIMEOUT_MS });
  const { history_days: historyDays, member_app_id: appId } = context.source.settings;
  const api = LISTS[context.stream];
  if (api) {
    const end = wholeSecond(context.clock.now());
    yield* pullWindows(context, { end, list: windowedList(gateway, api, { now: end, historyDays }) });
  } else if (appId !== undefined) {
    yield* pullMembers(context, { gateway, appId });
  }
}
