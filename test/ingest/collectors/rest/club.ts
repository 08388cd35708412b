/** A club for the tests: its settings and rows as its interface sends them. */
import { checkConfig } from '../../../../config.ts';
import type { RestRow } from '../../../../fixtures/simulators/rest/index.ts';
import type { Json, PullContext, Source } from '../../../../ingest/collectors/collector.ts';
import { type RestSettings, restCollector } from '../../../../ingest/collectors/rest/index.ts';
import type { SourceItem } from '../../../../ingest/record.ts';
import { type HandClock, silent } from '../tmall/shop.ts';

export const TOKEN = 'club-token';

const LISTS = [
  {
    ...{ name: 'members', kind: 'membership', path: '/members', items: '/data/list', key: 'id' },
    parameters: { tenant: 'acme' },
    paging: { by: 'page', parameter: 'page', size_parameter: 'size', size: 50, total: '/data/total' },
    changed: { from: 'from', to: 'to' },
    columns: { member_no: 'id', phone: 'contact', modified_at: 'updated_at' },
    custom: { tier_note: 'note' },
  },
  {
    ...{ name: 'points', kind: 'points_entry', path: '/points', items: '/data/list', key: 'entry' },
    paging: { by: 'cursor', parameter: 'cursor', next: '/data/next', size_parameter: 'limit', size: 50 },
    changed: { from: 'from', to: 'to' },
    columns: { entry_no: 'entry', happened_at: 'updated_at', member_no: 'id', delta: 'amount' },
  },
  {
    ...{ name: 'stores', kind: 'store', path: '/stores', items: '/data/list' },
    paging: { by: 'offset', parameter: 'offset', size_parameter: 'limit', size: 40 },
  },
  {
    ...{ name: 'bindings', kind: 'binding', path: '/bindings', method: 'POST', items: '/data/list' },
    paging: { by: 'page', first: 0, parameter: 'page', size_parameter: 'size', size: 30, total: '/data/total' },
  },
];

/** Through the configuration, so that defaults are what a user gets. */
export function sourceOf(url: string, settings: object = {}): Source<RestSettings> {
  const given = {
    ...{ url, programme: 'club', headers: { authorization: `Bearer ${TOKEN}` }, history_days: 40, lists: LISTS },
    codes: { at: '/code', good: ['0'], busy: ['SYSTEM_BUSY'], expired: ['TOKEN_DEAD'] },
    ...settings,
  };
  const source = { id: 'club', platform: 'rest', channel: 'loyalty', settings: given };
  const config = checkConfig({ brand: { name: 'Acme' }, sources: [source] }, { file: 'test.json', env: {} });
  return config.sources[0] as Source<RestSettings>;
}

export async function pull(
  source: Source<RestSettings>,
  of: { stream: string; clock: HandClock; checkpoint?: Json; pages?: number },
): Promise<{ items: SourceItem[]; cursor: Json; pages: number }> {
  const { stream, clock, checkpoint = null } = of;
  const context: PullContext<RestSettings> = {
    ...{ source, stream, checkpoint, clock, sleep: clock.sleep, log: silent },
    signal: new AbortController().signal,
  };
  const items: SourceItem[] = [];
  let cursor = checkpoint;
  let pages = 0;
  for await (const page of restCollector.pull(context)) {
    items.push(...page.items);
    cursor = JSON.parse(JSON.stringify(page.cursor)) as Json;
    pages += 1;
    if (pages === of.pages) break;
  }
  return { items, cursor, pages };
}

export function memberRow(n: number, updated_at: string, change: RestRow = {}): RestRow {
  return {
    id: `M${n}`,
    contact: `${13900010001 + n * 37}`,
    name: '王小明',
    level: '金卡',
    points: n,
    updated_at,
    ...change,
  };
}

export const pointsRow = (n: number, updated_at: string): RestRow => {
  return { entry: `P${n}`, id: `M${n}`, amount: n + 1, reason: '消费', updated_at };
};

export const storeRow = (n: number): RestRow => ({ store_code: `S${n}`, store_name: `广州${n}店` });

export const bindingRow = (n: number): RestRow => {
  return {
    ...{ member_no: `M${n}`, channel: 'wechat', id_type: 'openid', scope: 'wx0123456789abcdef' },
    id_value: `o7df930a76961f5af20db0a8${String(n).padStart(4, '0')}`,
  };
};
