/** Messages of the company: contacts who come and go, and members who leave a group. What they change is pulled later. */
import type { Mapped, SourceItem, SourceRecord } from '../../record.ts';
import type { MapContext } from '../collector.ts';
import { nameAccount } from '../kit/account.ts';
import { rejected, shown } from '../kit/validate.ts';
import { type FlatXml, readFlatXml } from '../tencent/flat-xml.ts';
import { contactRungs } from './map-contact.ts';
import type { WecomSettings } from './settings.ts';

/** By ChangeType of change_external_contact: what happened, and whether the guide has the contact afterwards. */
const CONTACT_CHANGES: Readonly<Record<string, { readonly event: string; readonly holds: boolean }>> = {
  add_external_contact: { event: 'contact_added', holds: true },
  // Added by the contact without the guide's confirmation.
  add_half_external_contact: { event: 'contact_added', holds: true },
  del_external_contact: { event: 'contact_removed_by_guide', holds: false },
  del_follow_user: { event: 'contact_removed_guide', holds: false },
};

/** Ids of contacts among the members of a group; those of the company look as it chose. That they begin so is assumed. */
const EXTERNAL_USERID = /^w[mo][\w-]{20,62}$/;

export function mapMessage(item: SourceItem, { source }: MapContext<WecomSettings>): Mapped {
  const message = readFlatXml(item.payload);
  if (message === null)
    return rejected({ path: '', given: shown(item.payload.slice(0, 200)), expected: 'XML', code: 'item.not-xml' });
  const seconds = Number(message.CreateTime);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 9_999_999_999) {
    const expected = 'a time in seconds since 1970';
    return rejected({ path: '/CreateTime', given: shown(message.CreateTime), expected, code: 'time.not-seconds' });
  }
  const said: Said = { message, at: new Date(seconds * 1000), key: item.key, settings: source.settings };
  if (message.Event === 'change_external_contact') return contactChange(said);
  const left = message.Event === 'change_external_chat' && message.UpdateDetail === 'del_member';
  return left ? groupLeft(said) : { records: [], rejections: [] };
}

interface Said {
  readonly message: FlatXml;
  readonly at: Date;
  readonly key: string;
  readonly settings: WecomSettings;
}

function contactChange({ message, at, key, settings }: Said): Mapped {
  const { ChangeType: type = '', UserID: guide = '', ExternalUserID: externalUserid = '' } = message;
  const change = Object.hasOwn(CONTACT_CHANGES, type) ? CONTACT_CHANGES[type] : undefined;
  if (!change) return { records: [], rejections: [] };
  const { account, rejections } = nameAccount(contactRungs({ externalUserid, unionid: '', at: '' }, settings), null);
  if (account === null || guide === '') {
    if (rejections.length > 0)
      return { records: [], rejections: rejections.map((one) => ({ ...one, wholeItem: true })) };
    const expected = 'the ids of a guide and a contact';
    return rejected({ path: '/ExternalUserID', given: '', expected, code: 'message.nobody' });
  }
  const about = { account, identifiers: [], personal: {}, traits: {}, modifiedAt: at, custom: {} };
  const properties = { guide, ...(message.Source ? { source: message.Source } : {}) };
  const records: SourceRecord[] = [
    {
      ...about,
      kind: 'event',
      key: `contact/${key}`,
      deleted: false,
      fields: { event: change.event, happened_at: at, properties },
    },
    {
      ...about,
      kind: 'shop_customer',
      key: `${account.key}/${guide}`,
      deleted: !change.holds,
      fields: {
        ...{ grade: '', status: 'normal', trade_count: null, trade_amount_fen: null, last_trade_at: null },
        ...{ joined_at: change.holds ? at : null, guide },
      },
    },
  ];
  return { records, rejections };
}

function groupLeft({ message, at, key, settings }: Said): Mapped {
  const { ChatId: group = '', QuitScene: scene = '', MemChangeList: members = '' } = message;
  const left = new Set(members.split(',').filter((one) => EXTERNAL_USERID.test(one)));
  const records = [...left].flatMap((externalUserid): SourceRecord[] => {
    const { account } = nameAccount(contactRungs({ externalUserid, unionid: '', at: '' }, settings), null);
    if (account === null) return [];
    const about = { account, identifiers: [], personal: {}, traits: {}, modifiedAt: at, deleted: false, custom: {} };
    const fields = { event: 'group_left', happened_at: at, properties: { group, ...(scene ? { scene } : {}) } };
    return [{ ...about, kind: 'event', key: `left/${key}/${externalUserid}`, fields }];
  });
  return { records, rejections: [] };
}
