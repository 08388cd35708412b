/** A member of the shop's own programme: a shop_customer, no membership, which the brand's loyalty system keeps. */
import type { Identifier, Mapped, PersonalValues, SourceItem } from '../../record.ts';
import type { MapContext } from '../collector.ts';
import { nameAccount } from '../kit/account.ts';
import { buyerRungs } from './buyer.ts';
import { checkMember, type Member } from './schemas.ts';
import type { WeixinShopSettings } from './settings.ts';

export function mapMember(item: SourceItem, { source }: MapContext<WeixinShopSettings>): Mapped {
  const checked = checkMember(item.payload);
  if (!checked.ok) return checked.mapped;
  const row = checked.value;
  const ids = { openid: row.openid, unionid: row.union_id, paths: ['/openid', '/union_id'] } as const;
  const phone = (row.user_info || null)?.phone_number;
  const { account, identifiers, rejections } = nameAccount(
    [...buyerRungs(ids, source.settings), { type: 'phone', scope: '', given: phone, path: '/user_info/phone_number' }],
    null,
  );
  if (account === null) return { records: [], rejections: rejections.map((one) => ({ ...one, wholeItem: true })) };
  const { grade, experience } = gradeOf(row);
  return {
    records: [
      {
        kind: 'shop_customer',
        key: account.key,
        account,
        identifiers,
        personal: phoneOf(identifiers),
        traits: {},
        modifiedAt: null,
        deleted: false,
        custom: experience === '' ? {} : { experience_value: experience },
        fields: { grade, status: 'normal', trade_count: null, trade_amount_fen: null, last_trade_at: null },
      },
    ],
    rejections,
  };
}

/** The phone that WeChat verified, for the vault. */
export function phoneOf(identifiers: readonly Identifier[]): PersonalValues {
  const phone = identifiers.find(({ type, strength }) => type === 'phone' && strength === 'verified')?.value;
  return phone === undefined ? {} : { phone };
}

function gradeOf({ user_grade_info }: Member): { grade: string; experience: string } {
  const info = user_grade_info || {};
  return { grade: String(info.grade ?? ''), experience: String(info.experience_value ?? '') };
}
