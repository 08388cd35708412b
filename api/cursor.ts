/**
 * Cursors of paged lists: base64url JSON of the last position with a check over the list, its filters and the position,
 * so that a cursor that was mistyped or belongs to another list is told, not followed. It is no secret and grants nothing.
 */
import { createHash } from 'node:crypto';
import { QuanyuError } from '../errors.ts';

/** The list and the filters a cursor belongs to, for example `{list: 'runs', source: 'pos'}`. */
export type CursorScope = { readonly list: string } & Readonly<Record<string, string | number | boolean | undefined>>;

/** The cursor that goes on after `position`; null when there is nothing after it. */
export function writeCursor(scope: CursorScope, position: unknown): string | null {
  if (position === null || position === undefined) return null;
  return Buffer.from(JSON.stringify([checkOf(scope, position), position])).toString('base64url');
}

/** The position a cursor holds; undefined without a cursor. Throws api.cursor-invalid for one of another list. */
export function readCursor<Position>(scope: CursorScope, cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined;
  const parsed = parsedCursor(cursor);
  if (Array.isArray(parsed) && parsed.length === 2 && parsed[0] === checkOf(scope, parsed[1]))
    return parsed[1] as Position;
  throw new QuanyuError(
    'api.cursor-invalid',
    `The cursor (${cursor.length} characters) was not given out by the list "${scope.list}" with these filters. ` +
      'Send next_cursor of the page before unchanged, with the same filters, or begin again without a cursor.',
  );
}

function parsedCursor(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown;
  } catch {
    return null;
  }
}

function checkOf(scope: CursorScope, position: unknown): string {
  const filters = Object.entries(scope).filter(([, value]) => value !== undefined);
  return createHash('sha256')
    .update(JSON.stringify([filters.sort(), position]))
    .digest('base64url')
    .slice(0, 12);
}
