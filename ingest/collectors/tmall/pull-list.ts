/** Puts the questions of a list to the gateway, in the words of each API. */

import type { PullContext, SourcePage } from '../collector.ts';
import { type Asked, pullWindows, type Rows, type WindowedList } from '../kit/pull-windows.ts';
import { platformTime } from '../kit/time.ts';
import { type Reach, secondAfter, wholeSecond } from '../kit/window.ts';
import type { Gateway } from './gateway.ts';
import type { TmallSettings } from './settings.ts';

/** A list API, in its own words for the same things. */
export interface ListApi extends Pick<WindowedList, 'method' | 'itemKind' | 'lastPage'> {
  /** Finds the row's own key in its text. */
  readonly key: RegExp;
  /** The answer's member that holds the rows. */
  readonly rows: string;
  readonly names: { readonly from: string; readonly to: string; readonly page: string; readonly total: string };
  readonly params: Readonly<Record<string, string>>;
  /** Finds the row's time of change in its text; null where rows do not tell it. */
  readonly changed: RegExp | null;
  readonly reach: (now: Date, historyDays: number) => Reach;
  /** Whether it can leave the total out and say only if there is more, which is faster for the platform. */
  readonly hasNext: boolean;
}

const PAGE_SIZE = 100;

/** Everything changed from the checkpoint to the present. */
export function pullList(
  context: PullContext<TmallSettings>,
  { gateway, api }: { gateway: Gateway; api: ListApi },
): AsyncGenerator<SourcePage> {
  const end = wholeSecond(context.clock.now());
  const { method, itemKind, key, lastPage } = api;
  const reach = api.reach(end, context.source.settings.history_days);
  const read = (asked: Asked) => readRows(gateway, { api, asked });
  const keyOf = (text: string) => key.exec(text)?.[1];
  return pullWindows(context, { end, list: { method, itemKind, keyOf, pageSize: PAGE_SIZE, lastPage, reach, read } });
}

/**
 * One page. The platform does not say whether the end of a window belongs to it, and wants it behind the start: a second
 * more is asked for, and rows of that second are left to the next window.
 */
async function readRows(gateway: Gateway, { api, asked }: { api: ListApi; asked: Asked }): Promise<Rows> {
  const { names, hasNext } = api;
  const counted = asked.counted || !hasNext;
  const nextSecond = platformTime(secondAfter(asked.to));
  const answer = await gateway.call({
    method: api.method,
    items: api.rows,
    isWhole: (head) => (counted ? Number.isSafeInteger(head[names.total]) : typeof head.has_next === 'boolean'),
    params: {
      ...api.params,
      [names.from]: platformTime(asked.from),
      [names.to]: nextSecond,
      [names.page]: String(asked.page),
      page_size: String(PAGE_SIZE),
      ...(hasNext ? { use_has_next: String(!counted) } : {}),
    },
  });
  return {
    texts: answer.items.filter((text) => api.changed?.exec(text)?.[1] !== nextSecond),
    total: counted ? Number(answer.head[names.total]) : 0,
    more: answer.head.has_next === true,
  };
}
