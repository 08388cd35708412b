/** What changed, in numbered pages: windows of time, each read from its last page to its first. */
import type { SourcePage } from '../collector.ts';
import { pullWindows, type Rows } from '../kit/pull-windows.ts';
import { DAY_MS, secondAfter } from '../kit/window.ts';
import type { RestContext, RestGateway } from './gateway.ts';
import { keyIn, pageParameters, reachOf, timeParameters } from './list.ts';
import type { Changed, RestList } from './settings.ts';

export function pullChanges(
  context: RestContext,
  { list, changed, gateway }: { list: RestList; changed: Changed; gateway: RestGateway },
): AsyncIterable<SourcePage> {
  const { zone, settings } = context.source;
  const { end, first } = reachOf(context);
  const read = async (window: { from: Date; to: Date; page: number }): Promise<Rows> => {
    // Whether a window holds its end is not known: a second more is asked for, and what comes twice does no harm.
    const times = timeParameters(changed, { from: window.from, to: secondAfter(window.to), zone });
    const { rows, total } = await gateway.read(list, { ...times, ...pageParameters(list, window.page - 1) });
    return { texts: rows, total: total ?? 0, more: false };
  };
  return pullWindows(context, {
    end,
    list: {
      ...{ method: list.name, itemKind: list.name, keyOf: (text) => keyIn(list, text), read },
      ...{ pageSize: list.paging.size, lastPage: list.paging.deepest },
      reach: { horizon: new Date(0), first, longestMs: Math.min(changed.longest_days, settings.history_days) * DAY_MS },
    },
  });
}
