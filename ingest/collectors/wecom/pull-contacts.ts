/** Every contact of every guide: one item for each of the two together, with the names of the tags the guide gave. */
import type { SourceItem } from '../../record.ts';
import type { Json, PullContext, SourcePage } from '../collector.ts';
import { isObject, readJson, tryJson } from '../kit/json.ts';
import type { TokenGateway } from '../tencent/token-gateway.ts';
import { errcodes } from './errcode.ts';
import type { WecomSettings } from './settings.ts';
import { isAnswered, leadsOn, pageOf, placeIn } from './whole-list.ts';

/** The platform takes 100 guides at once and gives 100 contacts a page. */
const MOST = 100;

/** The guides that are being read and the platform's own cursor within their contacts ('' = at their beginning). */
interface Batch {
  readonly guides: readonly string[];
  readonly cursor: string;
}

export async function* pullContacts(
  context: PullContext<WecomSettings>,
  gateway: TokenGateway,
): AsyncGenerator<SourcePage> {
  const place = placeIn(context, context.source.settings.contacts_every_hours);
  if (place === null) return;
  const beganAt = context.clock.now();
  const guides = await guidesOf(gateway);
  const names = await tagNames(gateway);
  let done = 0;
  let batch: Batch | null = batchIn(place) ?? batchBehind(guides, '');
  while (batch !== null && !context.signal.aborted) {
    const { texts, cursor }: { texts: readonly string[]; cursor: string } = await readBatch(gateway, batch);
    const next: Batch | null =
      cursor === '' ? batchBehind(guides, batch.guides.at(-1)!) : { guides: batch.guides, cursor };
    done += texts.length;
    const items = texts.map((text) => itemOf(text, names));
    const at: Readonly<Record<string, Json>> | null = next && { guides: next.guides, cursor: next.cursor };
    yield pageOf(context, { items, next: at, beganAt, done });
    batch = next;
  }
}

async function guidesOf(gateway: TokenGateway): Promise<string[]> {
  const { items } = await gateway.call({
    path: '/cgi-bin/externalcontact/get_follow_user_list',
    items: 'follow_user',
    isWhole: isAnswered,
  });
  return items.map((text) => String(readJson(text))).sort();
}

async function tagNames(gateway: TokenGateway): Promise<ReadonlyMap<string, string>> {
  const { items } = await gateway.call({
    path: '/cgi-bin/externalcontact/get_corp_tag_list',
    body: {},
    items: 'tag_group',
    isWhole: isAnswered,
  });
  const names = new Map<string, string>();
  for (const group of items.map((text) => tryJson(text))) {
    if (!isObject(group) || !Array.isArray(group.tag)) continue;
    for (const tag of group.tag as unknown[])
      if (isObject(tag)) names.set(String(tag.id), `${String(group.group_name)}/${String(tag.name)}`);
  }
  return names;
}

/** Guides go in order of their ids, so that one who comes or goes on the way moves nobody else. */
function batchBehind(guides: readonly string[], last: string): Batch | null {
  const rest = guides.filter((guide) => guide > last).slice(0, MOST);
  return rest.length === 0 ? null : { guides: rest, cursor: '' };
}

function batchIn({ guides, cursor }: Readonly<Record<string, unknown>>): Batch | null {
  return Array.isArray(guides) && guides.length > 0 && typeof cursor === 'string'
    ? { guides: guides.map(String), cursor }
    : null;
}

/** Guides without a contact: the platform calls that an error. */
const NO_CONTACTS = 84061;

/** A cursor that the platform no longer takes (guides left meanwhile) begins its batch anew. */
async function readBatch(gateway: TokenGateway, batch: Batch): Promise<{ texts: readonly string[]; cursor: string }> {
  try {
    return await readPage(gateway, batch);
  } catch (error) {
    const code = errcodes.codeOfObject(error);
    if (code === NO_CONTACTS) return { texts: [], cursor: '' };
    if (batch.cursor === '' || code === null) throw error;
    return readPage(gateway, { ...batch, cursor: '' });
  }
}

async function readPage(
  gateway: TokenGateway,
  { guides, cursor }: Batch,
): Promise<{ texts: readonly string[]; cursor: string }> {
  const { head, items } = await gateway.call({
    path: '/cgi-bin/externalcontact/batch/get_by_user',
    body: { userid_list: guides, cursor, limit: MOST },
    items: 'external_contact_list',
    isWhole: (answer) => isAnswered(answer) && leadsOn(answer, cursor),
  });
  return { texts: items, cursor: typeof head.next_cursor === 'string' ? head.next_cursor : '' };
}

/** The contact as sent, beside the names of its tags, which the platform tells elsewhere. */
function itemOf(text: string, names: ReadonlyMap<string, string>): Pick<SourceItem, 'kind' | 'key' | 'payload'> {
  const contact = tryJson(text);
  const [who, follow] = ['external_contact', 'follow_info'].map((name) => {
    const part = isObject(contact) ? contact[name] : null;
    return isObject(part) ? part : {};
  });
  const ids = Array.isArray(follow!.tag_id) ? follow!.tag_id.map(String) : [];
  const tags = Object.fromEntries(ids.flatMap((id) => (names.has(id) ? [[id, names.get(id)!]] : [])));
  const key = `${String(who!.external_userid ?? '')}/${String(follow!.userid ?? '')}`;
  return { kind: 'contact', key, payload: `{"contact":${text},"tag_names":${JSON.stringify(tags)}}` };
}
