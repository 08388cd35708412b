/** A refund row becomes one refund record; rows that carry ouid and open_uid join the two. */
import { businessDay } from '../../../clock.ts';
import type { Mapped, RefundFields, SourceItem } from '../../record.ts';
import type { MapContext } from '../collector.ts';
import { nameAccount } from '../kit/account.ts';
import { readPlatformTime } from '../kit/time.ts';
import { fen } from './order-lines.ts';
import { checkRefund, type Refund } from './schemas.ts';
import type { TmallSettings } from './settings.ts';

export function mapRefund(item: SourceItem, context: MapContext<TmallSettings>): Mapped {
  const checked = checkRefund(item.payload);
  if (!checked.ok) return checked.mapped;
  const refund = checked.value;
  const { settings } = context.source;
  const { account, identifiers, rejections } = nameAccount(
    [
      { type: 'ouid', scope: settings.shop_id, given: refund.ouid, path: '/ouid' },
      { type: 'open_uid', scope: settings.app_key, given: refund.buyer_open_uid, path: '/buyer_open_uid' },
    ],
    { kind: 'guest', scope: settings.shop_id, key: String(refund.tid) },
  );
  return {
    records: [
      {
        kind: 'refund',
        key: String(refund.refund_id),
        account,
        identifiers,
        personal: {},
        traits: {},
        modifiedAt: readPlatformTime(refund.modified),
        deleted: false,
        custom: {},
        fields: refundFields(refund, context),
      },
    ],
    rejections,
  };
}

function refundFields(refund: Refund, { source }: MapContext<TmallSettings>): RefundFields {
  const status = statusOf(refund);
  const kind = kindOf(refund);
  const createdAt = readPlatformTime(refund.created)!;
  // The row has no time of its success; success is the last thing that happens to it.
  const refundedAt = status === 'success' ? readPlatformTime(refund.modified) : null;
  return {
    order_no: String(refund.tid),
    line_no: String(refund.oid),
    store_code: '',
    terminal: '',
    original_bill_no: '',
    original_date: '',
    product_id: refund.outer_id || String(refund.num_iid ?? ''),
    quantity: refund.num || 0,
    refunded_fen: kind === 'exchange' ? 0 : fen(refund.refund_fee),
    status,
    refund_kind: kind,
    created_at: createdAt,
    refunded_at: refundedAt,
    business_date: businessDay(refundedAt ?? createdAt, source.zone),
    delivery: '',
  };
}

/** A refused refund stays open: the buyer can ask again, or call in the platform. */
function statusOf({ status }: Refund): RefundFields['status'] {
  if (status === 'SUCCESS') return 'success';
  return status === 'CLOSED' ? 'closed' : 'open';
}

const GOODS_FOR_GOODS = ['TMALL_EXCHANGE', 'TAOBAO_EXCHANGE', 'REPAIR', 'RESHIPPING'];

/** Price protection and cash back are money alone; an exchange (goods for goods) is neither a purchase nor a return. */
function kindOf(refund: Refund): RefundFields['refund_kind'] {
  if (refund.special_refund_type) return 'money_only';
  if (GOODS_FOR_GOODS.includes(refund.dispute_type ?? '')) return 'exchange';
  if (refund.dispute_type === 'REFUND') return 'money_only';
  return refund.dispute_type === 'REFUND_AND_RETURN' || refund.has_good_return === true ? 'return' : 'money_only';
}
