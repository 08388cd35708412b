/** A refund becomes one refund record; its line is told by the detail alone. */
import { businessDay } from '../../../clock.ts';
import type { Mapped, RefundFields, SourceItem } from '../../record.ts';
import type { MapContext } from '../collector.ts';
import { nameAccount } from '../kit/account.ts';
import { yuanToFen } from '../kit/money.ts';
import { readPlatformTime } from '../kit/time.ts';
import { checkRefund, isSet, type RefundItem } from './schemas.ts';
import type { YouzanSettings } from './settings.ts';

/** `demand`: what the buyer asked for. */
const KINDS: ReadonlyMap<number, RefundFields['refund_kind']> = new Map([
  [1, 'money_only'],
  [2, 'return'],
  [3, 'exchange'],
]);

export function mapRefund(item: SourceItem, { source }: MapContext<YouzanSettings>): Mapped {
  const checked = checkRefund(item.payload);
  if (!checked.ok) return checked.mapped;
  const { refund } = checked.value;
  const { account, identifiers, rejections } = nameAccount(
    [
      {
        ...{ type: 'youzan_open_id', scope: source.settings.account },
        ...{ given: refund.yz_open_id, path: '/refund/yz_open_id' },
      },
    ],
    // The list does not say whose it is; the order it names does.
    null,
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
        fields: refundFields(checked.value, source.zone),
      },
    ],
    rejections,
  };
}

function refundFields({ refund, detail }: RefundItem, zone: string): RefundFields {
  const status = statusOf(refund.status);
  const kind = KINDS.get(detail?.demand || 0) ?? (isSet(refund.return_goods) ? 'return' : 'money_only');
  const createdAt = readPlatformTime(refund.created)!;
  const refundedAt = status === 'success' ? readPlatformTime(detail?.refund_success_time || refund.modified) : null;
  return {
    order_no: refund.tid,
    line_no: detail?.oid ? String(detail.oid) : '',
    store_code: '',
    terminal: '',
    original_bill_no: '',
    original_date: '',
    product_id: '',
    quantity: 0,
    refunded_fen: kind === 'exchange' ? 0 : (yuanToFen(refund.refund_fee) ?? 0),
    status,
    refund_kind: kind,
    created_at: createdAt,
    refunded_at: refundedAt,
    business_date: businessDay(refundedAt ?? createdAt, zone),
    delivery: '',
  };
}

/** The documentation lists states “and others”: all that are no end are open, refused ones too, for the buyer can ask again. */
function statusOf(status: string): RefundFields['status'] {
  if (status === 'SUCCESS') return 'success';
  return status === 'CLOSED' ? 'closed' : 'open';
}
