/** What we hold, by source, kind and month: where a first load begins and ends, and where nothing came. */
import { join, p, raw, type SqlFragment, type Store, sql } from '../store/index.ts';
import type { RecordKind } from './record.ts';
import { FACT_BY_KIND } from './write/facts.ts';

export interface CoverageMonth {
  readonly source: string;
  readonly kind: RecordKind;
  /** `yyyy-MM` in the brand's zone; orders and returns by their business date. */
  readonly month: string;
  /** Live records; orders count once however many lines they have. */
  readonly records: number;
  /** True for a month without records between two that have some. */
  readonly gap: boolean;
}

interface Dated {
  readonly column: string;
  /** Distinct what is counted; absent = rows. */
  readonly of?: string;
}

/** The column that says when a fact was; kinds without one have no months. */
const DATED: Readonly<Partial<Record<RecordKind, Dated>>> = {
  order_line: { column: 'business_date', of: 'order_no' },
  refund: { column: 'business_date' },
  membership: { column: 'joined_at' },
  binding: { column: 'bound_at' },
  points_entry: { column: 'happened_at' },
  level_change: { column: 'happened_at' },
  shop_customer: { column: 'joined_at' },
  event: { column: 'happened_at' },
  consent: { column: 'happened_at' },
  coupon: { column: 'claimed_at' },
  service: { column: 'opened_at' },
  survey: { column: 'answered_at' },
  idea: { column: 'happened_at' },
};

/** Months by source and kind, oldest first. `source` '' = all. */
export async function coverage(store: Store, of: { source: string; zone: string }): Promise<CoverageMonth[]> {
  const kinds = Object.entries(DATED) as [RecordKind, Dated][];
  const months = join(
    kinds.map(([kind, dated]) => monthsOf(kind, { ...dated, ...of })),
    ' UNION ALL ',
  );
  return store.rows<CoverageMonth>(sql`
    SELECT source, kind, formatDateTime(addMonths(toDate('1970-01-01'), number), '%Y-%m') AS month,
           held[number] AS records, toBool(records = 0) AS gap
    FROM (SELECT source, kind, mapFromArrays(groupArray(month_number), groupArray(month_records)) AS held,
                 arrayJoin(range(min(month_number), max(month_number) + 1)) AS number
          FROM (${months}) GROUP BY source, kind)
    ORDER BY source, kind, number`);
}

/** source, kind, month_number (months since January 1970), month_records. */
function monthsOf(kind: RecordKind, of: Dated & { source: string; zone: string }): SqlFragment {
  const day =
    of.column === 'business_date' ? raw('business_date') : sql`toTimeZone(${raw(of.column)}, ${p('String', of.zone)})`;
  const count = raw(of.of === undefined ? 'count()' : `uniqExact(${of.of})`);
  return sql`
    SELECT toString(source) AS source, ${p('String', kind)} AS kind,
           toInt32((toYear(${day}) - 1970) * 12 + toMonth(${day}) - 1) AS month_number, ${count} AS month_records
    FROM ${raw(FACT_BY_KIND[kind].table)} FINAL
    WHERE isNotNull(${raw(of.column)}) AND ${p('String', of.source)} IN ('', source)
    GROUP BY source, month_number`;
}
