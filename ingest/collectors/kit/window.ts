/**
 * The way through a list that is asked for by time of change: windows of at most a day, each read from its last page to its
 * first. The list is ordered newest first and rows leave their place when they change, towards the first page: read
 * backwards, a moved row is met again instead of missed. Times are whole seconds;
 * a window holds both its ends.
 */
import type { Json } from '../collector.ts';
import { platformTime, readPlatformTime } from './time.ts';

export interface Window {
  readonly from: Date;
  readonly to: Date;
}

/** A window in the middle of its reading: `page` is to be read next, `total` rows were counted when it was opened. */
export interface HalfRead {
  readonly to: Date;
  readonly page: number;
  readonly total: number;
}

/** Where a stream stands: the next window begins at `from`; `half` is set when that one is half read. */
export interface Position {
  readonly from: Date;
  readonly half: HalfRead | null;
}

const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const DAY_MS = 24 * 60 * MINUTE_MS;
/** Rows that become visible later than their time of change says are met by going back this far at each new pull. */
const OVERLAP_MS = 10 * MINUTE_MS;
/** What the platform advises near the present; history goes by days. */
const SHORT_MS = 30 * MINUTE_MS;

/** How far back a list goes: what the platform still gives, where a first pull begins, and its longest window. */
export interface Reach {
  readonly horizon: Date;
  readonly first: Date;
  readonly longestMs: number;
}

/** The cursor behind a whole pull: everything changed up to `until` is read. */
export function cursorUntil(until: Date): Json {
  return { until: platformTime(until) };
}

/** The cursor between two windows or within one. */
export function cursorOf({ from, half }: Position): Json {
  const start = { from: platformTime(from) };
  return half ? { ...start, to: platformTime(half.to), page: half.page, total: half.total } : start;
}

/**
 * Where to go on from a kept cursor; null or an unreadable one begins a first pull. `missed` says that what changed right
 * behind the cursor is too old for the platform to give.
 */
export function positionOf(checkpoint: Json, { horizon, first }: Reach): Position & { readonly missed: boolean } {
  const from = timeIn(checkpoint, 'from');
  if (from && from >= horizon) return { from, half: halfIn(checkpoint), missed: false };
  const until = timeIn(checkpoint, 'until');
  const start = from ?? (until ? new Date(until.getTime() - OVERLAP_MS) : first);
  const tooOld = start < horizon;
  return { from: wholeSecond(tooOld ? horizon : start), half: null, missed: tooOld && checkpoint !== null };
}

/** The next window from `from`: long in history, half an hour within the last day, never beyond `end`. */
export function nextWindow(from: Date, { end, longestMs }: { end: Date; longestMs: number }): Window {
  const length = end.getTime() - from.getTime() > DAY_MS ? longestMs : SHORT_MS;
  return { from, to: new Date(Math.min(from.getTime() + length - SECOND_MS, end.getTime())) };
}

/** The earlier half of a window that holds too much; null when it is one second already. */
export function earlierHalf({ from, to }: Window): Window | null {
  const seconds = (to.getTime() - from.getTime()) / SECOND_MS;
  if (seconds < 1) return null;
  return { from, to: new Date(from.getTime() + Math.floor((seconds - 1) / 2) * SECOND_MS) };
}

export function secondAfter(instant: Date): Date {
  return new Date(instant.getTime() + SECOND_MS);
}

export function wholeSecond(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / SECOND_MS) * SECOND_MS);
}

function halfIn(cursor: Json): HalfRead | null {
  const to = timeIn(cursor, 'to');
  const [page, total] = [numberIn(cursor, 'page'), numberIn(cursor, 'total')];
  return to && page && total ? { to, page, total } : null;
}

function member(cursor: Json, key: string): Json | undefined {
  return typeof cursor === 'object' && cursor !== null && !Array.isArray(cursor)
    ? (cursor as { readonly [key: string]: Json })[key]
    : undefined;
}

function timeIn(cursor: Json, key: string): Date | null {
  const value = member(cursor, key);
  return typeof value === 'string' ? readPlatformTime(value) : null;
}

function numberIn(cursor: Json, key: string): number | null {
  const value = member(cursor, key);
  return typeof value === 'number' && value > 0 ? value : null;
}
