/**
 * When a message happened. A device's clock may be wrong, so its time is shifted by what `sentAt` says of that clock:
 * timestamp = receivedAt − (sentAt − originalTimestamp), as Segment's spec has it.
 */
import { DateTime } from 'luxon';
import type { Rejection } from '../../record.ts';
import { shown } from '../kit/validate.ts';

export interface MomentGiven {
  readonly timestamp: unknown;
  readonly sentAt: unknown;
  readonly receivedAt: Date;
}

const OLDEST = Date.UTC(2000, 0, 1);
/** Programs that give no sentAt may be ahead by this much without a word. */
const AHEAD_MS = 60_000;

/** Late events keep their time. Where it cannot be right (unreadable, to come, before 2000) the receipt counts, with a word. */
export function momentOf({ timestamp, sentAt, receivedAt }: MomentGiven): { at: Date; rejections: Rejection[] } {
  if (timestamp === undefined || timestamp === null || timestamp === '') return { at: receivedAt, rejections: [] };
  const given = instantOf(timestamp);
  if (given === null) return refused(timestamp, receivedAt, 'an ISO 8601 time such as 2026-01-15T12:00:00.000Z');
  const sent = instantOf(sentAt);
  const at = given + (sent === null ? 0 : receivedAt.getTime() - sent);
  if (at > receivedAt.getTime() + AHEAD_MS) return refused(timestamp, receivedAt, 'a time that has been');
  if (at < OLDEST) return refused(timestamp, receivedAt, 'a time since 2000');
  return { at: new Date(Math.min(at, receivedAt.getTime())), rejections: [] };
}

function refused(given: unknown, receivedAt: Date, expected: string): { at: Date; rejections: Rejection[] } {
  const path = '/message/timestamp';
  const rejection = { path, given: shown(given), expected, code: 'time.not-valid', wholeItem: false };
  return { at: receivedAt, rejections: [rejection] };
}

const USUAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;
const LONGEST = 64;

/** What the tables can hold. */
const [FIRST, LAST] = [Date.UTC(1900, 0, 1), Date.UTC(2299, 0, 1)];

/** Milliseconds since 1970; a time without an offset is UTC's. null for what is no time, or none that can be kept. */
export function instantOf(given: unknown): number | null {
  if (typeof given !== 'string' || given.length > LONGEST) return null;
  const ms = USUAL.test(given) ? Date.parse(given) : DateTime.fromISO(given, { zone: 'utc' }).toMillis();
  return ms >= FIRST && ms <= LAST ? ms : null;
}
