/**
 * Messages (TMC) over HTTP. A message carries ids only and comes in any order and more than once: the order or refund it
 * names is read anew and becomes an ordinary item. A message is confirmed once its page is committed, never before, since
 * a confirmed one cannot be fetched again.
 */
import type { SourceItem } from '../../record.ts';
import { type PullContext, SourceFault, type SourcePage } from '../collector.ts';
import { CallFailure } from '../kit/call-failure.ts';
import { isObject, tryJson } from '../kit/json.ts';
import type { Gateway } from './gateway.ts';
import { REFUND_FIELDS, REFUND_KEY, TRADE_FIELDS, TRADE_KEY } from './lists.ts';
import type { TmallSettings } from './settings.ts';

/** The object a topic speaks of, and how it is read. */
interface Readable {
  readonly topic: RegExp;
  readonly idField: string;
  readonly method: string;
  readonly answer: string;
  readonly itemKind: string;
  readonly key: RegExp;
  readonly fields: string;
}

const READABLE: readonly Readable[] = [
  {
    topic: /^taobao_trade_/,
    idField: 'tid',
    method: 'taobao.trade.fullinfo.get',
    answer: 'trade',
    itemKind: 'trade',
    key: TRADE_KEY,
    fields: TRADE_FIELDS,
  },
  {
    topic: /^taobao_refund_/,
    idField: 'refund_id',
    method: 'taobao.refund.get',
    answer: 'refund',
    itemKind: 'refund',
    key: REFUND_KEY,
    fields: REFUND_FIELDS,
  },
];

/** The platform gives 10 to 200 messages a call and takes as many confirmations. */
const QUANTITY = 200;

interface Message {
  readonly id: string;
  readonly publishedAt: string;
  readonly text: string;
  readonly topic: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** Takes messages until none is left that this pull has not seen. */
export async function* pullMessages(
  context: PullContext<TmallSettings>,
  { gateway, group }: { gateway: Gateway; group: string },
): AsyncGenerator<SourcePage> {
  const seen = new Set<string>();
  let done = 0;
  while (!context.signal.aborted) {
    const messages = (await consume(gateway, group)).filter(({ id }) => !seen.has(id));
    if (messages.length === 0) return;
    for (const { id } of messages) seen.add(id);
    const items = await itemsOf(context, { gateway, messages });
    const ids = messages.map(({ id }) => id);
    done += items.length;
    yield {
      stream: context.stream,
      id: `messages ${ids[0]} to ${ids.at(-1)}`,
      items,
      cursor: { published: latest(messages) },
      progress: { done, total: null },
      committed: () => confirm(gateway, { group, ids }),
    };
  }
}

async function consume(gateway: Gateway, group: string): Promise<Message[]> {
  const answer = await gateway.call({
    method: 'taobao.tmc.messages.consume',
    authorised: false,
    items: 'messages',
    isWhole: () => true,
    params: { group_name: group, quantity: String(QUANTITY) },
  });
  return answer.items.map(readMessage).filter((message) => message !== null);
}

/** null for a message without an id: it cannot be confirmed either, and comes again. */
function readMessage(text: string): Message | null {
  const message = tryJson(text);
  if (!isObject(message)) return null;
  const id = String(message.id ?? '');
  if (!/^\d+$/.test(id)) return null;
  const content = tryJson(String(message.content ?? ''));
  return {
    id,
    text,
    publishedAt: String(message.pub_time ?? ''),
    topic: String(message.topic ?? ''),
    content: isObject(content) ? content : {},
  };
}

function latest(messages: readonly Message[]): string {
  return (
    messages
      .map(({ publishedAt }) => publishedAt)
      .sort()
      .at(-1) ?? ''
  );
}

/** The objects the messages name, each read once; messages about something else, or about what is gone, as they are. */
async function itemsOf(
  context: PullContext<TmallSettings>,
  { gateway, messages }: { gateway: Gateway; messages: readonly Message[] },
): Promise<SourceItem[]> {
  const found = new Map<string, Omit<SourceItem, 'position' | 'deliveredAt'>>();
  for (const message of messages) {
    const readable = READABLE.find(({ topic }) => topic.test(message.topic));
    const id = String(message.content[readable?.idField ?? ''] ?? '');
    const named = `${readable?.itemKind} ${id}`;
    if (found.has(named)) continue;
    const payload = readable && /^\d+$/.test(id) ? await readObject(gateway, readable, id) : null;
    if (readable && payload !== null)
      found.set(named, { kind: readable.itemKind, key: readable.key.exec(payload)?.[1] ?? id, payload });
    else found.set(`message ${message.id}`, { kind: 'message', key: message.id, payload: message.text });
  }
  const deliveredAt = context.clock.now();
  return [...found.values()].map((item, position) => ({ ...item, position, deliveredAt }));
}

/** The object's text; null when the platform no longer knows it. */
async function readObject(gateway: Gateway, readable: Readable, id: string): Promise<string | null> {
  try {
    const answer = await gateway.call({
      method: readable.method,
      items: readable.answer,
      isWhole: () => true,
      params: { fields: readable.fields, [readable.idField]: id },
    });
    return answer.items[0] ?? null;
  } catch (error) {
    if (error instanceof SourceFault && error.cause instanceof CallFailure && GONE.test(error.cause.subCode))
      return null;
    throw error;
  }
}

const GONE = /^isv\.(trade|refund)-(not-exist|service-rejection)|not-exist/;

async function confirm(gateway: Gateway, { group, ids }: { group: string; ids: readonly string[] }): Promise<void> {
  await gateway.call({
    method: 'taobao.tmc.messages.confirm',
    authorised: false,
    items: '',
    isWhole: ({ is_success }) => is_success === true,
    params: { group_name: group, s_message_ids: ids.join(',') },
  });
}
