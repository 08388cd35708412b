/** A 微信小店 for the tests: its settings and rows as the platform sends them. */
import type { PullContext, Source, SourcePage } from '../../../../ingest/collectors/collector.ts';
import { type WeixinShopSettings, weixinShopCollector } from '../../../../ingest/collectors/weixin_shop/index.ts';
import type { Mapped, SourceItem } from '../../../../ingest/record.ts';
import { HandClock, NOW, silent } from '../tmall/shop.ts';

export { HandClock, NOW };

export const APP = { app_id: 'wxb11529c136998cb6', app_secret: 'secret-1' } as const;
export const SAFE_MODE = {
  token: 'pamtest',
  aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFE',
  receiver: APP.app_id,
} as const;

export const NOW_S = NOW.getTime() / 1000;

export function sourceOf(settings: Partial<WeixinShopSettings> = {}): Source<WeixinShopSettings> {
  return {
    id: 'weixin-flagship',
    platform: 'weixin_shop',
    channel: 'wechat',
    zone: 'Asia/Shanghai',
    settings: {
      ...APP,
      shop_id: 'weixin-flagship',
      gateway: 'http://127.0.0.1:1',
      history_days: 21,
      mask_receivers: true,
      members_every_hours: 24,
      members_page_size: 100,
      open_account: 'demo-open',
      callback_token: SAFE_MODE.token,
      callback_aes_key: SAFE_MODE.aesKey,
      ...settings,
    },
  };
}

export function contextOf(
  of: { url: string; clock: HandClock; stream: string } & Partial<PullContext<WeixinShopSettings>>,
): PullContext<WeixinShopSettings> {
  const { url, clock, ...rest } = of;
  return {
    source: sourceOf({ gateway: url }),
    checkpoint: null,
    signal: new AbortController().signal,
    log: silent,
    ...rest,
    clock,
    sleep: clock.sleep,
  };
}

/** All pages of a pull, each kept and committed. */
export async function pagesOf(context: PullContext<WeixinShopSettings>): Promise<SourcePage[]> {
  const pages: SourcePage[] = [];
  for await (const page of weixinShopCollector.pull(context)) pages.push(page);
  return pages;
}

export function itemOf(kind: string, payload: string | object): SourceItem {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return { kind, key: 'key-1', payload: text, position: 0, deliveredAt: NOW };
}

/** `no-account`: a shop that is bound to no Open Platform account. */
export function map(kind: string, payload: string | object, shop: 'bound' | 'no-account' = 'bound'): Mapped {
  const source = sourceOf();
  const { open_account: _, ...unbound } = source.settings;
  const settings = shop === 'bound' ? source.settings : unbound;
  return weixinShopCollector.map(itemOf(kind, payload), { source: { ...source, settings } });
}

export const openidOf = (n: number): string => `oWxShopBuyer_${String(n).padStart(15, '0')}`;
export const unionidOf = (n: number): string => `oUnionBuyer__${String(n).padStart(15, '0')}`;

const FIRST_ORDER = 3705115058471208928n;

export const orderIdOf = (n: number): string => String(FIRST_ORDER + BigInt(n));

export function productRow(n: number, change: object = {}): object {
  return {
    ...{ product_id: '10000017457793', sku_id: String(1024000 + n), sku_cnt: 2, title: '轻薄防晒衣' },
    ...{ sale_price: 15000, market_price: 19900, real_price: 25900, estimate_price: 25900, is_discounted: true },
    ...{ out_product_id: 'SP00123', out_sku_id: 'SP00123-M', sku_code: 'C-1', on_aftersale_sku_cnt: 0 },
    ...change,
  };
}

export function orderRow(n: number, change: object = {}, detail: object = {}): object {
  return {
    ...{ order_id: orderIdOf(n), status: 20, openid: openidOf(n), unionid: unionidOf(n) },
    ...{ create_time: NOW_S - 7200 - n, update_time: NOW_S - 3600 - n },
    order_detail: {
      product_infos: [productRow(n)],
      pay_info: { prepay_id: 'wx15', prepay_time: NOW_S - 7100, pay_time: NOW_S - 7000 - n, transaction_id: '42' },
      price_info: { product_price: 30000, order_price: 26900, freight: 1000, discounted_price: 4100 },
      delivery_info: {
        address_info: {
          ...{ user_name: '张三', tel_number: '13812340000', province_name: '上海市', city_name: '上海市' },
          ...{ detail_info: '某路1号', hash_code: 'b5d2', use_tel_number: 0 },
          tel_number_ext_info: { real_tel_number: '138****0000', virtual_tel_number: '18400913965-7576' },
        },
      },
      ext_info: { customer_notes: '', order_scene: 2 },
      ...detail,
    },
    aftersale_detail: { on_aftersale_order_cnt: 0, aftersale_order_list: [] },
    ...change,
  };
}

export function afterSaleRow(n: number, change: object = {}): object {
  return {
    ...{
      after_sale_order_id: String(2000000000100n + BigInt(n)),
      order_id: orderIdOf(n),
      status: 'MERCHANT_PROCESSING',
    },
    ...{ openid: openidOf(n), unionid: unionidOf(n), type: 'RETURN', reason: 'x', create_time: NOW_S - 5000 - n },
    ...{
      update_time: NOW_S - 4000 - n,
      product_info: { product_id: '10000017457793', sku_id: String(1024000 + n), count: 2 },
    },
    ...{ refund_info: { amount: 25900, refund_reason: 1 }, return_info: { waybill_id: '', delivery_id: '' } },
    ...change,
  };
}

export function memberRow(n: number, change: object = {}): object {
  return {
    ...{ openid: openidOf(n), union_id: unionidOf(n), user_info: { phone_number: `1391234${1000 + n}` } },
    ...{ user_grade_info: { grade: 2, experience_value: '120' } },
    ...change,
  };
}

export function messageRow(event: string, change: object = {}): object {
  return {
    ...{
      ToUserName: 'gh_0123456789ab',
      FromUserName: openidOf(1),
      CreateTime: NOW_S - 60,
      MsgType: 'event',
      Event: event,
    },
    ...change,
  };
}
