/** The lists of the shop, each in its own words for windows and pages. */
import { SourceFault } from '../collector.ts';
import { CallFailure } from '../kit/call-failure.ts';
import { isObject, tryJson } from '../kit/json.ts';
import type { Asked, Rows, WindowedList } from '../kit/pull-windows.ts';
import { platformTime } from '../kit/time.ts';
import { DAY_MS, type Reach, secondAfter } from '../kit/window.ts';
import type { YouzanCall, YouzanGateway } from './gateway.ts';
import type { YouzanSettings } from './settings.ts';

interface ListApi {
  readonly call: Pick<YouzanCall, 'api' | 'version' | 'items'>;
  readonly itemKind: string;
  /** Members of a row that lead to its key, and to the time the windows go by. */
  readonly key: readonly string[];
  readonly time: readonly string[];
  readonly total: string;
  readonly pageSize: number;
  readonly lastPage: number;
  readonly longestDays: number;
  readonly window: (window: { from: Date; to: Date }, settings: YouzanSettings) => Readonly<Record<string, unknown>>;
  /** How a row writes an instant. */
  readonly written: (instant: Date) => string;
}

const seconds = (instant: Date): number => Math.floor(instant.getTime() / 1000);

/** The platform gives 100 pages of 100; both ends of a window must be given, or neither counts. */
export const ORDERS: ListApi = {
  call: { api: 'youzan.trades.sold.get', version: '4.0.4', items: 'full_order_info_list' },
  itemKind: 'order',
  key: ['full_order_info', 'order_info', 'tid'],
  time: ['full_order_info', 'order_info', 'update_time'],
  total: 'total_results',
  pageSize: 100,
  lastPage: 100,
  longestDays: 7,
  window: ({ from, to }) => ({ start_update: platformTime(from), end_update: platformTime(to) }),
  written: platformTime,
};

/** Without times only the last three months are given; page times size must stay within 3,000. */
export const REFUNDS: ListApi = {
  call: { api: 'youzan.trade.refund.search', version: '3.0.1', items: 'refunds' },
  itemKind: 'refund',
  key: ['refund_id'],
  time: ['modified'],
  total: 'total',
  pageSize: 50,
  lastPage: 60,
  longestDays: 7,
  window: ({ from, to }) => ({ update_time_start: seconds(from), update_time_end: seconds(to) }),
  written: platformTime,
};

/** By creation only; the platform gives 10,000 of a window. */
export const MEMBERS: ListApi = {
  call: { api: 'youzan.scrm.customer.list', version: '1.0.0', items: 'record_list' },
  itemKind: 'member',
  key: ['yz_open_id'],
  time: ['created_at'],
  total: 'total',
  pageSize: 50,
  lastPage: 200,
  longestDays: 90,
  window: ({ from, to }, { member_time_unit }) => {
    const written = (instant: Date) => seconds(instant) * (member_time_unit === 'second' ? 1 : 1000);
    return { created_at_start: written(from), created_at_end: written(to) };
  },
  written: (instant) => String(seconds(instant)),
};

/** A list from `first` on. */
export function windowedList(
  gateway: YouzanGateway,
  { api, settings, first }: { api: ListApi; settings: YouzanSettings; first: Date },
): WindowedList {
  const reach: Reach = { horizon: new Date(0), first, longestMs: api.longestDays * DAY_MS };
  return {
    method: api.call.api,
    itemKind: api.itemKind,
    keyOf: (text) => valueAt(text, api.key),
    pageSize: api.pageSize,
    lastPage: api.lastPage,
    reach,
    read: (asked) => readPage(gateway, { api, settings, asked }),
  };
}

/** A window that holds more than the platform gives: it says so as an error, where others tell their total. */
const TOO_MANY = 142710032;

async function readPage(gateway: YouzanGateway, of: PageOf): Promise<Rows> {
  try {
    return await readRows(gateway, of);
  } catch (error) {
    const code = error instanceof SourceFault && error.cause instanceof CallFailure ? error.cause.subCode : '';
    if (Number(code) !== TOO_MANY) throw error;
    return { texts: [], total: of.api.lastPage * of.api.pageSize + 1, more: false };
  }
}

interface PageOf {
  readonly api: ListApi;
  readonly settings: YouzanSettings;
  readonly asked: Asked;
}

/**
 * One page. Whether the end of a window belongs to it is not said: a second more is asked for, and rows of that second are
 * left to the next window.
 */
async function readRows(gateway: YouzanGateway, { api, settings, asked }: PageOf): Promise<Rows> {
  const to = secondAfter(asked.to);
  const { head, items } = await gateway.call({
    ...api.call,
    body: { ...api.window({ from: asked.from, to }, settings), page_no: asked.page, page_size: api.pageSize },
    isWhole: (data) => Number.isSafeInteger(data[api.total]),
  });
  const next = api.written(to);
  return {
    texts: items.filter((text) => valueAt(text, api.time) !== next),
    total: Number(head[api.total]),
    more: false,
  };
}

/** The value that `path` leads to, as text; undefined where there is none. */
function valueAt(text: string, path: readonly string[]): string | undefined {
  let value: unknown = tryJson(text);
  for (const name of path) value = isObject(value) ? value[name] : undefined;
  return value === undefined || value === null || isObject(value) ? undefined : String(value);
}
