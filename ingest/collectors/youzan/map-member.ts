/** A customer of the shop, member or not: a shop_customer, no membership, which the brand's loyalty system keeps. */
import type { Mapped, SourceItem } from '../../record.ts';
import type { MapContext } from '../collector.ts';
import { nameAccount } from '../kit/account.ts';
import { buyerRungs, phoneOf } from './buyer.ts';
import { checkMember, instantOf, isSet } from './schemas.ts';
import type { YouzanSettings } from './settings.ts';

const GENDERS = ['male', 'female'] as const;

export function mapMember(item: SourceItem, { source }: MapContext<YouzanSettings>): Mapped {
  const checked = checkMember(item.payload);
  if (!checked.ok) return checked.mapped;
  const row = checked.value;
  const ids = { yzOpenId: row.yz_open_id, phone: row.mobile, paths: ['/yz_open_id', '/mobile', ''] } as const;
  const { account, identifiers, rejections } = nameAccount(buyerRungs(ids, source.settings), null);
  if (account?.kind !== 'youzan_open_id')
    return { records: [], rejections: rejections.map((one) => ({ ...one, wholeItem: true })) };
  const gender = GENDERS[(row.gender || 0) - 1];
  const nickname = row.show_name || row.name;
  return {
    records: [
      {
        kind: 'shop_customer',
        key: account.key,
        account,
        identifiers,
        personal: { ...phoneOf(identifiers), ...(nickname ? { nickname } : {}) },
        traits: gender ? { gender } : {},
        modifiedAt: null,
        deleted: false,
        custom: { is_member: isSet(row.is_member) ? '1' : '0' },
        fields: {
          grade: '',
          status: 'normal',
          trade_count: typeof row.trade_count === 'number' ? row.trade_count : null,
          trade_amount_fen: null,
          last_trade_at: null,
          points: typeof row.points === 'number' ? row.points : null,
          joined_at: instantOf(row.created_member_at) ?? (isSet(row.is_member) ? instantOf(row.created_at) : null),
        },
      },
    ],
    rejections,
  };
}
