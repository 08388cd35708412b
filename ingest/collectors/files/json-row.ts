/** One line of NDJSON as cells. */
import { isLosslessNumber, parse } from 'lossless-json';

/** Values as text; numbers as they are written, so that 64-bit ids stay whole; null for a line that is no JSON object. */
export function cellsOfJson(line: string): Record<string, string> | null {
  let value: unknown;
  try {
    value = parse(line);
  } catch {
    return null;
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
  const cells: Record<string, string> = {};
  for (const [name, one] of Object.entries(value)) {
    const text = textOf(one);
    if (text !== '') cells[name] = text;
  }
  return cells;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || isLosslessNumber(value)) return String(value);
  return JSON.stringify(value, (_, inner: unknown) => (isLosslessNumber(inner) ? inner.toString() : inner));
}
