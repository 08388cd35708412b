/** A Douyin shop for the tests: its settings, and rows as the platform sends them. */
import type { DouyinSimulator } from '../../../../fixtures/simulators/douyin/index.ts';
import type { PullContext, Source, SourcePage } from '../../../../ingest/collectors/collector.ts';
import { type DouyinSettings, douyinCollector } from '../../../../ingest/collectors/douyin/index.ts';
import type { Mapped, SourceItem } from '../../../../ingest/record.ts';
import { type HandClock, json, NOW, silent } from '../tmall/shop.ts';

export { HandClock, itemsOf, json, many, NOW, recordsOf } from '../tmall/shop.ts';

export const SHOP = {
  app_key: '7001122334455667788',
  app_secret: 'b3c1-a-test-secret',
  shop_id: '4463798',
  member_app_id: '51',
} as const;

export function sourceOf(settings: Partial<DouyinSettings> = {}): Source<DouyinSettings> {
  const { app_key, app_secret, shop_id } = SHOP;
  return {
    id: 'douyin-flagship',
    platform: 'douyin',
    channel: 'douyin',
    zone: 'Asia/Shanghai',
    settings: {
      ...{ app_key, app_secret, shop_id, brand: 'demo', gateway: 'http://127.0.0.1:1' },
      ...{
        sign_method: 'hmac-sha256',
        history_days: 89,
        calls_per_second: 5,
        buyer_scope: 'shop',
        member_first_page: 0,
      },
      ...settings,
    },
  };
}

export function contextOf(
  of: { simulator: DouyinSimulator; clock: HandClock; settings?: Partial<DouyinSettings> } & Partial<
    PullContext<DouyinSettings>
  >,
): PullContext<DouyinSettings> {
  const { simulator, clock, settings, ...rest } = of;
  return {
    source: sourceOf({ gateway: simulator.url, ...settings }),
    stream: 'orders',
    checkpoint: null,
    signal: new AbortController().signal,
    log: silent,
    ...rest,
    clock,
    sleep: clock.sleep,
  };
}

/** All pages of a pull, each kept and committed. */
export async function pagesOf(context: PullContext<DouyinSettings>): Promise<SourcePage[]> {
  const pages: SourcePage[] = [];
  for await (const page of douyinCollector.pull(context)) {
    pages.push(page);
    await page.committed?.();
  }
  return pages;
}

export function itemOf(kind: string, payload: string | object): SourceItem {
  const text = typeof payload === 'string' ? payload : json(payload);
  return { kind, key: 'key-1', payload: text, position: 0, deliveredAt: NOW };
}

export function map(kind: string, payload: string | object, settings: Partial<DouyinSettings> = {}): Mapped {
  return douyinCollector.map(itemOf(kind, payload), { source: sourceOf(settings) });
}

/** Seconds since 1970, `seconds` before NOW. */
export function ago(seconds: number): number {
  return NOW.getTime() / 1000 - seconds;
}

const FIRST_ORDER = 6912345678901234567n;

export function lineRow(n: number, change: object = {}): object {
  return {
    ...{ order_id: String(FIRST_ORDER + 1_000_000_000n + BigInt(n)), parent_order_id: String(FIRST_ORDER + BigInt(n)) },
    ...{ order_status: 2, product_id: 3_512_345_678_901_234_567n, product_id_str: '3512345678901234567' },
    ...{
      product_name: '轻薄防晒衣',
      sku_id: 1_712_345_678_901_234n,
      out_sku_id: '0',
      out_product_id: '0',
      code: 'SP00123-M',
    },
    ...{ item_num: 2, origin_amount: 15_000, sum_amount: 30_000, order_amount: 25_900, pay_amount: 25_900 },
    ...{ given_product_type: '', author_id: 0, room_id_str: '0', video_id: '', cid: 20_219 },
    ...{ after_sale_info: { after_sale_status: 0, after_sale_type: 0, refund_status: 0 } },
    ...change,
  };
}

export function orderRow(n: number, change: object = {}): object {
  return {
    // Lines first: the order's own number is not the first `order_id` in its text.
    sku_order_list: [lineRow(n)],
    ...{ order_id: String(FIRST_ORDER + BigInt(n)), shop_id: 4_463_798, order_status: 2, main_status: 2 },
    ...{ create_time: ago(7200 + n), update_time: ago(3600 + n), pay_time: ago(7000 + n), finish_time: 0, pay_type: 1 },
    ...{ order_amount: 26_900, pay_amount: 26_900, post_amount: 1000, platform_cost_amount: 0 },
    ...{ doudian_open_id: `#zuLyd4U4J3p+czzXkwg+ZQ${1000 + n}==`, open_id: '23431434' },
    ...{ encrypt_post_tel: `$xk8Ru1Jf${1000 + n}$b3BlbnNlc2FtZQ==$1$$`, mask_post_tel: '138****5678', post_tel: '' },
    ...{ encrypt_post_receiver: '#9fZ1#c2VzYW1l#1##', mask_post_receiver: '张**' },
    ...change,
  };
}

export const orderNo = (row: object): string => String((row as { order_id: string }).order_id);

const FIRST_AFTERSALE = 7102120615012532524n;

export function relatedRow(n: number, change: object = {}): object {
  return {
    ...{ sku_order_id: FIRST_ORDER + 1_000_000_000n + BigInt(n), order_status: 5, pay_amount: 25_900, item_num: 2 },
    ...{ aftersale_pay_amount: 25_900, aftersale_item_num: 2, product_id: 3_512_345_678_901_234_567n },
    ...change,
  };
}

/** `info` changes aftersale_info, `order` order_info. */
export function aftersaleRow(n: number, info: object = {}, order: object = {}): object {
  return {
    order_info: {
      shop_order_id: FIRST_ORDER + BigInt(n),
      order_flag: 0,
      related_order_info: [relatedRow(n)],
      ...order,
    },
    aftersale_info: {
      ...{
        aftersale_id: FIRST_AFTERSALE + BigInt(n),
        aftersale_order_type: 1,
        aftersale_type: 0,
        aftersale_status: 12,
      },
      ...{
        related_id: FIRST_ORDER + 1_000_000_000n + BigInt(n),
        apply_time: ago(3000 + n),
        update_time: ago(1800 + n),
      },
      ...{ refund_amount: 26_900, refund_post_amount: 1000, refund_status: 3, aftersale_num: 2 },
      ...info,
    },
    text_part: { logistics_text: '' },
  };
}

/** A member of the shop as the platform tells it; `last_paid` stays with the simulator. */
export function memberRow(n: number, change: object = {}): object {
  return {
    ...{ open_id: `1@#Zm9vYmFy+/${1000 + n}==`, union_id: `un-${1000 + n}-Zm9v`, level: 2, point_cent: 12_350 },
    ...{ mobile: `1391000${1000 + n}`, mix_mobile: `$mx8Ru1Jf${1000 + n}$b3BlbnNlc2FtZQ==$1$$`, last_paid: ago(3600) },
    ...change,
  };
}

/** Order `n` is member `n`'s. */
export function memberOrderRow(n: number, change: object = {}): object {
  return {
    ...{ order_id: String(FIRST_ORDER + BigInt(n)), open_id: `1@#Zm9vYmFy+/${1000 + n}==`, time: ago(7100 - n) },
    ...change,
  };
}

export function messageText(tag: string, data: string, id = `7012345678901234567:${tag}:1`): string {
  return JSON.stringify([{ tag, msg_id: id, data }]);
}
