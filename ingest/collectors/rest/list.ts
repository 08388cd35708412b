/** A list in the interface's own words: which parameters ask for a page and a window, and what names a row. */
import { DateTime } from 'luxon';
import { cellsOfJson } from '../files/json-row.ts';
import { DAY_MS, wholeSecond } from '../kit/window.ts';
import type { Parameters, RestContext } from './gateway.ts';
import type { Changed, RestList } from './settings.ts';

/** The page `index`, counted from 0. */
export function pageParameters({ paging }: RestList, index: number): Parameters {
  const { by, parameter, first, size } = paging;
  return { [parameter]: by === 'offset' ? index * size : index + first, ...sizeParameters(paging) };
}

/** The page behind a cursor; the first one is asked for without it. */
export function cursorParameters({ paging }: RestList, cursor: string): Parameters {
  return { ...(cursor !== '' && { [paging.parameter]: cursor }), ...sizeParameters(paging) };
}

function sizeParameters({ size_parameter, size }: RestList['paging']): Parameters {
  return size_parameter === undefined ? {} : { [size_parameter]: size };
}

export function timeParameters(changed: Changed, of: { from: Date; to: Date; zone: string }): Parameters {
  const written = (instant: Date): string | number => {
    if (changed.format === 'seconds') return Math.floor(instant.getTime() / 1000);
    if (changed.format === 'milliseconds') return instant.getTime();
    const local = DateTime.fromJSDate(instant, { zone: of.zone });
    if (changed.format === 'datetime') return local.toFormat('yyyy-MM-dd HH:mm:ss');
    return local.toISO({ suppressMilliseconds: true }) ?? instant.toISOString();
  };
  return { [changed.from]: written(of.from), [changed.to]: written(of.to) };
}

/** The present as far as the lists show it, and where a first pull begins. */
export function reachOf({ clock, source }: RestContext): { end: Date; first: Date } {
  const { lag_seconds, history_days } = source.settings;
  const end = wholeSecond(new Date(clock.now().getTime() - lag_seconds * 1000));
  return { end, first: new Date(end.getTime() - history_days * DAY_MS) };
}

/** The row's own key; undefined where it has none. */
export function keyIn({ key }: RestList, row: string): string | undefined {
  return key === undefined ? undefined : cellsOfJson(row)?.[key];
}
