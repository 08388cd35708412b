/** Where a list by windows of time stands, in whole seconds; within a window the platform's own key says how far. */
import type { Json } from '../collector.ts';
import { isObject } from '../kit/json.ts';

/** A window that is being read (both ends belong to it), and the key of its next page ('' = its first). */
export interface Place {
  readonly from: number;
  readonly to: number;
  readonly key: string;
}

const DAY_S = 86_400;
/** Rows that become visible later than their time says are met by going back this far at each new pull. */
const OVERLAP_S = 600;

/** The first window of a pull that goes up to `end`: from the cursor, or `historyDays` back where there is none. */
export function firstPlace(checkpoint: Json, of: { end: number; historyDays: number; longest: number }): Place {
  const { from, to, key, until } = isObject(checkpoint) ? checkpoint : ({} as Readonly<Record<string, unknown>>);
  if (isSecond(from) && isSecond(to) && typeof key === 'string') return { from, to, key };
  const start = isSecond(until) ? Math.min(until - OVERLAP_S, of.end) : of.end - of.historyDays * DAY_S;
  return windowFrom(start, of);
}

/** The window behind a place; null where nothing is left up to `end`. */
export function placeBehind({ to }: Place, of: { end: number; longest: number }): Place | null {
  return to >= of.end ? null : windowFrom(to + 1, of);
}

export function cursorOf(place: Place | null, end: number): { readonly [key: string]: Json } {
  return place === null ? { until: end } : { from: place.from, to: place.to, key: place.key };
}

/** A second is kept free: the end of what is asked for lies one behind the window. */
function windowFrom(from: number, { end, longest }: { end: number; longest: number }): Place {
  return { from, to: Math.min(from + longest - 2, end), key: '' };
}

function isSecond(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}
