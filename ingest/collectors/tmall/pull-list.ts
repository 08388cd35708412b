/** Pulls one list of the gateway by time of change: every window is counted, then read from its last page to its first. */
import { createHash } from 'node:crypto';
import type { SourceItem } from '../../record.ts';
import { type PullContext, SourceFault, type SourcePage } from '../collector.ts';
import type { Gateway } from './gateway.ts';
import type { TmallSettings } from './settings.ts';
import { platformTime } from './time.ts';
import {
  cursorOf,
  cursorUntil,
  earlierHalf,
  type HalfRead,
  nextWindow,
  type Position,
  positionOf,
  type Reach,
  secondAfter,
  type Window,
  wholeSecond,
} from './window.ts';

/** A list API, in its own words for the same things. */
export interface ListApi {
  readonly method: string;
  /** The answer's member that holds the rows. */
  readonly rows: string;
  readonly itemKind: string;
  /** Finds the row's own key in its text. */
  readonly key: RegExp;
  readonly names: { readonly from: string; readonly to: string; readonly page: string; readonly total: string };
  readonly params: Readonly<Record<string, string>>;
  /** Finds the row's time of change in its text; null where rows do not tell it. */
  readonly changed: RegExp | null;
  /** The platform gives no page behind this one. */
  readonly lastPage: number;
  readonly reach: (now: Date, historyDays: number) => Reach;
  /** Whether it can leave the total out and say only if there is more, which is faster for the platform. */
  readonly hasNext: boolean;
}

const PAGE_SIZE = 100;
/** How often one window is begun anew because its pages do not fit together, before the pull gives up for now. */
const RECOUNTS = 3;

interface Pull {
  readonly context: PullContext<TmallSettings>;
  readonly gateway: Gateway;
  readonly api: ListApi;
  /** The present, as of the start of this pull. */
  readonly end: Date;
  readonly longestMs: number;
  readonly began: Date;
  /** Items given so far. */
  done: number;
  /** Keys met in the window that is being read. */
  readonly met: Set<string>;
  recounts: number;
}

/** One step on the way: what was read, if anything, and where it led; null = caught up with the present. */
interface Step {
  readonly position: Position | null;
  readonly page?: SourcePage;
}

/** Everything changed from the checkpoint to the present. Ends between two pages when the signal aborts. */
export async function* pullList(
  context: PullContext<TmallSettings>,
  { gateway, api }: { gateway: Gateway; api: ListApi },
): AsyncGenerator<SourcePage> {
  const end = wholeSecond(context.clock.now());
  const reach = api.reach(end, context.source.settings.history_days);
  const start = positionOf(context.checkpoint, reach);
  if (start.missed)
    context.log.warn(
      { source: context.source.id, stream: context.stream },
      'some changes are too old for the platform to give',
    );
  const pull: Pull = {
    context,
    gateway,
    api,
    end,
    longestMs: reach.longestMs,
    began: start.from,
    done: 0,
    met: new Set(),
    recounts: 0,
  };
  let position: Position | null = start;
  while (position !== null && position.from <= end && !context.signal.aborted) {
    const step: Step = position.half ? await readPage(pull, position, position.half) : await openWindow(pull, position);
    if (step.page) yield step.page;
    position = step.position;
  }
}

/** Counts the next window, narrowed until the platform can page through it; what fits on one page is read with it. */
async function openWindow(pull: Pull, position: Position): Promise<Step> {
  pull.met.clear();
  let window = nextWindow(position.from, pull);
  let rows = await readRows(pull, { ...window, page: 1, counted: true });
  while (rows.total > pull.api.lastPage * PAGE_SIZE) {
    window = earlierHalf(window) ?? tooDense(pull, window);
    rows = await readRows(pull, { ...window, page: 1, counted: true });
  }
  const pages = Math.ceil(rows.total / PAGE_SIZE);
  if (pages > 1) return { position: { ...position, half: { to: window.to, page: pages, total: rows.total } } };
  const next = behind(pull, window);
  // A window without rows is worth a checkpoint only where the pull ends.
  if (rows.texts.length === 0 && next !== null) return { position: next };
  return { position: next, page: pageOf(pull, { texts: rows.texts, window, next, share: 1 }) };
}

