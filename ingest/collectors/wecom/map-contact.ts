/** A contact of a guide: a shop_customer for each of the two together, with the guide and the tags. */
import { readIdentifier } from '../../identifiers/index.ts';
import type { Identifier, Mapped, PersonalValues, Rejection, SourceItem, Strength } from '../../record.ts';
import type { MapContext } from '../collector.ts';
import { nameAccount, type Rung } from '../kit/account.ts';
import { type ContactItem, checkContact } from './schemas.ts';
import { contactScope, type WecomSettings } from './settings.ts';

/** A channel's mark that holds one may be somebody's phone. */
const LONG_NUMBER = /\d{7}/;
const GENDERS = ['male', 'female'] as const;

export function mapContact(item: SourceItem, { source }: MapContext<WecomSettings>): Mapped {
  const checked = checkContact(item.payload);
  if (!checked.ok) return checked.mapped;
  const { external_contact: who, follow_info: follow } = checked.value.contact;
  const named = nameAccount(
    contactRungs(
      { externalUserid: who.external_userid, unionid: who.unionid, at: '/contact/external_contact' },
      source.settings,
    ),
    null,
  );
  if (named.account?.kind !== 'external_userid')
    return { records: [], rejections: named.rejections.map((one) => ({ ...one, wholeItem: true })) };
  const phones = phonesOf(follow.remark_mobiles || []);
  const gender = GENDERS[(who.gender || 0) - 1];
  return {
    records: [
      {
        kind: 'shop_customer',
        key: `${named.account.key}/${follow.userid}`,
        account: named.account,
        identifiers: [...named.identifiers, ...phones.identifiers],
        personal: personalOf(who.name, phones.identifiers),
        traits: gender ? { gender } : {},
        modifiedAt: null,
        deleted: false,
        custom: customOf(checked.value),
        fields: {
          grade: '',
          status: 'normal',
          trade_count: null,
          trade_amount_fen: null,
          last_trade_at: null,
          joined_at: follow.createtime ? new Date(follow.createtime * 1000) : null,
          guide: follow.userid,
        },
      },
    ],
    rejections: [...named.rejections, ...phones.rejections],
  };
}

/** Without the name of the account that the company is bound to, a unionid means nothing and is not read. */
export function contactRungs(
  of: { externalUserid: unknown; unionid: unknown; at: string },
  settings: WecomSettings,
): Rung[] {
  const path = `${of.at}/external_userid`;
  const own: Rung = { type: 'external_userid', scope: contactScope(settings), given: of.externalUserid, path };
  if (settings.open_account === undefined) return [own];
  return [own, { type: 'unionid', scope: settings.open_account, given: of.unionid, path: `${of.at}/unionid` }];
}

/** Phones that the guide typed: one is stated; of several it is not said whose they are, and they do not join. */
function phonesOf(given: readonly string[]): { identifiers: Identifier[]; rejections: Rejection[] } {
  const strength: Strength = given.length === 1 ? 'stated' : 'weak';
  const read = given.map((phone, n) => {
    const path = `/contact/follow_info/remark_mobiles/${n}`;
    return readIdentifier({ path, type: 'phone', scope: '', given: phone, strength });
  });
  return {
    identifiers: read.flatMap(({ identifiers }) => identifiers),
    rejections: read.flatMap(({ rejections }) => rejections),
  };
}

function personalOf(name: string | null | undefined, phones: readonly Identifier[]): PersonalValues {
  const phone = phones.find(({ type, strength }) => type === 'phone' && strength === 'stated')?.value;
  return { ...(name ? { nickname: name } : {}), ...(phone === undefined ? {} : { phone }) };
}

/** Tags by name (`group/tag`, several apart by ;), how the contact was added, and the channel's own mark where it tells nobody. */
function customOf({ contact, tag_names }: ContactItem): Readonly<Record<string, string>> {
  const { tag_id, add_way, state } = contact.follow_info;
  const tags = (tag_id || []).map((id) => (Object.hasOwn(tag_names, id) ? tag_names[id]! : id));
  return {
    ...(tags.length > 0 ? { tags: tags.join(';') } : {}),
    ...(typeof add_way === 'number' ? { add_way: String(add_way) } : {}),
    ...(state && !LONG_NUMBER.test(state) ? { state } : {}),
  };
}
