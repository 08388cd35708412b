/** The head of a till's bill: where, when and under which number. */
import { type Mapping, refuseRow } from './mapping.ts';
import { dayAfter, instantAt, localOf, type Moment } from './moments.ts';

export interface Bill {
  /** `store/terminal/date/bill`: a till's numbers are unique only per store, terminal and day. */
  readonly orderNo: string;
  readonly store: string;
  readonly terminal: string;
  readonly billNo: string;
  /** `yyyy-MM-dd`: the till's own day. */
  readonly businessDate: string;
  /** When it was rung up. */
  readonly soldAt: Date;
}

/** Reads the head; null when the row has no number or no day and is refused for it. */
export function billOf(mapping: Mapping): Bill | null {
  const { row } = mapping;
  const billNo = row.text('bill_no');
  if (billNo === '') return refuseRow(row, 'bill_no', { code: 'sale.no-bill', expected: 'the number of the bill' });
  const times = timesOf(mapping);
  if (times === null) {
    const expected = 'the business day, or the day and time of the sale';
    return refuseRow(row, 'business_date', { code: 'sale.no-day', expected });
  }
  const store = row.text('store_code') || row.text('store_name');
  const terminal = row.text('terminal');
  return { ...times, orderNo: orderNoOf([store, terminal, times.businessDate, billNo]), store, terminal, billNo };
}

export function orderNoOf(parts: readonly [store: string, terminal: string, day: string, billNo: string]): string {
  return parts.join('/');
}

/**
 * Business day and clock, which differ after midnight. A full time wins for the clock; a bare time belongs to the
 * business day's date, or to the next where it lies before the hour at which that day ends.
 */
function timesOf({ row, rule, zone }: Mapping): Pick<Bill, 'businessDate' | 'soldAt'> | null {
  const cut = rule.business_day_cut ?? '00:00';
  const booked = localMoment(row.moment('business_date'), zone);
  const rung = localMoment(row.moment('sold_at'), zone);
  if (rung?.day) {
    const soldAt = instantAt(rung.day, rung.clock ?? '00:00', zone);
    const own = rung.clock !== null && rung.clock < cut ? dayAfter(rung.day, -1) : rung.day;
    return { businessDate: booked?.day ?? own, soldAt };
  }
  if (!booked?.day) return null;
  const clock = rung?.clock ?? booked.clock;
  const late = clock !== null && clock < cut;
  return {
    businessDate: booked.day,
    soldAt: instantAt(late ? dayAfter(booked.day, 1) : booked.day, clock ?? '00:00', zone),
  };
}

function localMoment(moment: Moment | null, zone: string): { day: string | null; clock: string | null } | null {
  return moment !== null && 'instant' in moment ? localOf(moment.instant, zone) : moment;
}
