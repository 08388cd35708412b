/** The three lists: orders and refunds by time of change, customers by creation and from time to time whole. */
import type { Json, PullContext, SourcePage } from '../collector.ts';
import { isObject } from '../kit/json.ts';
import { pullWindows } from '../kit/pull-windows.ts';
import { readPlatformTime } from '../kit/time.ts';
import { DAY_MS, wholeSecond } from '../kit/window.ts';
import type { YouzanGateway } from './gateway.ts';
import { MEMBERS, ORDERS, REFUNDS, windowedList } from './lists.ts';
import { withDetails } from './refund-details.ts';
import type { YouzanSettings } from './settings.ts';

const HOUR_MS = 3_600_000;

type Context = PullContext<YouzanSettings>;

export async function* pullOrders(context: Context, gateway: YouzanGateway): AsyncGenerator<SourcePage> {
  const { settings } = context.source;
  const { end, first } = changesOf(context);
  yield* pullWindows(context, { list: windowedList(gateway, { api: ORDERS, settings, first }), end });
}

export async function* pullRefunds(context: Context, gateway: YouzanGateway): AsyncGenerator<SourcePage> {
  const { settings } = context.source;
  const { end, first } = changesOf(context);
  const pages = pullWindows(context, { list: windowedList(gateway, { api: REFUNDS, settings, first }), end });
  for await (const page of pages) {
    const items = await withDetails(page.items, { gateway, signal: context.signal });
    if (items === null) return;
    yield { ...page, items };
  }
}

/** New customers at each pull; once in so many hours the list is begun anew, since it does not tell of changes. */
export async function* pullMembers(context: Context, gateway: YouzanGateway): AsyncGenerator<SourcePage> {
  const { settings } = context.source;
  const kept = isObject(context.checkpoint) ? (context.checkpoint as Readonly<Record<string, Json>>) : {};
  const now = context.clock.now().getTime();
  const { end } = changesOf(context);
  const isDue = typeof kept.began_at !== 'number' || now >= kept.began_at + settings.members_every_hours * HOUR_MS;
  // What was begun is ended first: a list longer than its interval would never reach its end.
  const goesOn = isObject(kept.list) && (!('until' in kept.list) || !isDue);
  const began_at = goesOn && typeof kept.began_at === 'number' ? kept.began_at : now;
  const first = readPlatformTime(`${settings.members_since} 00:00:00`) ?? new Date(0);
  const list = windowedList(gateway, { api: MEMBERS, settings, first });
  const within = { ...context, checkpoint: goesOn ? kept.list! : null };
  for await (const page of pullWindows(within, { list, end }))
    yield { ...page, cursor: { list: page.cursor, began_at } };
}

/** Lists show a change late: the present is as far back as that. */
function changesOf({ clock, source }: Context): { end: Date; first: Date } {
  const { lag_seconds, history_days } = source.settings;
  const end = wholeSecond(new Date(clock.now().getTime() - lag_seconds * 1000));
  return { end, first: new Date(end.getTime() - history_days * DAY_MS) };
}
