/** What kind of bill a till's line stands on, told by the words tills use. */
import type { LineKind, RefundFields } from '../../record.ts';
import type { Row } from './row.ts';

const TEST = /测试|试机|^test/i;
const WHOLESALE = /批发|团购|大客户|wholesale/i;
const STAFF = /员购|员工|内购|内部购|staff|employee/i;
const EXCHANGE = /换货|exchange/i;
const TOP_UP = /充值|储值(?!支付|抵)|购卡|售卡|top.?up|recharge/i;
const POSTAGE = /^(?:运费|邮费|快递费|postage|freight|shipping)/i;
const GIFT = /赠品|赠送|gift/i;
const REVERSAL = /冲红|红冲|冲销|红字|reversal/i;
const RETURN = /退货|退款|销退|退单|return|refund/i;
const PROTECTION = /价保|保价|差价|返差|退差/i;
const YES = /^(?:1|y|yes|t|true|是|√|退货?|已?退货)$/i;

/** States of a bill that never was a sale, or is one no more. */
const VOID = /作废|取消|挂单|挂起|暂存|删除|无效|void|cancel|hold|held|parked|suspend/i;
const RETURNED = /^(?:已?全?退货?|已?退款|已退单|returned|refunded)$/i;

const TEST_STORES = ['9999'];

/** A line with its two numbers read; null where the cell is blank or no number. */
export interface SignedLine {
  readonly row: Row;
  readonly quantity: number | null;
  readonly paidFen: number | null;
}

/** What is sold on a line. Only goods make a purchase. `free`: nothing was given for it, by any means. */
export function lineKindOf(row: Row, of: { testStores: readonly string[] | undefined; free: boolean }): LineKind {
  const type = row.text('bill_type');
  const what = `${row.text('category')} ${row.text('title')}`;
  if ((of.testStores ?? TEST_STORES).includes(row.text('store_code'))) return 'test';
  if (TEST.test(row.text('store_name')) || TEST.test(type)) return 'test';
  if (WHOLESALE.test(type)) return 'wholesale';
  if (STAFF.test(type)) return 'staff';
  if (EXCHANGE.test(type)) return 'exchange';
  if (TOP_UP.test(type) || TOP_UP.test(what)) return 'top_up';
  if (POSTAGE.test(row.text('title')) || POSTAGE.test(row.text('product_id'))) return 'postage';
  return GIFT.test(type) || of.free ? 'gift' : 'goods';
}

/** Void and parked bills, and bills that were reversed: no sale. The reversal itself is not void. */
export function isVoid(line: SignedLine): boolean {
  const status = line.row.text('status');
  if (VOID.test(status) || VOID.test(line.row.text('bill_type'))) return true;
  return REVERSAL.test(status) && !isBack(line);
}

/** A bill that was given back later and stands here once more, flagged. */
export function isReturned(line: SignedLine): boolean {
  return RETURNED.test(line.row.text('status')) && !isBack(line);
}

/** A line by which something goes back: its sign, its flag, or the kind of its bill say so. */
export function isBack({ row, quantity, paidFen }: SignedLine): boolean {
  if ((quantity ?? 0) < 0 || (paidFen ?? 0) < 0 || YES.test(row.text('return_flag'))) return true;
  const type = row.text('bill_type');
  return RETURN.test(type) || REVERSAL.test(type);
}

/** What kind of money back a line is. */
export function refundKindOf({ row, quantity }: SignedLine): RefundFields['refund_kind'] {
  const type = row.text('bill_type');
  if (REVERSAL.test(type) || REVERSAL.test(row.text('status'))) return 'reversal';
  if (EXCHANGE.test(type)) return 'exchange';
  return PROTECTION.test(type) || quantity === 0 ? 'money_only' : 'return';
}
