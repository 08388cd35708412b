/** Tags that say what a profile prefers, from its purchases of the last 365 days. */
import { sql } from '../../../store/index.ts';
import { CHANNEL_WORDS } from '../../channels.ts';
import type { Tag } from '../tag.ts';
import { entries, orderEntries, YEAR_DAYS } from './purchases.ts';

export const preferredChannel: Tag = {
  id: 'preferred_channel',
  type: 'enumeration',
  title: { zh: '偏好渠道', en: 'Preferred channel' },
  sentence: {
    zh: '近365天购买订单最多的渠道；并列时取最近购买的渠道。',
    en: 'The channel with most orders in 365 days; of equals the one bought in last.',
  },
  values: CHANNEL_WORDS,
  window: YEAR_DAYS,
  sql: (run) => sql`arraySort(
      this -> (
        -toInt64(length(arrayDistinct(arrayMap(one -> one.order_index, arrayFilter(one -> one.channel = this, ${orderEntries(run, YEAR_DAYS)}))))),
        -toInt64(arrayMax(arrayMap(one -> toInt32(one.day), arrayFilter(one -> one.channel = this, ${orderEntries(run, YEAR_DAYS)})))),
        this),
      arrayDistinct(arrayMap(one -> toString(one.channel), ${orderEntries(run, YEAR_DAYS)})))[1]`,
};

export const favouriteCategory: Tag = {
  id: 'favourite_category',
  type: 'text',
  title: { zh: '偏好品类', en: 'Favourite category' },
  sentence: {
    zh: '近365天净消费最高的品类；净消费不为正的品类不算。',
    en: 'The category with the highest net amount in 365 days; only what is above zero counts.',
  },
  window: YEAR_DAYS,
  sql: (run) => {
    const net = sql`arraySum(one -> if(one.category = this, one.net_fen, 0), ${entries(run, YEAR_DAYS)})`;
    return sql`arraySort(this -> (-${net}, this),
      arrayFilter(this -> this != '' AND ${net} > 0,
        arrayDistinct(arrayMap(one -> toString(one.category), ${entries(run, YEAR_DAYS)}))))[1]`;
  },
};
