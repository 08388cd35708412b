/** A Youzan shop for the tests: its settings and rows as the platform sends them. */
import type { PullContext, Source, SourcePage } from '../../../../ingest/collectors/collector.ts';
import { type YouzanSettings, youzanCollector } from '../../../../ingest/collectors/youzan/index.ts';
import type { Mapped, SourceItem } from '../../../../ingest/record.ts';
import { ago, type HandClock, NOW, silent } from '../tmall/shop.ts';

export const APP = { client_id: 'a32028demo', client_secret: 'demoSecret', kdt_id: '56232' } as const;
export const MINI_PROGRAM = 'wx0123456789abcdef';
export const OFFICIAL_ACCOUNT = 'wxfedcba9876543210';
export const NOW_S = NOW.getTime() / 1000;

export function sourceOf(settings: Partial<YouzanSettings> = {}): Source<YouzanSettings> {
  return {
    id: 'youzan-flagship',
    platform: 'youzan',
    channel: 'wechat',
    zone: 'Asia/Shanghai',
    settings: {
      ...APP,
      shop_id: 'youzan-flagship',
      account: 'demo',
      gateway: 'http://127.0.0.1:1',
      history_days: 20,
      lag_seconds: 60,
      members_since: '2025-12-01',
      members_every_hours: 24,
      member_time_unit: 'second',
      push_signature: 'header',
      mini_program_app_id: MINI_PROGRAM,
      official_account_app_id: OFFICIAL_ACCOUNT,
      ...settings,
    },
  };
}

export function contextOf(
  of: { url: string; clock: HandClock; stream: string } & Partial<PullContext<YouzanSettings>>,
): PullContext<YouzanSettings> {
  const { url, clock, ...rest } = of;
  const source = sourceOf({ gateway: url });
  const signal = new AbortController().signal;
  return { source, checkpoint: null, signal, log: silent, ...rest, clock, sleep: clock.sleep };
}

export async function pagesOf(context: PullContext<YouzanSettings>): Promise<SourcePage[]> {
  const pages: SourcePage[] = [];
  for await (const page of youzanCollector.pull(context)) pages.push(page);
  return pages;
}

export function itemOf(kind: string, payload: string | object): SourceItem {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return { kind, key: 'key-1', payload: text, position: 0, deliveredAt: NOW };
}

export function map(kind: string, payload: string | object, settings: Partial<YouzanSettings> = {}): Mapped {
  return youzanCollector.map(itemOf(kind, payload), { source: sourceOf(settings) });
}

export const tidOf = (n: number): string => `E2026011512000000${String(n).padStart(8, '0')}`;
export const openIdOf = (n: number): string => `LnhGm4rh5764527229166${String(n).padStart(5, '0')}`;
export const wechatIdOf = (n: number): string => `oWxOfYouzan__${String(n).padStart(15, '0')}`;

export function lineRow(n: number, change: object = {}): object {
  return {
    ...{ oid: `28000000000${1000 + n}`, num: 2, title: '轻薄防晒衣', price: '150.00', total_fee: '260.00' },
    ...{ payment: '269.00', item_id: 6725166, sku_id: 36157908, outer_item_id: 'SP00123', outer_sku_id: 'SP00123-M' },
    ...{ is_present: false, item_type: 0, ...change },
  };
}

export function orderRow(n: number, info: object = {}, change: object = {}): object {
  return {
    full_order_info: {
      order_info: {
        ...{
          tid: tidOf(n),
          status: 'WAIT_SELLER_SEND_GOODS',
          type: 0,
          created: ago(7200 + n),
          pay_time: ago(7000 + n),
        },
        ...{ update_time: ago(3600 + n), express_type: 0, pay_type_str: 'WEIXIN', offline_id: 0, ...info },
      },
      buyer_info: {
        ...{ yz_open_id: openIdOf(n), buyer_phone: '13912341001', outer_user_id: wechatIdOf(n), fans_nickname: '小李' },
      },
      source_info: { is_offline_order: false, source: { platform: 'wx', wx_entrance: 'merchant_xcx' } },
      address_info: { receiver_name: '张三', receiver_tel: '13812340000', delivery_address: '某路1号' },
      pay_info: { total_fee: '300.00', post_fee: '10.00', payment: '269.00', real_payment: '269.00', deduction_pay: 0 },
      orders: [lineRow(n)],
      remark_info: { buyer_message: '', trade_memo: '' },
      ...change,
    },
  };
}

export function refundRow(n: number, change: object = {}, detail: object | null = {}): object {
  return {
    ...{ refund_id: `20260115120000000000${1000 + n}`, tid: tidOf(n), status: 'SUCCESS', kdt_id: 56232 },
    ...{
      return_goods: true,
      reason: 1,
      refund_fee: '269.00',
      created: ago(3000 + n),
      modified: ago(1800 + n),
      ...change,
    },
    ...(detail === null
      ? {}
      : { detail: { oid: `28000000000${1000 + n}`, demand: 2, refund_success_time: ago(1900 + n), ...detail } }),
  };
}

/** As the pull makes it an item. */
export function refundItem(n: number, change: object = {}, detail: object | null = {}): object {
  const { detail: told, ...refund } = refundRow(n, change, detail) as { detail?: object };
  return { refund, detail: told ?? null };
}

export function memberRow(n: number, change: object = {}): object {
  return {
    ...{ yz_open_id: openIdOf(n), mobile: `1391234${1000 + (n % 9000)}`, show_name: '小李', gender: 2, is_member: 1 },
    ...{
      points: 120,
      trade_count: 3,
      created_at: NOW_S - 86_400 - n * 60,
      created_member_at: NOW_S - 80_000,
      ...change,
    },
  };
}
