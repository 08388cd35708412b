/**
 * Showing personal values without telling them: pages, quarantine, logs, exports by default.
 * Every function takes anything (emoji, broken surrogates, megabytes) and gives a short, printable text.
 */
import { bare, LONGEST_CELL, tidy } from './text.ts';

const UNPRINTABLE = /[\p{C}\p{Z}]/gu;

/** The first `count` whole characters. A character is at most two UTF-16 units, so no surrogate pair is cut. */
function firstOf(text: string, count: number): string {
  return Array.from(text.slice(0, count * 2))
    .slice(0, count)
    .join('')
    .replace(UNPRINTABLE, '?');
}

function lastOf(text: string, count: number): string {
  return Array.from(text.slice(-count * 2))
    .slice(-count)
    .join('')
    .replace(UNPRINTABLE, '?');
}

/** Without what nobody typed; megabytes are not searched for it. */
function shown(value: string): string {
  return value.length > LONGEST_CELL ? value.trim() : bare(value);
}

/** Any value: first 2 and last 2 characters (`o7****62`); from 4 to 7 the first only; shorter ones not at all. */
export function mask(value: string): string {
  const text = shown(value);
  const length = text.length >= 16 ? text.length : Array.from(text).length;
  if (length === 0) return '';
  if (length < 4) return '****';
  return length < 8 ? `${firstOf(text, 1)}****` : `${firstOf(text, 2)}****${lastOf(text, 2)}`;
}

const NATIONAL = /^(?:\+?86|0086)?(1\d{10})$/;
const INTERNATIONAL = /^\+\d{9,15}$/;
const MASKED_ALREADY = /^[\d*]{11}$/;

/** A phone: `138****5678`, overseas `+852****4567`. Never more than 3 + 4 digits; what is no phone is shown as by `mask`. */
export function maskPhone(value: string): string {
  if (value.length > LONGEST_CELL) return mask(value);
  const text = tidy(value).replace(/[\s().-]/g, '');
  const national = NATIONAL.exec(text)?.[1];
  if (national) return `${national.slice(0, 3)}****${national.slice(-4)}`;
  if (INTERNATIONAL.test(text)) return `${text.slice(0, 4)}****${text.slice(-4)}`;
  if (MASKED_ALREADY.test(text) && text.replace(/\D/g, '').length <= 7) return text;
  return mask(text);
}

/** A name: the first character and two stars whatever its length (`张**`). */
export function maskName(value: string): string {
  const text = shown(value);
  return text === '' ? '' : `${firstOf(text, 1)}**`;
}

const SHOWN_DOMAIN = /^[a-z0-9.-]{1,64}$/i;

/** An e-mail: `a***@qq.com`. A domain with many digits may itself tell something and is not shown. */
export function maskEmail(value: string): string {
  const text = shown(value);
  const at = text.indexOf('@');
  const domain = text.slice(at + 1);
  const showable = at > 0 && SHOWN_DOMAIN.test(domain) && domain.replace(/\D/g, '').length <= 4;
  if (!showable) return mask(value);
  return at === 1 ? `***@${domain}` : `${firstOf(text, 1)}***@${domain}`;
}
