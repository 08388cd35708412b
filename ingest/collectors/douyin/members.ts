/**
 * Members, as far as the platform lists them: the orders of members name their `open_id`, and what the platform knows of
 * each is then asked for. There is no list of all members: the others come by 会员通 as they join.
 */
import { LosslessNumber } from 'lossless-json';
import type { SourceItem } from '../../record.ts';
import { type PullContext, SourceFault, type SourcePage } from '../collector.ts';
import { CallFailure } from '../kit/call-failure.ts';
import { isObject, tryJson } from '../kit/json.ts';
import { type Asked, pullWindows } from '../kit/pull-windows.ts';
import { platformTime } from '../kit/time.ts';
import { secondAfter, wholeSecond } from '../kit/window.ts';
import type { Gateway } from './gateway.ts';
import { reachOf } from './lists.ts';
import { digitsAt } from './row.ts';
import type { DouyinSettings } from './settings.ts';

const PAGE_SIZE = 100;
const MOST_ROWS = 50_000;
const HISTORY_DAYS = 90;
/** As many members as one question may name. */
const MEMBERS_AT_ONCE = 10;

/** Pages of member orders, each with what is known of the members it names. */
export async function* pullMembers(
  context: PullContext<DouyinSettings>,
  { gateway, appId }: { gateway: Gateway; appId: string },
): AsyncGenerator<SourcePage> {
  const end = wholeSecond(context.clock.now());
  const { history_days: historyDays } = context.source.settings;
  const list = {
    method: 'member.searchList',
    itemKind: 'member_order',
    keyOf: (text: string) => digitsAt(text, ['order_id']),
    pageSize: PAGE_SIZE,
    lastPage: MOST_ROWS / PAGE_SIZE,
    reach: reachOf({ now: end, days: HISTORY_DAYS, historyDays }),
    read: (asked: Asked) => readPage(context, { gateway, appId, asked }),
  };
  const seen = new Set<string>();
  for await (const page of pullWindows(context, { list, end })) {
    const named = page.items
      .map(({ payload }) => openIdOf(payload))
      .filter((openId) => openId !== '' && !seen.has(openId));
    for (const openId of named) seen.add(openId);
    yield {
      ...page,
      items: [...page.items, ...(await membersOf(context, { gateway, appId, openIds: [...new Set(named)] }))],
    };
  }
}

/** Rows do not tell their time: those of the second between two windows may come with both. */
async function readPage(
  { source }: PullContext<DouyinSettings>,
  { gateway, appId, asked }: { gateway: Gateway; appId: string; asked: Asked },
) {
  const { head, items } = await gateway.call({
    method: 'member.searchList',
    items: 'order_list',
    isWhole: ({ total }) => Number.isSafeInteger(total),
    body: {
      app_id: appId,
      start_time: platformTime(asked.from),
      end_time: platformTime(secondAfter(asked.to)),
      page: asked.page - 1 + source.settings.member_first_page,
      size: PAGE_SIZE,
    },
  });
  return { texts: items, total: Number(head.total), more: false };
}

function openIdOf(text: string): string {
  const row = tryJson(text);
  return isObject(row) && typeof row.open_id === 'string' ? row.open_id : '';
}

async function membersOf(
  { clock }: PullContext<DouyinSettings>,
  { gateway, appId, openIds }: { gateway: Gateway; appId: string; openIds: readonly string[] },
): Promise<SourceItem[]> {
  const items: SourceItem[] = [];
  for (let at = 0; at < openIds.length; at += MEMBERS_AT_ONCE) {
    const texts = await askMembers(gateway, { appId, openIds: openIds.slice(at, at + MEMBERS_AT_ONCE) });
    for (const payload of texts) {
      const position = items.length;
      const key = openIdOf(payload) || `unnamed/${position}`;
      items.push({ kind: 'member', key, payload, position, deliveredAt: clock.now() });
    }
  }
  return items;
}

async function askMembers(
  gateway: Gateway,
  { appId, openIds }: { appId: string; openIds: readonly string[] },
): Promise<readonly string[]> {
  try {
    const { items } = await gateway.call({
      method: 'member.mGetMemberInfoByOpenIdList',
      items: 'member_infos',
      isWhole: () => true,
      body: { app_id: new LosslessNumber(appId), open_id_list: openIds },
    });
    return items;
  } catch (error) {
    if (error instanceof SourceFault && error.cause instanceof CallFailure && NO_MEMBERS.test(error.cause.subCode))
      return [];
    throw error;
  }
}

/** None of those asked for is a member (any longer). */
const NO_MEMBERS = /:628145004$/;
