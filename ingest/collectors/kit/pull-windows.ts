/** Pulls one list of a platform by time of change: every window is counted, then read from its last page to its first. */
import { createHash } from 'node:crypto';
import type { SourceItem } from '../../record.ts';
import { type PullContext, SourceFault, type SourcePage } from '../collector.ts';
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
} from './window.ts';

/** A list that is asked for by windows of time; `read` puts the question in the platform's own words. */
export interface WindowedList {
  /** The platform's name of it, for faults. */
  readonly method: string;
  readonly itemKind: string;
  /** The row's own key, found in its text; undefined where it has none. */
  keyOf(text: string): string | undefined;
  readonly pageSize: number;
  /** The platform gives no page behind this one; pages are counted from 1. */
  readonly lastPage: number;
  readonly reach: Reach;
  read(asked: Asked): Promise<Rows>;
}

export interface Asked extends Window {
  /** Counted from 1. */
  readonly page: number;
  /** Whether the total is needed. */
  readonly counted: boolean;
}

/** Rows of one page, of the window asked for and no others. */
export interface Rows {
  readonly texts: readonly string[];
  /** Of the whole window; 0 where it was not asked for. */
  readonly total: number;
  /** There is a page behind this one, as far as the platform says so where the total was not asked for. */
  readonly more: boolean;
}

/** How often one window is begun anew because its pages do not fit together, before the pull gives up for now. */
const RECOUNTS = 3;

interface Pull {
  readonly context: PullContext<unknown>;
  readonly list: WindowedList;
  /** The present, as of the start of this pull. */
  readonly end: Date;
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

/** Everything changed from the checkpoint up to `end`. Ends between two pages when the signal aborts. */
export async function* pullWindows(
  context: PullContext<unknown>,
  { list, end }: { list: WindowedList; end: Date },
): AsyncGenerator<SourcePage> {
  const start = positionOf(context.checkpoint, list.reach);
  if (start.missed)
    context.log.warn(
      { source: context.source.id, stream: context.stream },
      'some changes are too old for the platform to give',
    );
  const pull: Pull = { context, list, end, began: start.from, done: 0, met: new Set(), recounts: 0 };
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
  let window = nextWindow(position.from, { end: pull.end, longestMs: pull.list.reach.longestMs });
  let rows = await pull.list.read({ ...window, page: 1, counted: true });
  while (rows.total > pull.list.lastPage * pull.list.pageSize) {
    window = earlierHalf(window) ?? tooDense(pull, window);
    rows = await pull.list.read({ ...window, page: 1, counted: true });
  }
  const pages = Math.ceil(rows.total / pull.list.pageSize);
  if (pages > 1) return { position: { ...position, half: { to: window.to, page: pages, total: rows.total } } };
  const next = behind(pull, window);
  // A window without rows is worth a checkpoint only where the pull ends.
  if (rows.texts.length === 0 && next !== null) return { position: next };
  return { position: next, page: pageOf(pull, { texts: rows.texts, window, next, share: 1 }) };
}

async function readPage(pull: Pull, position: Position, half: HalfRead): Promise<Step> {
  const window = { from: position.from, to: half.to };
  const rows = await pull.list.read({ ...window, page: half.page, counted: half.page === 1 });
  const pages = Math.ceil(half.total / pull.list.pageSize);
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
  const keys = rows.texts.map((text) => keyOf(pull.list, text));
  const repeated = keys.length > 0 && keys.every((key) => pull.met.has(key));
  for (const key of keys) pull.met.add(key);
  return repeated;
}

function begunAnew(pull: Pull, position: Position): Position {
  pull.recounts += 1;
  if (pull.recounts <= RECOUNTS) return { ...position, half: null };
  throw new SourceFault({
    kind: 'later',
    message: `${pull.list.method}: the pages of the window from ${platformTime(position.from)} do not fit together`,
    advice:
      "The next scheduled pull reads the window again. If it stays so, compare this machine's clock with the platform's.",
  });
}

function tooDense(pull: Pull, { from }: Window): never {
  throw new SourceFault({
    kind: 'misconfigured',
    message: `${pull.list.method}: more rows changed within the second ${platformTime(from)} than the platform gives pages of`,
    advice: 'Export the rows of that second from the shop by hand, and tell the developers of this collector.',
  });
}

/** The position behind a window; null where nothing is left before the present. */
function behind(pull: Pull, { to }: Window): Position | null {
  return to >= pull.end ? null : { from: secondAfter(to), half: null };
}

function keyOf(list: WindowedList, text: string): string {
  return list.keyOf(text) ?? digest([text]);
}

/** `share`: how much of the window is read with this page. */
function pageOf(
  pull: Pull,
  { texts, window, next, share }: { texts: readonly string[]; window: Window; next: Position | null; share: number },
): SourcePage {
  const { context, list } = pull;
  const deliveredAt = context.clock.now();
  const items = texts.map((payload, position): SourceItem => {
    return { kind: list.itemKind, key: keyOf(list, payload), payload, position, deliveredAt };
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
