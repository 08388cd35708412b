/** Lists that give ids by windows of time, and what is behind each id: one page of ids becomes one page of items. */
import { createHash } from 'node:crypto';
import type { SourceItem } from '../../record.ts';
import type { Json, PullContext, SourcePage } from '../collector.ts';
import { isObject, tryJson } from '../kit/json.ts';
import { severalAtOnce } from '../kit/several-at-once.ts';
import type { TokenGateway } from '../tencent/token-gateway.ts';
import { errcodes } from './errcode.ts';
import { firstPlace, type Place, placeBehind } from './places.ts';
import type { WeixinShopSettings } from './settings.ts';

export interface IdList {
  readonly itemKind: string;
  readonly path: string;
  /** Members of the request for a window; its end may or may not belong to it, so one second more is asked for. */
  readonly ask: (window: { readonly from: number; readonly to: number }) => Readonly<Record<string, unknown>>;
  /** The answer's member that holds the ids. */
  readonly ids: string;
  /** Longest window, in seconds. */
  readonly longest: number;
  readonly detail: {
    readonly path: string;
    readonly idField: string;
    readonly member: string;
    readonly more: (settings: WeixinShopSettings) => Readonly<Record<string, unknown>>;
  };
  /** The item's member with the second that the windows go by. */
  readonly second: string;
}

/** Each object is a call of its own; the platform counts calls by the minute. */
const CALLS_AT_ONCE = 4;

type Read = Pick<SourceItem, 'key' | 'payload'>;

interface IdPull {
  readonly context: PullContext<WeixinShopSettings>;
  readonly gateway: TokenGateway;
  readonly list: IdList;
}

export interface PageOfIds {
  readonly read: readonly Read[];
  /** What is to be read next; null = caught up. */
  readonly next: Place | null;
}

/** From the checkpoint to `end` (seconds), page by page. `isWanted` leaves out what the pull has read already. */
export async function* pagesOfIds(
  pull: IdPull,
  { end, isWanted = () => true }: { end: number; isWanted?: (id: string) => boolean },
): AsyncGenerator<PageOfIds> {
  const { context, list } = pull;
  const of = { end, historyDays: context.source.settings.history_days, longest: list.longest };
  let place: Place | null = firstPlace(context.checkpoint, of);
  while (place !== null && !context.signal.aborted) {
    const asked: Place = place;
    const { ids, nextKey } = await readIds(pull, asked);
    const details = await detailsOf(pull, ids.filter(isWanted));
    if (details === null) return;
    // The second behind the window is the next window's.
    const read = details.filter(({ payload }) => Number(memberOf(payload, list.second)) !== asked.to + 1);
    const next = nextKey === '' ? placeBehind(asked, of) : { ...asked, key: nextKey };
    place = next;
    // A window without rows is worth a checkpoint only where the pull ends.
    if (read.length > 0 || next === null) yield { read, next };
  }
}

/** A key that the platform no longer takes begins its window anew. */
async function readIds(pull: IdPull, place: Place): Promise<{ ids: string[]; nextKey: string }> {
  try {
    return await readPage(pull, place);
  } catch (error) {
    if (place.key === '' || errcodes.codeOfObject(error) === null) throw error;
    return readPage(pull, { ...place, key: '' });
  }
}

async function readPage(
  { gateway, list }: IdPull,
  { from, to, key }: Place,
): Promise<{ ids: string[]; nextKey: string }> {
  const { head, items } = await gateway.call({
    path: list.path,
    body: { ...list.ask({ from, to: to + 1 }), next_key: key },
    items: list.ids,
    // A page that leads to itself is another one than was asked for.
    isWhole: ({ has_more, next_key }) =>
      has_more === false || (has_more === true && typeof next_key === 'string' && next_key !== '' && next_key !== key),
  });
  return { ids: items.map(idOf), nextKey: head.has_more === true ? String(head.next_key) : '' };
}

/** A member of an item's own object; undefined where there is none. */
export function memberOf(payload: string, name: string): unknown {
  const value = tryJson(payload);
  return isObject(value) ? value[name] : undefined;
}

/** Ids are text; a number of up to 19 digits is kept as it is written. */
const idOf = (text: string): string => text.replace(/^"|"$/g, '');

/** What is behind each id; null when the signal aborts on the way. */
export async function detailsOf(pull: IdPull, ids: readonly string[]): Promise<Read[] | null> {
  const { signal } = pull.context;
  const read = async (id: string): Promise<Read> => ({ key: id, payload: await detailOf(pull, id) });
  return severalAtOnce(ids, read, { width: CALLS_AT_ONCE, signal });
}

/** The object's text, or what the platform says instead of this one object: that is kept as a rejection. */
async function detailOf({ context, gateway, list }: IdPull, id: string): Promise<string> {
  const { path, idField, member, more } = list.detail;
  try {
    const answer = await gateway.call({
      path,
      body: { [idField]: id, ...more(context.source.settings) },
      items: member,
      isWhole: (head) => member in head,
    });
    return answer.items[0] ?? refusal({ idField, id, code: 0 });
  } catch (error) {
    const code = errcodes.codeOfObject(error);
    if (code === null) throw error;
    return refusal({ idField, id, code });
  }
}

function refusal({ idField, id, code }: { idField: string; id: string; code: number }): string {
  return JSON.stringify({ [idField]: id, errcode: code });
}

/** A page of the stream. */
export function pageOf(
  { context, list }: IdPull,
  of: { read: readonly Read[]; cursor: Json; progress: SourcePage['progress'] },
): SourcePage {
  const deliveredAt = context.clock.now();
  const hash = createHash('sha256').update(context.stream);
  for (const { payload } of of.read) hash.update('\n').update(payload);
  return {
    stream: context.stream,
    id: hash.digest('hex').slice(0, 32),
    items: of.read.map((one, position) => ({ kind: list.itemKind, ...one, position, deliveredAt })),
    cursor: of.cursor,
    ...(of.progress ? { progress: of.progress } : {}),
  };
}
