/**
 * After-sales. Their list knows only when they were created, so those that are not at their end are remembered in the
 * checkpoint and read again at each pull, until they are: no later change is missed, with or without messages.
 */
import type { Json, PullContext, SourcePage } from '../collector.ts';
import { isObject } from '../kit/json.ts';
import type { TokenGateway } from '../tencent/token-gateway.ts';
import { isAtEnd } from './after-sale-status.ts';
import { cursorOf } from './places.ts';
import { detailsOf, type IdList, memberOf, pageOf, pagesOfIds } from './pull-ids.ts';
import type { WeixinShopSettings } from './settings.ts';

const DAY_S = 86_400;
/** How many open ones are read again as one page. */
const REREAD = 100;

const AFTER_SALES: IdList = {
  itemKind: 'after_sale',
  path: '/channels/ec/aftersale/getaftersalelist',
  ask: ({ from, to }) => ({ begin_create_time: from, end_create_time: to }),
  ids: 'after_sale_order_id_list',
  longest: DAY_S,
  detail: {
    path: '/channels/ec/aftersale/getaftersaleorder',
    idField: 'after_sale_order_id',
    member: 'after_sale_order',
    more: () => ({}),
  },
  second: 'create_time',
};

export async function* pullAfterSales(
  context: PullContext<WeixinShopSettings>,
  gateway: TokenGateway,
): AsyncGenerator<SourcePage> {
  const pull = { context, gateway, list: AFTER_SALES };
  const end = Math.floor(context.clock.now().getTime() / 1000);
  const open = new Set(openOf(context.checkpoint));
  const again = [...open];
  const met = new Set<string>();
  const { open: _, ...before } = isObject(context.checkpoint) ? (context.checkpoint as Record<string, Json>) : {};
  let done = 0;
  const page = (read: readonly { key: string; payload: string }[], place: Record<string, Json>): SourcePage => {
    for (const { key, payload } of read) {
      met.add(key);
      const status = memberOf(payload, 'status');
      // One that the platform no longer gives has no status.
      if (status === undefined || isAtEnd(String(status))) open.delete(key);
      else open.add(key);
    }
    done += read.length;
    return pageOf(pull, { read, cursor: { ...place, open: [...open] }, progress: { done, total: null } });
  };
  for (let at = 0; at < again.length; at += REREAD) {
    const read = await detailsOf(pull, again.slice(at, at + REREAD));
    if (read === null) return;
    yield page(read, before);
  }
  for await (const { read, next } of pagesOfIds(pull, { end, isWanted: (id) => !met.has(id) })) {
    yield page(read, cursorOf(next, end));
  }
}

function openOf(checkpoint: Json): string[] {
  const open = isObject(checkpoint) ? checkpoint.open : null;
  return Array.isArray(open) ? open.filter((id): id is string => typeof id === 'string') : [];
}
