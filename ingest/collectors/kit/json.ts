/**
 * JSON as the platform sends it: bare 64-bit numbers, so nothing here goes through a JavaScript number unharmed by more
 * than 15 digits. An answer is cut into its items' own text (what is archived is what arrived) and read only by `map`.
 */
import { parse } from 'lossless-json';

/** A part of a JSON text: from its first character to behind its last. */
interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Member extends Span {
  readonly key: string;
}

/** An answer without the member that holds its items, and the items' own texts. */
export interface Answer {
  readonly head: Readonly<Record<string, unknown>>;
  readonly items: readonly string[];
}

/** Integers that are exact stay numbers; longer ones, decimals and exponents stay text as they were written. */
function readNumber(text: string): number | string {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}

/** Reads JSON without losing a digit. Throws for what is no JSON. */
export function readJson(text: string): unknown {
  return parse(text, null, readNumber);
}

/** As `readJson`; undefined for what is no JSON, whatever the bytes (also nesting deeper than the stack). */
export function tryJson(text: string): unknown {
  try {
    return readJson(text);
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A number or a text as text, '' for anything else. (`String` throws for some objects that JSON can hold.) */
export function plainText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Cuts an answer: the elements of the list `name` (or the one object there) as text, the rest read. Throws for no JSON. */
export function cutAnswer(text: string, name: string): Answer {
  const member = members(text).find(({ key }) => key === name);
  const rest = member ? `${text.slice(0, member.start)}null${text.slice(member.end)}` : text;
  const head = readJson(rest);
  if (!isObject(head)) throw new SyntaxError('the answer is no JSON object');
  if (!member) return { head, items: [] };
  const spans = text[member.start] === '[' ? elements(text, member) : text[member.start] === '{' ? [member] : [];
  return { head, items: spans.map(({ start, end }) => text.slice(start, end)) };
}

/** The members of the object that `text` holds, values not read. Throws SyntaxError where brackets or quotes do not close. */
export function members(text: string): Member[] {
  const found: Member[] = [];
  let at = skipSpace(text, expect(text, skipSpace(text, 0), '{'));
  if (text[at] === '}') return found;
  for (;;) {
    const keyEnd = skipString(text, at);
    const start = skipSpace(text, expect(text, skipSpace(text, keyEnd), ':'));
    const end = skipValue(text, start);
    found.push({ key: text.slice(at + 1, keyEnd - 1), start, end });
    at = skipSpace(text, end);
    if (text[at] === '}') return found;
    at = skipSpace(text, expect(text, at, ','));
  }
}

function elements(text: string, list: Span): Span[] {
  const found: Span[] = [];
  let at = skipSpace(text, list.start + 1);
  if (text[at] === ']') return found;
  for (;;) {
    const end = skipValue(text, at);
    found.push({ start: at, end });
    at = skipSpace(text, end);
    if (text[at] === ']') return found;
    at = skipSpace(text, expect(text, at, ','));
  }
}

function expect(text: string, at: number, character: string): number {
  if (text[at] !== character) throw new SyntaxError(`expected ${character} at character ${at}`);
  return at + 1;
}

const SPACES = new Set([' ', '\n', '\r', '\t']);

function skipSpace(text: string, at: number): number {
  while (SPACES.has(text[at] ?? '')) at += 1;
  return at;
}

function skipString(text: string, at: number): number {
  let end = expect(text, at, '"');
  for (;;) {
    end = text.indexOf('"', end) + 1;
    if (end === 0) throw new SyntaxError('a string does not end');
    let slashes = 0;
    while (text[end - 2 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return end;
  }
}

const [QUOTE, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = ['"', '{', '}', '[', ']'].map((one) => one.charCodeAt(0));
const AFTER_PRIMITIVE = /[\s,\]}]/g;

function skipValue(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === QUOTE) return skipString(text, start);
  if (first !== OPEN && first !== OPEN_LIST) return skipPrimitive(text, start);
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = skipString(text, at) - 1;
    else if (code === OPEN || code === OPEN_LIST) depth += 1;
    else if (code === CLOSE || code === CLOSE_LIST) depth -= 1;
    if (depth === 0) return at + 1;
  }
  throw new SyntaxError('a bracket does not close');
}

function skipPrimitive(text: string, start: number): number {
  AFTER_PRIMITIVE.lastIndex = start;
  const end = AFTER_PRIMITIVE.exec(text)?.index ?? text.length;
  if (end === start) throw new SyntaxError(`expected a value at character ${start}`);
  return end;
}
