/** Finds single members in the text of a row without reading the row: the same names stand deeper in it as well. */
import { members } from '../kit/json.ts';

/** The text of the member that `path` leads to, through objects; undefined where there is none. Throws for no JSON object. */
function memberText(row: string, path: readonly string[]): string | undefined {
  let text = row;
  for (const name of path) {
    const found = members(text).find(({ key }) => key === name);
    if (found === undefined) return undefined;
    text = text.slice(found.start, found.end);
  }
  return text;
}

/** A whole number at `path`, bare or as text, as it was written; undefined where there is none. */
export function digitsAt(row: string, path: readonly string[]): string | undefined {
  try {
    return /^"?(\d+)"?$/.exec(memberText(row, path) ?? '')?.[1];
  } catch {
    return undefined;
  }
}
