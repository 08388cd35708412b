/** A day's closing: how many bills and how much the till says there were, returns apart. */
import type { SourceRecord, StatementFields } from '../../record.ts';
import { type Mapping, recordOf, refuseRow } from './mapping.ts';
import { localOf } from './moments.ts';

const MOST_BILLS = 1_000_000;

export function mapStatement(mapping: Mapping): SourceRecord[] | null {
  const { row, zone } = mapping;
  const moment = row.moment('business_date');
  const day = moment === null ? null : 'instant' in moment ? localOf(moment.instant, zone).day : moment.day;
  if (day === null)
    return refuseRow(row, 'business_date', { code: 'statement.no-day', expected: 'the business day it speaks of' });
  const store_code = row.text('store_code');
  const fen = (column: 'turnover' | 'paid' | 'refunded') => {
    const amount = row.fen(column);
    return amount === null ? null : Math.abs(amount);
  };
  const sold = { stated_count: countOf(mapping, 'bill_count'), stated_fen: fen('turnover') ?? fen('paid') };
  const returned = { stated_count: countOf(mapping, 'refund_count'), stated_fen: fen('refunded') };
  const record = (fact_kind: StatementFields['fact_kind'], stated: typeof sold): SourceRecord[] =>
    stated.stated_count === null && stated.stated_fen === null
      ? []
      : [
          recordOf(mapping, {
            kind: 'statement',
            head: { key: `${fact_kind}/${day}/${store_code}` },
            fields: { fact_kind, day, store_code, ...stated },
          }),
        ];
  return [...record('order', sold), ...record('refund', returned)];
}

function countOf({ row }: Mapping, column: 'bill_count' | 'refund_count'): number | null {
  const count = row.whole(column, -MOST_BILLS);
  return count === null ? null : Math.abs(count);
}
