/**
 * Lifecycle stage by the days since the last purchase, in steps of the brand's own rhythm: the 50th, 80th and 95th
 * percentile of the days between two purchase days of one profile, over all profiles. Measured once a run and stated.
 */
import { sql } from '../../../store/index.ts';
import type { ParameterSet, Tag } from '../tag.ts';
import { orderEntries } from './purchases.ts';

export const lifecycleDays: ParameterSet = {
  defaults: { lifecycle_active_days: 30, lifecycle_sleeping_days: 90, lifecycle_lost_days: 180 },
  enough: 100,
  measure: (run) => sql`
    SELECT sum(times) AS cases, quantilesExactWeighted(0.5, 0.8, 0.95)(days, times) AS percentiles,
      percentiles[1] AS lifecycle_active_days, percentiles[2] AS lifecycle_sleeping_days,
      percentiles[3] AS lifecycle_lost_days
    FROM (SELECT arrayJoin(arrayPopFront(arrayDifference(
              arraySort(arrayDistinct(arrayMap(one -> toInt32(one.day), ${orderEntries(run, null)})))))) AS days,
            count() AS times
          FROM staged_purchases GROUP BY days)`,
};

export const lifecycleStage: Tag = {
  id: 'lifecycle_stage',
  type: 'enumeration',
  title: { zh: '生命周期阶段', en: 'Lifecycle stage' },
  sentence: {
    zh: '按距最近购买的天数与本品牌购买间隔的 P50、P80、P95 比较；间隔不足 100 个时用 30、90、180 天。未购买为潜客，P50 内只买过一次为新客。',
    en: "Days since the last purchase against the P50, P80 and P95 of this brand's purchase intervals (30, 90, 180 days while there are fewer than 100 of them). Never bought: prospect; bought once, within P50: new.",
  },
  values: {
    prospect: { zh: '潜客', en: 'prospect: never bought' },
    new: { zh: '新客', en: 'new: one purchase, within P50' },
    active: { zh: '活跃', en: 'active: within P50' },
    cooling: { zh: '趋冷', en: 'cooling: between P50 and P80' },
    sleeping: { zh: '沉睡', en: 'sleeping: between P80 and P95' },
    lost: { zh: '流失', en: 'lost: beyond P95' },
  },
  window: null,
  sql: ({ today, parameter }) => {
    const silent = sql`dateDiff('day', assumeNotNull(last_purchase), ${today})`;
    return sql`multiIf(
      isNull(last_purchase), 'prospect',
      ${silent} > ${parameter('lifecycle_lost_days')}, 'lost',
      ${silent} > ${parameter('lifecycle_sleeping_days')}, 'sleeping',
      ${silent} > ${parameter('lifecycle_active_days')}, 'cooling',
      purchase_count = 1, 'new',
      'active')`;
  },
};
