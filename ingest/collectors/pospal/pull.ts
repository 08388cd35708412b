/** Tickets by windows of a day, customers whole from time to time. */
import { createHash } from 'node:crypto';
import type { SourceItem } from '../../record.ts';
import type { Json, SourcePage } from '../collector.ts';
import { cellsOfJson } from '../files/json-row.ts';
import { isObject } from '../kit/json.ts';
import { platformTime } from '../kit/time.ts';
import { DAY_MS, wholeSecond } from '../kit/window.ts';
import { type PospalContext, type PostBack, readPage } from './gateway.ts';

const HOUR_MS = 3_600_000;
/** Tickets that arrive late are met by going back this far at each pull, and further once a day. */
const OVERLAP_MS = HOUR_MS;

interface Call {
  readonly method: string;
  readonly kind: 'customer' | 'ticket';
  readonly key: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly at: PostBack | null;
  /** The checkpoint before a page; null = behind the last. */
  readonly cursorAt: (next: PostBack | null) => Json;
}

export async function* pullCustomers(context: PospalContext): AsyncGenerator<SourcePage> {
  const { checkpoint, clock, source } = context;
  const now = clock.now().getTime();
  const began = numberIn(checkpoint, 'began_at');
  const at = postBackIn(checkpoint);
  const isDue = began === null || now >= began + source.settings.customers_every_hours * HOUR_MS;
  if (at === null && !isDue) return;
  const began_at = at === null ? now : (began ?? now);
  yield* pages(context, {
    ...{ method: 'customerOpenApi/queryCustomerPages', kind: 'customer', key: 'customerUid', parameters: {}, at },
    cursorAt: (next) => ({ began_at, next: next && { ...next } }),
  });
}

/**
 * The platform gives tickets by their own time, at most a day at once; the start of a window does not belong to it, its end
 * does. Once a day the last `recheck_days` are read again, since a ticket that was voided keeps its time.
 */
export async function* pullTickets(context: PospalContext): AsyncGenerator<SourcePage> {
  const { checkpoint, clock, signal, source } = context;
  const { history_days, lag_seconds, recheck_days } = source.settings;
  const now = clock.now().getTime();
  const end = wholeSecond(new Date(now - lag_seconds * 1000)).getTime();
  const until = numberIn(checkpoint, 'until');
  const goesOn = numberIn(checkpoint, 'from');
  const checked = numberIn(checkpoint, 'checked_at');
  const isCheck = goesOn === null && (checked === null || now >= checked + DAY_MS);
  const checked_at = isCheck ? now : (checked ?? now);
  const back = until === null ? end - history_days * DAY_MS : until - (isCheck ? recheck_days * DAY_MS : OVERLAP_MS);
  let from = goesOn ?? back;
  let to = numberIn(checkpoint, 'to') ?? Math.min(from + DAY_MS, end);
  let at = postBackIn(checkpoint);
  while (from < end && !signal.aborted) {
    const [start, stop] = [from, to];
    yield* pages(context, {
      ...{ method: 'ticketOpenApi/queryTicketPages', kind: 'ticket', key: 'sn', at },
      parameters: { startTime: platformTime(new Date(start)), endTime: platformTime(new Date(stop)) },
      cursorAt: (next) => {
        if (next !== null) return { from: start, to: stop, next: { ...next }, checked_at };
        return stop >= end ? { until: end, checked_at } : { from: stop, checked_at };
      },
    });
    from = to;
    to = Math.min(from + DAY_MS, end);
    at = null;
  }
}

async function* pages(context: PospalContext, call: Call): AsyncGenerator<SourcePage> {
  let at = call.at;
  do {
    const { rows, next } = await readPage(context, { ...call, at });
    const deliveredAt = context.clock.now();
    const items = rows.map((payload, position): SourceItem => {
      const key = cellsOfJson(payload)?.[call.key] ?? digest([payload]);
      return { kind: call.kind, key, payload, position, deliveredAt };
    });
    const id = digest([call.method, ...Object.values(call.parameters), at?.parameterValue ?? '', ...rows]);
    yield { stream: context.stream, id, items, cursor: call.cursorAt(next) };
    at = next;
  } while (at !== null && !context.signal.aborted);
}

function digest(texts: readonly string[]): string {
  return createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 32);
}

function numberIn(cursor: Json, key: string): number | null {
  const value = isObject(cursor) ? cursor[key] : null;
  return typeof value === 'number' ? value : null;
}

function postBackIn(cursor: Json): PostBack | null {
  const next = isObject(cursor) ? cursor.next : null;
  return isObject(next) ? (next as unknown as PostBack) : null;
}
