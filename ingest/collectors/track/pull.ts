/** Reads what waits in the source's spool, as pages of messages; segments go once everything in them is written. */

import type { SourceItem } from '../../record.ts';
import { dropSpool, ERASED, readCall, readSpool, type SpooledCall, type SpoolPosition } from '../../spool/index.ts';
import { type PullContext, SourceFault, type SourcePage } from '../collector.ts';
import { isObject } from '../kit/json.ts';
import type { TrackSettings } from './settings.ts';

const PAGE_ITEMS = 1_000;
const LONGEST_ID = 200;

export async function* pull(context: PullContext<TrackSettings>): AsyncGenerator<SourcePage> {
  const { stream, signal } = context;
  const place = placeOf(context);
  const from = context.checkpoint as unknown as SpoolPosition | null;
  if (from !== null) await dropSpool(place.folder, from);
  const page = (items: readonly SourceItem[], { segment, offset }: SpoolPosition): SourcePage => ({
    stream,
    id: `${segment}:${offset}`,
    items,
    cursor: { segment, offset },
    committed: () => dropSpool(place.folder, { segment, offset }),
  });
  let items: SourceItem[] = [];
  let last: SpoolPosition | null = null;
  for await (const { call, after } of readSpool(place, from)) {
    if (signal.aborted) return;
    if (call !== null) items.push(...itemsOf(call));
    last = after;
    if (call !== null && items.length < PAGE_ITEMS) continue;
    yield page(items, after);
    items = [];
    last = null;
  }
  if (last !== null) yield page(items, last);
}

function placeOf({ source }: PullContext<TrackSettings>) {
  if (source.spool !== undefined) return source.spool;
  throw new SourceFault({
    kind: 'misconfigured',
    message: `Source ${source.id} has no spool.`,
    advice: 'This is a fault of Quanyu: the process that runs the source must say where its spool lies.',
  });
}

/** A message's key is its messageId, so that what a program sends again is the same item; without one, its place in the call. */
export function itemsOf(call: SpooledCall): SourceItem[] {
  const { head, messages } = readCall(call);
  return messages.flatMap((text, position) => {
    if (text === ERASED) return [];
    const key = messageId(text) ?? `${call.id}/${position}`;
    return [{ kind: 'message', key, payload: payloadOf(text, { call, head }), position, deliveredAt: call.receivedAt }];
  });
}

/** The message's own text beside what its call says of it. */
function payloadOf(text: string, of: { call: SpooledCall; head: Readonly<Record<string, unknown>> }): string {
  const { sentAt, context } = of.head;
  const beside = {
    type: of.call.type,
    bytes: Buffer.byteLength(text),
    ...(typeof sentAt === 'string' ? { sentAt } : {}),
    ...(isObject(context) ? { context } : {}),
  };
  return `${JSON.stringify(beside).slice(0, -1)},"message":${text}}`;
}

function messageId(text: string): string | undefined {
  try {
    const { messageId: id } = JSON.parse(text) as { messageId?: unknown };
    return typeof id === 'string' && id !== '' && id.length <= LONGEST_ID ? id : undefined;
  } catch {
    return undefined;
  }
}
