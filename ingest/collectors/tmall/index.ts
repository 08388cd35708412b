/** Tmall and Taobao shops through the open platform (TOP): orders, refunds, shop customers, messages, 会员通 calls as copies. */
import type { Mapped, SourceItem } from '../../record.ts';
import type { Collector, MapContext, PullContext, SourcePage } from '../collector.ts';
import { rejected } from '../kit/validate.ts';
import { type Gateway, openGateway } from './gateway.ts';
import { customers, refunds, trades } from './lists.ts';
import { mapCustomer } from './map-customer.ts';
import { mapMessage } from './map-message.ts';
import { mapRefund } from './map-refund.ts';
import { mapSpi } from './map-spi.ts';
import { mapTrade } from './map-trade.ts';
import { type ListApi, pullList } from './pull-list.ts';
import { pullMessages } from './pull-messages.ts';
import { settingsSchema, type TmallSettings } from './settings.ts';
import { receiveSpi } from './spi.ts';

export type { TmallSettings } from './settings.ts';

/** How long one call may take, from connecting to the last byte. */
const TIMEOUT_MS = 30_000;

const LISTS: Readonly<Record<string, ListApi>> = { trades, refunds, customers };

const MAPS: ReadonlyMap<string, (item: SourceItem, context: MapContext<TmallSettings>) => Mapped> = new Map([
  ['trade', mapTrade],
  ['refund', mapRefund],
  ['customer', mapCustomer],
  ['message', mapMessage],
  ['spi_call', mapSpi],
]);

export const tmallCollector: Collector<TmallSettings> = {
  platform: 'tmall',
  title: { zh: '天猫 / 淘宝店铺', en: 'Tmall / Taobao shop' },
  settingsSchema,
  kinds: ['order_line', 'refund', 'shop_customer', 'binding', 'points_entry', 'level_change', 'event'],
  limits: [
    'Orders and refunds of the last three months, by time of change; a window is at most one day, a page at most 100 rows, a window at most 100 pages.',
    'The platform bans calls that come too fast and says for how many seconds; a ban of up to a minute is waited for, a longer one ends the pull.',
    'Shop customers come without a phone; they are no memberships.',
    'Messages are kept until they are confirmed; a confirmed one cannot be fetched again.',
  ],
  mapperVersion: 1,
  streams: ({ tmc_group }) => [...Object.keys(LISTS), ...(tmc_group === undefined ? [] : ['messages'])],
  pull: (context) => pull(context, openGateway(context, { timeoutMs: TIMEOUT_MS })),
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
  receive: receiveSpi,
};

async function* pull(context: PullContext<TmallSettings>, gateway: Gateway): AsyncGenerator<SourcePage> {
  const api = LISTS[context.stream];
  if (api) yield* pullList(context, { gateway, api });
  else yield* pullMessages(context, { gateway, group: context.source.settings.tmc_group ?? '' });
}
