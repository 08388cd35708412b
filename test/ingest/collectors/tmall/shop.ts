/** A shop for the tests: its settings, a clock that stands until it is moved, and rows as the platform sends them. */
import type { Clock } from '../../../../clock.ts';
import type { TmallSimulator } from '../../../../fixtures/simulators/tmall/index.ts';
import type { PullContext, Source, SourcePage } from '../../../../ingest/collectors/collector.ts';
import { type TmallSettings, tmallCollector } from '../../../../ingest/collectors/tmall/index.ts';
import type { Mapped, SourceItem, SourceRecord } from '../../../../ingest/record.ts';
import type { Log } from '../../../../log.ts';

export const SHOP = {
  app_key: '12345678',
  app_secret: 'helloworld',
  session: 'session-1',
  tmc_group: 'quanyu',
} as const;

/** 2026-01-15 12:00:00 in Shanghai. */
export const NOW = new Date('2026-01-15T04:00:00Z');

export function sourceOf(settings: Partial<TmallSettings> = {}): Source<TmallSettings> {
  const { app_key, app_secret, session } = SHOP;
  return {
    id: 'tmall-flagship',
    platform: 'tmall',
    channel: 'tmall',
    zone: 'Asia/Shanghai',
    settings: {
      ...{
        app_key,
        app_secret,
        session,
        shop_id: 'flagship',
        brand: 'demo',
        gateway: 'http://127.0.0.1:1/router/rest',
      },
      ...{ sign_method: 'hmac-sha256', history_days: 90, spi_secret: 'spi-secret' },
      ...settings,
    },
  };
}

/** A clock moved by hand, and a sleep that moves it. */
export class HandClock implements Clock {
  #at: number;
  readonly slept: number[] = [];

  constructor(start: Date = NOW) {
    this.#at = start.getTime();
  }

  now(): Date {
    return new Date(this.#at);
  }

  forward(ms: number): void {
    this.#at += ms;
  }

  sleep = async (ms: number): Promise<void> => {
    this.slept.push(ms);
    this.forward(ms);
  };
}

export const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

export function contextOf(
  of: { simulator: TmallSimulator; clock: HandClock; stream: string } & Partial<PullContext<TmallSettings>>,
): PullContext<TmallSettings> {
  const { simulator, clock, ...rest } = of;
  return {
    source: sourceOf({ gateway: simulator.url, tmc_group: SHOP.tmc_group }),
    checkpoint: null,
    signal: new AbortController().signal,
    log: silent,
    ...rest,
    clock,
    sleep: clock.sleep,
  };
}

/** All pages of a pull, each kept and committed. */
export async function pagesOf(context: PullContext<TmallSettings>): Promise<SourcePage[]> {
  const pages: SourcePage[] = [];
  for await (const page of tmallCollector.pull(context)) {
    pages.push(page);
    await page.committed?.();
  }
  return pages;
}

export function itemsOf(pages: readonly SourcePage[]): SourceItem[] {
  return pages.flatMap(({ items }) => items);
}

export function itemOf(kind: string, payload: string | object): SourceItem {
  const text = typeof payload === 'string' ? payload : json(payload);
  return { kind, key: 'key-1', payload: text, position: 0, deliveredAt: NOW };
}

export function map(kind: string, payload: string | object): Mapped {
  return tmallCollector.map(itemOf(kind, payload), { source: sourceOf() });
}

/** The records of one kind, typed. */
export function recordsOf<K extends SourceRecord['kind']>(
  mapped: Mapped,
  kind: K,
): Extract<SourceRecord, { kind: K }>[] {
  return mapped.records.filter((record): record is Extract<SourceRecord, { kind: K }> => record.kind === kind);
}

/** JSON with bigints written bare, as the platform does. */
export function json(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(json).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `${JSON.stringify(key)}:${json(member)}`)
    .join(',')}}`;
}

/** `yyyy-MM-dd HH:mm:ss` in Shanghai, `seconds` before NOW. */
export function ago(seconds: number): string {
  return new Date(NOW.getTime() - seconds * 1000 + 8 * 3600_000).toISOString().slice(0, 19).replace('T', ' ');
}

const FIRST_TID = 7012345678901234567n;

export function lineRow(n: number, change: object = {}): object {
  return {
    ...{ oid: FIRST_TID + 1_000_000_000n + BigInt(n), status: 'WAIT_SELLER_SEND_GOODS', refund_status: 'NO_REFUND' },
    ...{
      title: '轻薄防晒衣',
      num_iid: 612345678901n,
      sku_id: '4412345678901',
      outer_iid: 'SP00123',
      outer_sku_id: 'SP00123-M',
    },
    ...{ cid: 50000671, num: 2, price: '150.00', total_fee: '259.00', payment: '259.00', divide_order_fee: '259.00' },
    ...change,
  };
}

export function tradeRow(n: number, change: object = {}): object {
  return {
    ...{
      tid: FIRST_TID + BigInt(n),
      type: 'guarantee_trade',
      status: 'WAIT_SELLER_SEND_GOODS',
      created: ago(7200 + n),
    },
    ...{ modified: ago(3600 + n), pay_time: ago(7000 + n), payment: '269.00', post_fee: '10.00', total_fee: '300.00' },
    ...{
      buyer_nick: '天下第一',
      buyer_open_uid: `AAHrb-fwAAgOrLpFIt9A${1000 + n}`,
      ouid: `AAO-shop-buyer-${1000 + n}`,
    },
    ...{
      receiver_name: '张**',
      receiver_mobile: '138****5678',
      receiver_address: '***',
      oaid: 'week-3-oaid',
      orders: [lineRow(n)],
    },
    ...change,
  };
}

export function refundRow(n: number, change: object = {}): object {
  return {
    ...{
      refund_id: String(91234567890123456n + BigInt(n)),
      tid: FIRST_TID + BigInt(n),
      oid: FIRST_TID + 1_000_000_000n + BigInt(n),
    },
    ...{
      status: 'SUCCESS',
      created: ago(3000 + n),
      modified: ago(1800 + n),
      refund_fee: '259.00',
      has_good_return: true,
    },
    ...{ dispute_type: 'REFUND_AND_RETURN', num: 2, num_iid: 612345678901n, outer_id: 'SP00123' },
    ...{ ouid: `AAO-shop-buyer-${1000 + n}`, buyer_open_uid: `AAHrb-fwAAgOrLpFIt9A${1000 + n}`, buyer_nick: '天**一' },
    ...change,
  };
}

export function customerRow(n: number, change: object = {}): object {
  return {
    ...{ buyer_nick: '天**一', ouid: `AAO-shop-buyer-${1000 + n}`, status: 'normal', grade: 2, grade_name: '高级会员' },
    ...{ trade_count: 3, trade_amount: '1234.50', last_trade_time: ago(86_400 + n * 60), group_ids: '' },
    ...change,
  };
}

export function messageRow(
  n: number,
  { topic, content, at = 600 }: { topic: string; content: object; at?: number },
): object {
  return {
    ...{ id: 7100000000000000001n + BigInt(n), topic, content: json(content), pub_time: ago(at) },
    ...{ pub_app_key: SHOP.app_key, user_id: 2200000000001n, user_nick: '演示旗舰店' },
  };
}

export function many<T>(count: number, make: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => make(n));
}
