/** Groups with their members, one item each. */
import type { Json, PullContext, SourcePage } from '../collector.ts';
import { isObject, tryJson } from '../kit/json.ts';
import type { TokenGateway } from '../tencent/token-gateway.ts';
import { errcodes } from './errcode.ts';
import type { WecomSettings } from './settings.ts';
import { isAnswered, leadsOn, pageOf, placeIn } from './whole-list.ts';

/** Groups of one page; the platform gives up to 1,000, each of which is a call of its own here. */
const PAGE = 100;

export async function* pullGroups(
  context: PullContext<WecomSettings>,
  gateway: TokenGateway,
): AsyncGenerator<SourcePage> {
  const place = placeIn(context, context.source.settings.groups_every_hours);
  if (place === null) return;
  const beganAt = context.clock.now();
  let cursor: string | null = typeof place.cursor === 'string' ? place.cursor : '';
  let done = 0;
  while (cursor !== null && !context.signal.aborted) {
    const asked: string = cursor;
    const { head, items } = await gateway.call({
      path: '/cgi-bin/externalcontact/groupchat/list',
      body: { status_filter: 0, cursor: asked, limit: PAGE },
      items: 'group_chat_list',
      isWhole: (answer) => isAnswered(answer) && leadsOn(answer, asked),
    });
    const groups = [];
    for (const text of items) {
      if (context.signal.aborted) return;
      const payload = await groupOf(gateway, chatIdOf(text));
      if (payload !== null) groups.push({ kind: 'group', key: chatIdOf(text), payload });
    }
    done += groups.length;
    cursor = typeof head.next_cursor === 'string' && head.next_cursor !== '' ? head.next_cursor : null;
    const next: Readonly<Record<string, Json>> | null = cursor === null ? null : { cursor };
    yield pageOf(context, { items: groups, next, beganAt, done });
  }
}

function chatIdOf(text: string): string {
  const row = tryJson(text);
  return isObject(row) ? String(row.chat_id ?? '') : '';
}

/** null for a group that was dismissed since it was listed. */
async function groupOf(gateway: TokenGateway, chatId: string): Promise<string | null> {
  try {
    const { items } = await gateway.call({
      path: '/cgi-bin/externalcontact/groupchat/get',
      body: { chat_id: chatId, need_name: 0 },
      items: 'group_chat',
      isWhole: isAnswered,
    });
    return items[0] ?? null;
  } catch (error) {
    if (errcodes.codeOfObject(error) === null) throw error;
    return null;
  }
}
