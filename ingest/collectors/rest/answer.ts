/** An answer by JSON pointers: its rows as the text they came as, and single values. */
import { cutAnswer, isObject, members, plainText, readJson } from '../kit/json.ts';

const partsOf = (pointer: string): string[] => pointer.split('/').slice(1);

/** The rows; undefined where no list stands. `null` is a list without rows. Throws SyntaxError for what is no JSON. */
export function rowsAt(text: string, pointer: string): readonly string[] | undefined {
  let value = text.trim();
  for (const name of partsOf(pointer)) {
    const member = value.startsWith('{') ? members(value).find(({ key }) => key === name) : undefined;
    if (member === undefined) return undefined;
    value = value.slice(member.start, member.end);
  }
  if (value === 'null') return [];
  return value.startsWith('[') ? cutAnswer(`{"rows":${value}}`, 'rows').items : undefined;
}

/** The number or text that a pointer leads to; '' where there is none. */
export function valueAt(answer: unknown, pointer: string): string {
  let value = answer;
  for (const name of partsOf(pointer)) value = isObject(value) ? value[name] : undefined;
  return plainText(value);
}

/** Throws SyntaxError for what is no JSON. */
export const parsed = (text: string): unknown => readJson(text);
