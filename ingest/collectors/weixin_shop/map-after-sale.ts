/** An after-sale becomes one refund record. */
import { businessDay } from '../../../clock.ts';
import type { Mapped, RefundFields, SourceItem } from '../../record.ts';
import type { MapContext } from '../collector.ts';
import { AFTER_SALE_STATUSES } from './after-sale-status.ts';
import { nameBuyer } from './buyer.ts';
import { type AfterSale, checkAfterSale, instantOf } from './schemas.ts';
import type { WeixinShopSettings } from './settings.ts';

const KINDS = { REFUND: 'money_only', RETURN: 'return', EXCHANGE: 'exchange' } as const;

export function mapAfterSale(item: SourceItem, { source }: MapContext<WeixinShopSettings>): Mapped {
  const checked = checkAfterSale(item.payload);
  if (!checked.ok) return checked.mapped;
  const row = checked.value;
  const { account, identifiers, rejections } = nameBuyer(
    { openid: row.openid, unionid: row.unionid, paths: ['/openid', '/unionid'] },
    { settings: source.settings, guest: { kind: 'guest', scope: source.settings.shop_id, key: String(row.order_id) } },
  );
  return {
    records: [
      {
        kind: 'refund',
        key: String(row.after_sale_order_id),
        account,
        identifiers,
        personal: {},
        traits: {},
        modifiedAt: instantOf(row.update_time),
        deleted: false,
        custom: {},
        fields: refundFields(row, source.zone),
      },
    ],
    rejections,
  };
}

function refundFields(row: AfterSale, zone: string): RefundFields {
  const status = AFTER_SALE_STATUSES[row.status];
  const kind = KINDS[row.type];
  const createdAt = instantOf(row.create_time)!;
  // The row has no time of its success; success is the last thing that happens to it.
  const refundedAt = status === 'success' ? instantOf(row.update_time) : null;
  const amount = (row.refund_info || null)?.amount || 0;
  return {
    order_no: String(row.order_id),
    line_no: String(row.product_info.sku_id),
    store_code: '',
    terminal: '',
    original_bill_no: '',
    original_date: '',
    // Orders may carry the brand's own number of the product; the line is found by its own number.
    product_id: '',
    quantity: row.product_info.count,
    refunded_fen: kind === 'exchange' ? 0 : amount,
    status,
    refund_kind: kind,
    created_at: createdAt,
    refunded_at: refundedAt,
    business_date: businessDay(refundedAt ?? createdAt, zone),
    delivery: '',
  };
}
