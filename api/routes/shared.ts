/** Schemas that several resources share, and the pages that lists are answered in. */
import { type TSchema, Type } from 'typebox';
import type { AuditNote } from '../../privacy/index.ts';
import { type CursorScope, readCursor, writeCursor } from '../cursor.ts';
import type { Caller } from '../roles.ts';
import { closed } from '../route.ts';

/** The store's text of an instant; answers send it as RFC 3339 (http/json.ts). */
export const Instant = Type.String({ format: 'date-time' });
export const Day = Type.String({ format: 'date', description: 'A business day in the brand’s zone.' });
export const Id = Type.String({ minLength: 1, maxLength: 100, pattern: '^[\\w.:-]+$' });
export const ById = closed({ id: Id });
export const ProfileId = Type.String({
  pattern: '^p_[0-9a-f]{32}$',
  description: 'A profile id: `p_` and 32 hex digits.',
});
export const Purpose = Type.String({
  minLength: 4,
  maxLength: 200,
  description: 'What the data is for, in words; kept in the audit log. No personal values.',
});
export const Cursor = Type.Optional(
  Type.String({
    maxLength: 2000,
    description: '`next_cursor` of the page before, unchanged and with the same filters.',
  }),
);

export function limit(most: number, usual: number) {
  return Type.Integer({ minimum: 1, maximum: most, default: usual, description: 'Most items on a page.' });
}

export function page<Item extends TSchema>(item: Item) {
  return closed({
    items: Type.Array(item),
    next_cursor: Type.Union([Type.String(), Type.Null()], { description: 'null on the last page.' }),
  });
}

/** What is asked of a list: items after `after`, one more than the page holds, so that it is known whether one follows. */
export interface PageOf<Position> {
  readonly after: Position | undefined;
  readonly limit: number;
}

/** Answers a page: reads one item more than asked for, and a cursor only when there is one. */
export async function paged<Item, Position>(
  scope: CursorScope,
  asked: { readonly cursor?: string; readonly limit: number },
  read: {
    readonly items: (page: PageOf<Position>) => Promise<readonly Item[]>;
    readonly positionOf: (item: Item) => Position;
  },
): Promise<{ items: Item[]; next_cursor: string | null }> {
  const after = readCursor<Position>(scope, asked.cursor);
  const found = await read.items({ after, limit: asked.limit + 1 });
  const items = found.slice(0, asked.limit);
  const last = items.at(-1);
  const more = found.length > asked.limit && last !== undefined;
  return { items, next_cursor: more ? writeCursor(scope, read.positionOf(last)) : null };
}

export const Run = closed(
  {
    run_id: Type.String(),
    kind: Type.String({ description: 'collect, replay, rebuild, refresh, audience, export, forget …' }),
    source: Type.String({ description: 'The source, where the run is about one.' }),
    status: Type.Enum(['running', 'done', 'failed', 'stopped']),
    started_at: Instant,
    finished_at: Type.Union([Instant, Type.Null()]),
    counts: Type.Record(Type.String(), Type.Number(), {
      description: 'Counts in and out; while it runs also done, total, rate (per second) and left_seconds where known.',
    }),
    fault: Type.String(),
    advice: Type.String({ description: 'What to do about the fault.' }),
  },
  { $id: 'Run' },
);

/** An audit row about what a request does. */
export function noteOf(
  { caller, requestId }: { readonly caller: Caller; readonly requestId: string },
  what: Pick<AuditNote, 'action' | 'object' | 'purpose' | 'count'>,
): AuditNote {
  return { ...what, actor: caller.key, role: caller.role, request_id: requestId };
}
