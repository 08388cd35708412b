/**
 * An after-sale becomes one refund record for each line it is about. It does not name the buyer: it joins its order by the
 * order's number, and is about nobody by itself.
 */
import { businessDay } from '../../../clock.ts';
import type { Mapped, RefundFields, SourceItem, SourceRecord } from '../../record.ts';
import type { MapContext } from '../collector.ts';
import { share } from '../kit/money.ts';
import { rejected, shown } from '../kit/validate.ts';
import { type Aftersale, type AftersaleInfo, checkAftersale, type RelatedLine } from './schemas.ts';
import type { DouyinSettings } from './settings.ts';

export function mapAftersale(item: SourceItem, context: MapContext<DouyinSettings>): Mapped {
  const checked = checkAftersale(item.payload);
  if (!checked.ok) return checked.mapped;
  const aftersale = checked.value;
  const lines = linesOf(aftersale);
  const twice = lines.find((line, n) => lines.findIndex((one) => idOf(one) === idOf(line)) !== n);
  if (twice) {
    const expected = 'lines with a number of their own each';
    const given = shown(idOf(twice));
    return rejected({ path: '/order_info/related_order_info', given, expected, code: 'aftersale.line-twice' });
  }
  const { aftersale_id, update_time } = aftersale.aftersale_info;
  const amounts = amountsOf(aftersale.aftersale_info, lines);
  const records = lines.map((line, n): SourceRecord => {
    return {
      kind: 'refund',
      key: `${aftersale_id}/${idOf(line)}`,
      account: null,
      identifiers: [],
      personal: {},
      traits: {},
      modifiedAt: new Date(update_time * 1000),
      deleted: false,
      custom: {},
      fields: fieldsOf(aftersale, { line, refundedFen: amounts[n]!, alone: lines.length === 1, context }),
    };
  });
  return { records, rejections: [] };
}

/** The lines told; where none are, the one that `related_id` names. */
function linesOf({ aftersale_info, order_info }: Aftersale): readonly RelatedLine[] {
  const told = order_info.related_order_info ?? [];
  return told.length > 0 ? told : [{ sku_order_id: aftersale_info.related_id || '' }];
}

/** What is given back for each line, without the freight that `refund_amount` holds; nothing for goods against goods. */
function amountsOf(info: AftersaleInfo, lines: readonly RelatedLine[]): number[] {
  const goods = kindOf(info) === 'exchange' ? 0 : info.refund_amount - (info.refund_post_amount || 0);
  return share(
    goods,
    lines.map(({ aftersale_pay_amount }) => aftersale_pay_amount || 0),
  );
}

function fieldsOf(
  { aftersale_info: info, order_info }: Aftersale,
  of: { line: RelatedLine; refundedFen: number; alone: boolean; context: MapContext<DouyinSettings> },
): RefundFields {
  const { line, refundedFen, alone, context } = of;
  const status = statusOf(info);
  const createdAt = new Date(info.apply_time * 1000);
  // The row has no time of its success; success is the last thing that happens to it.
  const refundedAt = status === 'success' ? new Date(info.update_time * 1000) : null;
  return {
    order_no: String(order_info.shop_order_id),
    line_no: idOf(line),
    store_code: '',
    terminal: '',
    original_bill_no: '',
    original_date: '',
    product_id: line.product_id ? String(line.product_id) : '',
    quantity: line.aftersale_item_num || (alone ? info.aftersale_num || 0 : 0),
    refunded_fen: refundedFen,
    status,
    refund_kind: kindOf(info),
    created_at: createdAt,
    refunded_at: refundedAt,
    business_date: businessDay(refundedAt ?? createdAt, context.source.zone),
    delivery: '',
  };
}

/** `refund_status` 3 given back, 5 given back by the platform and claimed from the shop. */
const GIVEN_BACK: readonly unknown[] = [3, 5];
/** `aftersale_status` 12 done, 14 exchanged. */
const EXCHANGED: readonly unknown[] = [12, 14];
const CLOSED = 28;

/**
 * A closed after-sale keeps its `refund_status` of 1, waiting. A refused one stays open: the buyer can ask again, or call in
 * the platform.
 */
function statusOf(info: AftersaleInfo): RefundFields['status'] {
  if (GIVEN_BACK.includes(info.refund_status)) return 'success';
  if (info.aftersale_status === CLOSED) return 'closed';
  return kindOf(info) === 'exchange' && EXCHANGED.includes(info.aftersale_status) ? 'success' : 'open';
}

/** `aftersale_type` of this list; that of the lines of orders has other numbers for the same words. */
const KINDS: Readonly<Record<AftersaleInfo['aftersale_type'], RefundFields['refund_kind']>> = {
  // 退货退款
  0: 'return',
  // 已发货仅退款, 未发货仅退款
  1: 'money_only',
  2: 'money_only',
  // 换货
  3: 'exchange',
  // 价保
  6: 'money_only',
  // 补寄, 维修
  7: 'exchange',
  8: 'exchange',
};

function kindOf({ aftersale_type }: AftersaleInfo): RefundFields['refund_kind'] {
  return KINDS[aftersale_type];
}

function idOf({ sku_order_id }: RelatedLine): string {
  return String(sku_order_id);
}
