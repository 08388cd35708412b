/** A group: for each contact in it the event that they joined. There is no kind of record for the group itself. */
import type { Mapped, Rejection, SourceItem, SourceRecord } from '../../record.ts';
import type { MapContext } from '../collector.ts';
import { nameAccount } from '../kit/account.ts';
import { contactRungs } from './map-contact.ts';
import { checkGroup, type Group, type GroupMember } from './schemas.ts';
import type { WecomSettings } from './settings.ts';

const CONTACT = 2;

export function mapGroup(item: SourceItem, context: MapContext<WecomSettings>): Mapped {
  const checked = checkGroup(item.payload);
  if (!checked.ok) return checked.mapped;
  const group = checked.value;
  const records = new Map<string, SourceRecord>();
  const rejections: Rejection[] = [];
  group.member_list.forEach((member, n) => {
    if (member.type !== CONTACT) return;
    const at = `/member_list/${n}`;
    const of = { externalUserid: member.userid, unionid: member.unionid, at };
    const named = nameAccount(contactRungs(of, context.source.settings), null);
    rejections.push(...named.rejections);
    if (named.account?.kind !== 'external_userid') return;
    const record = joined(group, { member, account: named.account, identifiers: named.identifiers });
    records.set(record.key, record);
  });
  const whole = records.size === 0;
  return { records: [...records.values()], rejections: rejections.map((one) => ({ ...one, wholeItem: whole })) };
}

function joined(
  { chat_id, name, owner }: Group,
  { member, ...who }: { member: GroupMember } & Pick<SourceRecord & { kind: 'event' }, 'account' | 'identifiers'>,
): SourceRecord {
  const at = new Date(member.join_time * 1000);
  const properties = {
    group: chat_id,
    ...(name ? { group_name: name } : {}),
    ...(owner ? { guide: owner } : {}),
    ...(typeof member.join_scene === 'number' ? { scene: String(member.join_scene) } : {}),
  };
  return {
    kind: 'event',
    key: `group/${chat_id}/${member.userid}/${member.join_time}`,
    ...who,
    personal: {},
    traits: {},
    modifiedAt: at,
    deleted: false,
    custom: {},
    fields: { event: 'group_joined', happened_at: at, properties },
  };
}
