/** A list from its first page to its last: whole lists from time to time, and what changed behind cursors. */
import { createHash } from 'node:crypto';
import type { SourceItem } from '../../record.ts';
import { type Json, SourceFault, type SourcePage } from '../collector.ts';
import { isObject } from '../kit/json.ts';
import { nextWindow, secondAfter, type Window } from '../kit/window.ts';
import type { Parameters, RestContext, RestGateway, RestPage } from './gateway.ts';
import { cursorParameters, keyIn, pageParameters, reachOf, timeParameters } from './list.ts';
import type { Changed, RestList } from './settings.ts';

const HOUR_MS = 3_600_000;
/** Rows that show later than their time says are met by going back this far at each new pull. */
const OVERLAP_MS = 10 * 60_000;
const DAY_MS = 24 * HOUR_MS;

interface Forward {
  readonly context: RestContext;
  readonly list: RestList;
  readonly gateway: RestGateway;
}

/** Reads the whole list once in so many hours; what was begun is ended first. */
export async function* pullWhole(forward: Forward): AsyncGenerator<SourcePage> {
  const { checkpoint, clock, source } = forward.context;
  const now = clock.now().getTime();
  const began = numberIn(checkpoint, 'began_at');
  const next = textIn(checkpoint, 'next');
  if (began !== null && next === '' && now < began + source.settings.whole_every_hours * HOUR_MS) return;
  const goesOn = began !== null && next !== '';
  const began_at = goesOn ? began : now;
  yield* pagesFrom(forward, {
    ...{ start: goesOn ? next : '', parameters: {}, cursorAt: (at) => ({ began_at, next: at }) },
    again: goesOn,
  });
}

/** What changed, window by window, each behind a cursor. */
export async function* pullBehindCursor(forward: Forward, changed: Changed): AsyncGenerator<SourcePage> {
  const { context } = forward;
  const { checkpoint, signal, source } = context;
  const { end, first } = reachOf(context);
  const until = numberIn(checkpoint, 'until');
  const kept = numberIn(checkpoint, 'from');
  let from = kept === null ? (until === null ? first : new Date(until - OVERLAP_MS)) : new Date(kept);
  let half = halfOf(checkpoint);
  while (from <= end && !signal.aborted) {
    const window: Window = half
      ? { from, to: half.to }
      : nextWindow(from, { end, longestMs: changed.longest_days * DAY_MS });
    const times = timeParameters(changed, { from, to: secondAfter(window.to), zone: source.zone });
    const behind = window.to >= end ? { until: end.getTime() } : { from: secondAfter(window.to).getTime() };
    yield* pagesFrom(forward, {
      ...{ start: half?.next ?? '', parameters: times, again: half !== null },
      cursorAt: (at) => (at === '' ? behind : { from: window.from.getTime(), to: window.to.getTime(), next: at }),
    });
    if (window.to >= end) return;
    from = secondAfter(window.to);
    half = null;
  }
}

interface Way {
  /** The cursor or the index of the page to begin with; '' = the first. */
  readonly start: string;
  readonly parameters: Parameters;
  /** `start` is of an earlier pull: where the platform no longer knows it, the list is begun anew. */
  readonly again: boolean;
  /** The checkpoint before the page `at`; '' behind the last. */
  readonly cursorAt: (at: string) => Json;
}

async function* pagesFrom(forward: Forward, way: Way): AsyncGenerator<SourcePage> {
  const { context, list } = forward;
  let at = way.start;
  let mayBeginAnew = way.again && list.paging.by === 'cursor';
  let done = 0;
  while (!context.signal.aborted) {
    let page: RestPage;
    try {
      page = await readAt(forward, { at, parameters: way.parameters });
    } catch (thrown) {
      if (!mayBeginAnew || !(thrown instanceof SourceFault) || thrown.kind !== 'misconfigured') throw thrown;
      at = '';
      mayBeginAnew = false;
      continue;
    }
    mayBeginAnew = false;
    const next = nextOf(list, { at, page });
    done += page.rows.length;
    yield sourcePage(forward, { page, at, cursor: way.cursorAt(next), done });
    if (next === '') return;
    at = next;
  }
}

function readAt(
  { list, gateway }: Forward,
  { at, parameters }: { at: string; parameters: Parameters },
): Promise<RestPage> {
  const own = list.paging.by === 'cursor' ? cursorParameters(list, at) : pageParameters(list, Number(at || '0'));
  return gateway.read(list, { ...parameters, ...own });
}

/** Numbered pages end with their total or an empty page: a short page may be one that rows were left out of. */
function nextOf(list: RestList, { at, page }: { at: string; page: RestPage }): string {
  const { paging, name } = list;
  if (paging.by === 'cursor') {
    if (page.next === at && page.rows.length > 0 && at !== '') throw sameAgain(name);
    return page.next === at ? '' : page.next;
  }
  const index = Number(at || '0') + 1;
  const isLast = page.total === null ? page.rows.length === 0 : index * paging.size >= page.total;
  return isLast || index >= paging.deepest ? '' : String(index);
}

function sameAgain(name: string): SourceFault {
  return new SourceFault({
    kind: 'later',
    message: `${name}: a page gives its own cursor as the next one`,
    advice:
      'The next scheduled pull asks again. If it stays so, check `next` and `parameter` in `paging` of this list.',
  });
}

function sourcePage(
  { context, list }: Forward,
  of: { page: RestPage; at: string; cursor: Json; done: number },
): SourcePage {
  const deliveredAt = context.clock.now();
  const items = of.page.rows.map((payload, position): SourceItem => {
    return { kind: list.name, key: keyIn(list, payload) ?? digest([payload]), payload, position, deliveredAt };
  });
  return {
    ...{ stream: context.stream, id: digest([context.stream, of.at, ...of.page.rows]), items, cursor: of.cursor },
    progress: { done: of.done, total: of.page.total },
  };
}

function digest(texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\n');
  return hash.digest('hex').slice(0, 32);
}

function halfOf(checkpoint: Json): { to: Date; next: string } | null {
  const to = numberIn(checkpoint, 'to');
  return to === null ? null : { to: new Date(to), next: textIn(checkpoint, 'next') };
}

function numberIn(cursor: Json, key: string): number | null {
  const value = isObject(cursor) ? cursor[key] : null;
  return typeof value === 'number' ? value : null;
}

function textIn(cursor: Json, key: string): string {
  const value = isObject(cursor) ? cursor[key] : null;
  return typeof value === 'string' ? value : '';
}
