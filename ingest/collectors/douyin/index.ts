/** Douyin shops (抖店) through the open platform: orders, after-sales, members, messages, 会员通 calls as copies. */
import type { Mapped, SourceItem } from '../../record.ts';
import type { Collector, MapContext, PullContext, SourcePage } from '../collector.ts';
import { pullWindows } from '../kit/pull-windows.ts';
import { rejected } from '../kit/validate.ts';
import { wholeSecond } from '../kit/window.ts';
import { openGateway } from './gateway.ts';
import { aftersales, orders, windowedList } from './lists.ts';
import { mapAftersale } from './map-aftersale.ts';
import { mapOrder } from './map-order.ts';
import { type DouyinSettings, settingsSchema } from './settings.ts';

export type { DouyinSettings } from './settings.ts';

/** How long one call may take, from connecting to the last byte. */
const TIMEOUT_MS = 30_000;

const LISTS = { orders, aftersales };

const MAPS: ReadonlyMap<string, (item: SourceItem, context: MapContext<DouyinSettings>) => Mapped> = new Map([
  ['order', mapOrder],
  ['aftersale', mapAftersale],
]);

export const douyinCollector: Collector<DouyinSettings> = {
  platform: 'douyin',
  title: { zh: '抖店', en: 'Douyin shop' },
  settingsSchema,
  kinds: ['order_line', 'refund'],
  limits: [
    'Orders changed within the last 90 days, after-sales within 180; a page holds at most 100 rows, a window at most 50,000, else it is narrowed.',
    'The platform does not publish its limit of calls: they are spread over time as `calls_per_second` says.',
    'Receivers come masked and encrypted; nothing of them names a person.',
  ],
  mapperVersion: 1,
  streams: () => Object.keys(LISTS),
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
};

async function* pull(context: PullContext<DouyinSettings>): AsyncGenerator<SourcePage> {
  const gateway = openGateway(context, { timeoutMs: TIMEOUT_MS });
  const end = wholeSecond(context.clock.now());
  const { history_days: historyDays } = context.source.settings;
  const api = LISTS[context.stream as keyof typeof LISTS];
  yield* pullWindows(context, { end, list: windowedList(gateway, api, { now: end, historyDays }) });
}
