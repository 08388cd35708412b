/**
 * RFM in eight groups: recency, frequency and monetary value over 365 days, each split high or low at the mean of the
 * profiles that bought in that time (the customary default). The means are measured once a run and stated with it.
 */
import { sql } from '../../../store/index.ts';
import type { ParameterSet, Tag } from '../tag.ts';
import { countOrders, lastDay, sumNet, YEAR_DAYS } from './purchases.ts';

export const rfmThresholds: ParameterSet = {
  defaults: { rfm_recency_days: 90, rfm_frequency: 2, rfm_monetary_fen: 20000 },
  enough: 1,
  measure: (run) => sql`
    SELECT count() AS cases, sum(recency) / cases AS rfm_recency_days, sum(frequency) / cases AS rfm_frequency,
      sum(monetary) / cases AS rfm_monetary_fen
    FROM (SELECT dateDiff('day', assumeNotNull(${lastDay(run, YEAR_DAYS)}), ${run.today}) AS recency,
            ${countOrders(run, YEAR_DAYS)} AS frequency, ${sumNet(run, YEAR_DAYS)} AS monetary
          FROM staged_purchases)
    WHERE frequency > 0`,
};

export const rfmGroup: Tag = {
  id: 'rfm_group',
  type: 'enumeration',
  title: { zh: 'RFM 分组', en: 'RFM group' },
  sentence: {
    zh: '近365天有购买的消费者按最近购买（R）、购买次数（F）、净消费（M）分为八组；每项以当次计算中全部购买者的均值为界，达到均值为高（R 不超过均值为近）。',
    en: 'Who bought in 365 days, in eight groups by recency, frequency and net amount; each is split at the mean over all buyers of that run (at the mean counts as high; recency up to the mean as near).',
  },
  values: {
    important_value: { zh: '重要价值', en: 'important, of value (near, frequent, high)' },
    important_keep: { zh: '重要保持', en: 'important, to keep (far, frequent, high)' },
    important_develop: { zh: '重要发展', en: 'important, to develop (near, rare, high)' },
    important_win_back: { zh: '重要挽留', en: 'important, to win back (far, rare, high)' },
    general_value: { zh: '一般价值', en: 'general, of value (near, frequent, low)' },
    general_keep: { zh: '一般保持', en: 'general, to keep (far, frequent, low)' },
    general_develop: { zh: '一般发展', en: 'general, to develop (near, rare, low)' },
    general_win_back: { zh: '一般挽留', en: 'general, to win back (far, rare, low)' },
  },
  window: YEAR_DAYS,
  sql: ({ today, parameter }) => {
    const near = sql`dateDiff('day', assumeNotNull(last_purchase), ${today}) <= ${parameter('rfm_recency_days')}`;
    const frequent = sql`purchase_count_365d >= ${parameter('rfm_frequency')}`;
    const high = sql`net_amount_365d_fen >= ${parameter('rfm_monetary_fen')}`;
    return sql`if(purchase_count_365d = 0, '', concat(
      if(${high}, 'important_', 'general_'),
      multiIf(${near} AND ${frequent}, 'value', ${frequent}, 'keep', ${near}, 'develop', 'win_back')))`;
  },
};
