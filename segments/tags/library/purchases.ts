/** Tags over purchases, and the expressions over a profile's `purchases` that other tags share. */
import { p, type SqlFragment, sql } from '../../../store/index.ts';
import type { Tag, TagRun } from '../tag.ts';

export const YEAR_DAYS = 365;

type Run = Pick<TagRun, 'today'>;

/** A profile's purchase entries up to today: of the last `days` days (today counts), or all. */
export function entries({ today }: Run, days: number | null): SqlFragment {
  const from = days === null ? sql`1` : sql`one.day > ${today} - ${p('UInt16', days)}`;
  return sql`arrayFilter(one -> one.day <= ${today} AND ${from}, purchases)`;
}

/** The same without returns that name no sale: what orders there were. */
export function orderEntries({ today }: Run, days: number | null): SqlFragment {
  return sql`arrayFilter(one -> one.order_index > 0, ${entries({ today }, days)})`;
}

export function countOrders(run: Run, days: number | null): SqlFragment {
  return sql`toUInt32(length(arrayDistinct(arrayMap(one -> one.order_index, ${orderEntries(run, days)}))))`;
}

export function sumNet(run: Run, days: number | null): SqlFragment {
  return sql`arraySum(one -> one.net_fen, ${entries(run, days)})`;
}

/** Nullable(Date32): the day of the last purchase. */
export function lastDay(run: Run, days: number | null): SqlFragment {
  const days_bought = sql`arrayMap(one -> one.day, ${orderEntries(run, days)})`;
  return sql`if(empty(${days_bought}), NULL, arrayMax(${days_bought}))`;
}

const PURCHASE = {
  zh: '已付全款、未因未付款关闭的商品订单（含之后退款的订单；不含员工、批发、测试、换货、冲红、赠品、邮费、储值）',
  en: 'a fully paid order of goods, later refunds included; no staff, wholesale, test, exchange, reversed, gift, postage or top-up',
};
const NET = {
  zh: '商品实付减去成功退款，按订单日期；找不到原单的退货按退货日期扣减',
  en: 'paid for goods less successful refunds, by order date; a return without a known sale is taken off on its own date',
};

export const firstPurchase: Tag = {
  id: 'first_purchase',
  type: 'date',
  title: { zh: '首次购买日', en: 'First purchase' },
  sentence: {
    zh: `所有渠道中第一次购买的业务日。购买：${PURCHASE.zh}。`,
    en: `Business day of the first purchase over all channels. A purchase is ${PURCHASE.en}.`,
  },
  window: null,
  sql: (run) => {
    const days = sql`arrayMap(one -> one.day, ${orderEntries(run, null)})`;
    return sql`if(empty(${days}), NULL, arrayMin(${days}))`;
  },
};

export const lastPurchase: Tag = {
  id: 'last_purchase',
  type: 'date',
  title: { zh: '最近购买日', en: 'Last purchase' },
  sentence: {
    zh: `所有渠道中最近一次购买的业务日。购买：${PURCHASE.zh}。`,
    en: `Business day of the last purchase over all channels. A purchase is ${PURCHASE.en}.`,
  },
  window: null,
  sql: (run) => lastDay(run, null),
};

export const purchaseCount: Tag = {
  id: 'purchase_count',
  type: 'number',
  title: { zh: '累计购买次数', en: 'Purchases, all time' },
  sentence: {
    zh: `所有渠道的购买订单数，同一平台单号只算一次。购买：${PURCHASE.zh}。`,
    en: `Orders over all channels, one platform number counted once. A purchase is ${PURCHASE.en}.`,
  },
  window: null,
  sql: (run) => countOrders(run, null),
};

export const purchaseCount365d: Tag = {
  id: 'purchase_count_365d',
  type: 'number',
  title: { zh: '近365天购买次数', en: 'Purchases, 365 days' },
  sentence: {
    zh: `近365天（含今天）所有渠道的购买订单数。购买：${PURCHASE.zh}。`,
    en: `Orders over all channels in 365 days, today included. A purchase is ${PURCHASE.en}.`,
  },
  window: YEAR_DAYS,
  sql: (run) => countOrders(run, YEAR_DAYS),
};

export const netAmount: Tag = {
  id: 'net_amount_fen',
  type: 'money',
  title: { zh: '累计净消费', en: 'Net amount, all time' },
  sentence: { zh: `所有渠道累计净消费（分）：${NET.zh}。`, en: `In fen over all channels: ${NET.en}.` },
  window: null,
  sql: (run) => sumNet(run, null),
};

export const netAmount365d: Tag = {
  id: 'net_amount_365d_fen',
  type: 'money',
  title: { zh: '近365天净消费', en: 'Net amount, 365 days' },
  sentence: {
    zh: `近365天（含今天）所有渠道净消费（分）：${NET.zh}。`,
    en: `In fen over all channels in 365 days, today included: ${NET.en}.`,
  },
  window: YEAR_DAYS,
  sql: (run) => sumNet(run, YEAR_DAYS),
};