async function readPage(pull: Pull, position: Position, half: HalfRead): Promise<Step> {
  const window = { from: position.from, to: half.to };
  const rows = await readRows(pull, { ...window, page: half.page, counted: half.page === 1 });
  const pages = Math.ceil(half.total / PAGE_SIZE);
  const page = { texts: rows.texts, window, share: (pages - half.page + 1) / pages };
  if (doesNotFit(pull, rows, { half, last: half.page === pages })) return { position: begunAnew(pull, position) };
  if (half.page > 1) {
    const next = { ...position, half: { ...half, page: half.page - 1 } };
    return { position: next, page: pageOf(pull, { ...page, next }) };
  }
  pull.recounts = 0;
  const next = behind(pull, window);
  return { position: next, page: pageOf(pull, { ...page, next }) };
}

/**
 * Rows only ever leave a window that has passed. More rows than were counted, more pages, or a page met before mean that
 * rows entered it (a clock ahead of the platform's) or that the platform gave another page than was asked for.
 */
function doesNotFit(pull: Pull, rows: Rows, { half, last }: { half: HalfRead; last: boolean }): boolean {
  if (rows.total > half.total || (last && rows.more)) return true;
  const keys = rows.texts.map((text) => keyOf(pull.api, text));
  const repeated = keys.length > 0 && keys.every((key) => pull.met.has(key));
  for (const key of keys) pull.met.add(key);
  return repeated;
}

function begunAnew(pull: Pull, position: Position): Position {
  pull.recounts += 1;
  if (pull.recounts <= RECOUNTS) return { ...position, half: null };
  throw new SourceFault({
    kind: 'later',
    message: `${pull.api.method}: the pages of the window from ${platformTime(position.from)} do not fit together`,
    advice:
      "The next scheduled pull reads the window again. If it stays so, compare this machine's clock with the platform's.",
  });
}

function tooDense(pull: Pull, { from }: Window): never {
  throw new SourceFault({
    kind: 'misconfigured',
    message: `${pull.api.method}: more rows changed within the second ${platformTime(from)} than the platform gives pages of`,
    advice: 'Export the rows of that second from the shop by hand, and tell the developers of this collector.',
  });
}

/** The position behind a window; null where nothing is left before the present. */
function behind(pull: Pull, { to }: Window): Position | null {
  return to >= pull.end ? null : { from: secondAfter(to), half: null };
}

interface Rows {
  readonly texts: readonly string[];
  /** 0 where it was not asked for. */
  readonly total: number;
  readonly more: boolean;
}

/**
 * One page. The platform does not say whether the end of a window belongs to it, and wants it behind the start: a second
 * more is asked for, and rows of that second are left to the next window.
 */
async function readRows(
  pull: Pull,
  asked: Window & { readonly page: number; readonly counted: boolean },
): Promise<Rows> {
  const { names, hasNext, ...api } = pull.api;
  const counted = asked.counted || !hasNext;
  const answer = await pull.gateway.call({
    method: api.method,
    items: api.rows,
    isWhole: (head) => (counted ? Number.isSafeInteger(head[names.total]) : typeof head.has_next === 'boolean'),
    params: {
      ...api.params,
      [names.from]: platformTime(asked.from),
      [names.to]: platformTime(secondAfter(asked.to)),
      [names.page]: String(asked.page),
      page_size: String(PAGE_SIZE),
      ...(hasNext ? { use_has_next: String(!counted) } : {}),
    },
  });
  const nextSecond = platformTime(secondAfter(asked.to));
  const texts = answer.items.filter((text) => pull.api.changed?.exec(text)?.[1] !== nextSecond);
  return {
    texts,
    total: counted ? Number(answer.head[names.total]) : 0,
    more: answer.head.has_next === true,
  };
}

function keyOf(api: ListApi, text: string): string {
  return api.key.exec(text)?.[1] ?? digest([text]);
}

/** `share`: how much of the window is read with this page. */
function pageOf(
  pull: Pull,
  { texts, window, next, share }: { texts: readonly string[]; window: Window; next: Position | null; share: number },
): SourcePage {
  const { context, api } = pull;
  const deliveredAt = context.clock.now();
  const items = texts.map((payload, position): SourceItem => {
    return { kind: api.itemKind, key: keyOf(api, payload), payload, position, deliveredAt };
  });
  pull.done += items.length;
  const read = window.from.getTime() + share * (window.to.getTime() - window.from.getTime()) - pull.began.getTime();
  const all = pull.end.getTime() - pull.began.getTime();
  return {
    stream: context.stream,
    id: digest([context.stream, platformTime(window.from), platformTime(window.to), ...texts]),
    items,
    cursor: next ? cursorOf(next) : cursorUntil(pull.end),
    progress: {
      done: pull.done,
      total: next === null ? pull.done : read > 0 ? Math.round((pull.done * all) / read) : null,
    },
  };
}

function digest(texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\n');
  return hash.digest('hex').slice(0, 32);
}
