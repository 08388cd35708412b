/** Members of the shop, by number of page: the whole list, once in so many hours. */
import { createHash } from 'node:crypto';
import { type PullContext, SourceFault, type SourcePage } from '../collector.ts';
import { isObject } from '../kit/json.ts';
import type { TokenGateway } from '../tencent/token-gateway.ts';
import { memberOf } from './pull-ids.ts';
import type { WeixinShopSettings } from './settings.ts';

const HOUR_MS = 3_600_000;

export async function* pullMembers(
  context: PullContext<WeixinShopSettings>,
  gateway: TokenGateway,
): AsyncGenerator<SourcePage> {
  const { members_every_hours, members_page_size } = context.source.settings;
  const kept = isObject(context.checkpoint) ? context.checkpoint : ({} as Readonly<Record<string, unknown>>);
  const now = context.clock.now().getTime();
  if (typeof kept.whole_at === 'number' && now < kept.whole_at + members_every_hours * HOUR_MS) return;
  let page = typeof kept.page === 'number' ? kept.page : 1;
  let done = (page - 1) * members_page_size;
  let before: string | undefined;
  for (; !context.signal.aborted; page += 1) {
    const { head, items } = await gateway.call({
      path: '/channels/ec/vip/user/list/get',
      body: { need_phone_number: true, page_num: page, page_size: members_page_size },
      items: 'list',
      isWhole: ({ total_num }) => Number.isSafeInteger(total_num),
    });
    if (items.length > 0 && items[0] === before) throw samePage(page);
    before = items[0];
    done += items.length;
    const total = Number(head.total_num);
    const last = items.length === 0 || page * members_page_size >= total;
    yield pageOf(context, {
      texts: items,
      cursor: last ? { whole_at: now } : { page: page + 1 },
      progress: { done, total },
    });
    if (last) return;
  }
}

function samePage(page: number): SourceFault {
  return new SourceFault({
    kind: 'later',
    message: `/channels/ec/vip/user/list/get: page ${page} is the one before it again`,
    advice: 'The next scheduled pull reads the page again. If it stays so, tell the developers of this collector.',
  });
}

function pageOf(
  { clock, stream }: PullContext<WeixinShopSettings>,
  of: { texts: readonly string[] } & Pick<SourcePage, 'cursor' | 'progress'>,
): SourcePage {
  const { texts, ...rest } = of;
  const deliveredAt = clock.now();
  return {
    stream,
    id: createHash('sha256')
      .update([stream, ...texts].join('\n'))
      .digest('hex')
      .slice(0, 32),
    items: texts.map((payload, position) => {
      return { kind: 'member', key: String(memberOf(payload, 'openid') ?? position), payload, position, deliveredAt };
    }),
    ...rest,
  };
}
