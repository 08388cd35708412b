/** The lists that are pulled by time of change: their questions in the platform's words, and how far back they go. */
import type { Asked, WindowedList } from '../kit/pull-windows.ts';
import { DAY_MS, MINUTE_MS, type Reach, secondAfter, wholeSecond } from '../kit/window.ts';
import type { Gateway } from './gateway.ts';
import { digitsAt } from './row.ts';

export interface ListApi {
  readonly method: string;
  /** The answer's member that holds the rows. */
  readonly rows: string;
  readonly itemKind: string;
  readonly key: readonly string[];
  readonly changed: readonly string[];
  /** The platform gives what changed within so many days. */
  readonly days: number;
  readonly params: (window: { from: number; to: number }) => object;
}

/** `page * size` must stay within this, else the window is to be narrowed. */
const MOST_ROWS = 50_000;
const PAGE_SIZE = 100;
/** Long pulls must not fall behind the platform's horizon on their way. */
const HORIZON_MARGIN_MS = 60 * MINUTE_MS;

export const orders: ListApi = {
  method: 'order.searchList',
  rows: 'shop_order_list',
  itemKind: 'order',
  key: ['order_id'],
  changed: ['update_time'],
  days: 90,
  params: ({ from, to }) => ({
    order_by: 'update_time',
    order_asc: true,
    update_time_start: from,
    update_time_end: to,
  }),
};

export const aftersales: ListApi = {
  method: 'afterSale.List',
  rows: 'items',
  itemKind: 'aftersale',
  key: ['aftersale_info', 'aftersale_id'],
  changed: ['aftersale_info', 'update_time'],
  // Six months without saying so.
  days: 180,
  params: ({ from, to }) => ({ order_by: ['update_time asc'], update_start_time: from, update_end_time: to }),
};

/** The list of one shop, as of `now`; a first pull takes `historyDays`. */
export function windowedList(
  gateway: Gateway,
  api: ListApi,
  { now, historyDays }: { now: Date; historyDays: number },
): WindowedList {
  return {
    method: api.method,
    itemKind: api.itemKind,
    keyOf: (text) => digitsAt(text, api.key),
    pageSize: PAGE_SIZE,
    lastPage: MOST_ROWS / PAGE_SIZE,
    reach: reachOf({ now, days: api.days, historyDays }),
    read: (asked) => readPage(gateway, { api, asked }),
  };
}

/** A list that goes back `days`, of which a first pull takes `historyDays`. */
export function reachOf({ now, days, historyDays }: { now: Date; days: number; historyDays: number }): Reach {
  const horizon = new Date(wholeSecond(now).getTime() - days * DAY_MS + HORIZON_MARGIN_MS);
  return { horizon, first: new Date(now.getTime() - historyDays * DAY_MS), longestMs: DAY_MS };
}

/**
 * One page; the platform counts them from 0. It does not say whether the end of a window belongs to it: a second more is
 * asked for, and rows of that second are left to the next window.
 */
async function readPage(gateway: Gateway, { api, asked }: { api: ListApi; asked: Asked }) {
  const end = secondsOf(secondAfter(asked.to));
  const { head, items } = await gateway.call({
    method: api.method,
    items: api.rows,
    isWhole: ({ total }) => Number.isSafeInteger(total),
    body: { ...api.params({ from: secondsOf(asked.from), to: end }), page: asked.page - 1, size: PAGE_SIZE },
  });
  return {
    texts: items.filter((text) => digitsAt(text, api.changed) !== String(end)),
    total: Number(head.total),
    more: false,
  };
}

function secondsOf(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}
