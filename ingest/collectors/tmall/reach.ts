/** How far back each list of the platform goes. */
import { DAY_MS, MINUTE_MS, type Reach, wholeSecond } from '../kit/window.ts';

/** Long pulls must not fall behind the platform's horizon on their way. */
const HORIZON_MARGIN_MS = 60 * MINUTE_MS;

/** Orders and refunds: three months, of which a first pull takes `days`; a window of at most a day. */
export function recentReach(now: Date, days: number): Reach {
  const horizon = wholeSecond(now);
  horizon.setUTCMonth(horizon.getUTCMonth() - 3);
  return {
    horizon: new Date(horizon.getTime() + HORIZON_MARGIN_MS),
    first: new Date(now.getTime() - days * DAY_MS),
    longestMs: DAY_MS,
  };
}

/** Shop customers: all since the platform began; no limit to a window is known, so it is kept in bounds by its rows. */
export function wholeReach(): Reach {
  const begin = new Date('2003-05-10T00:00:00+08:00');
  return { horizon: begin, first: begin, longestMs: 90 * DAY_MS };
}
