/** Members and their orders. The brand's membership itself is kept by the loyalty system and comes from it. */
import type { Mapped, SourceItem } from '../../record.ts';
import type { MapContext } from '../collector.ts';
import { rejected, shown } from '../kit/validate.ts';
import { nameMember, personalPhone } from './member-ids.ts';
import { checkMember, checkMemberOrder } from './schemas.ts';
import type { DouyinSettings } from './settings.ts';

/** Not a member: nothing is wrong. */
const NO_MEMBER = '628145004';

/** What the shop keeps of a member: a shop_customer with the ids that are seen together. */
export function mapMember(item: SourceItem, { source }: MapContext<DouyinSettings>): Mapped {
  const checked = checkMember(item.payload);
  if (!checked.ok) return checked.mapped;
  const member = checked.value;
  if (!member.success) {
    if (String(member.err_code) === NO_MEMBER) return { records: [], rejections: [] };
    const given = shown(String(member.err_code ?? ''));
    return rejected({ path: '/err_code', given, expected: 'a member that is known', code: 'member.not-given' });
  }
  const named = nameMember(member, { at: '', settings: source.settings });
  const { account, identifiers, rejections } = named;
  if (account === null) return nobody(named);
  return {
    records: [
      {
        kind: 'shop_customer',
        key: account.key,
        account,
        identifiers,
        personal: personalPhone(named),
        traits: {},
        modifiedAt: null,
        deleted: false,
        custom: {},
        fields: {
          grade: typeof member.level === 'number' ? String(member.level) : '',
          status: 'normal',
          trade_count: null,
          trade_amount_fen: null,
          last_trade_at: null,
          points: typeof member.point_cent === 'number' ? member.point_cent / 100 : null,
        },
      },
    ],
    rejections,
  };
}

/**
 * The bridge from the buyer of an order to a member: an event of the member that bears the order's number, which the order's
 * lines bear as well. The row tells no time: that of its delivery stands for it.
 */
export function mapMemberOrder(item: SourceItem, { source }: MapContext<DouyinSettings>): Mapped {
  const checked = checkMemberOrder(item.payload);
  if (!checked.ok) return checked.mapped;
  const { open_id, order_id } = checked.value;
  const { settings } = source;
  const named = nameMember({ open_id }, { at: '', settings });
  if (named.account === null) return nobody(named);
  const number = String(order_id);
  return {
    records: [
      {
        kind: 'event',
        key: `member-order/${number}`,
        account: named.account,
        identifiers: [{ type: 'douyin_order_no', scope: settings.shop_id, value: number, strength: 'verified' }],
        personal: {},
        traits: {},
        modifiedAt: null,
        deleted: false,
        custom: {},
        fields: { event: 'member_order', happened_at: item.deliveredAt, properties: { order_no: number } },
      },
    ],
    rejections: named.rejections,
  };
}

/** An item that names no member who could be one. */
export function nobody({ rejections }: Pick<Mapped, 'rejections'>): Mapped {
  if (rejections.length > 0) return { records: [], rejections: rejections.map((one) => ({ ...one, wholeItem: true })) };
  return rejected({ path: '/open_id', given: '', expected: 'an id of the member', code: 'member.nobody' });
}
