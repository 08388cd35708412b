/** The platform's states of an after-sale (its own spelling) in the words of record.ts. */
import type { RefundFields } from '../../record.ts';

export const AFTER_SALE_STATUSES = {
  USER_CANCELD: 'closed',
  USER_CANCELED: 'closed',
  MERCHANT_PROCESSING: 'open',
  // Refused ones stay open: the buyer can ask again, or call in the platform.
  MERCHANT_REJECT_REFUND: 'open',
  MERCHANT_REJECT_RETURN: 'open',
  USER_WAIT_RETURN: 'open',
  RETURN_CLOSED: 'closed',
  MERCHANT_WAIT_RECEIPT: 'open',
  MERCHANT_OVERDUE_REFUND: 'open',
  MERCHANT_REFUND_SUCCESS: 'success',
  MERCHANT_RETURN_SUCCESS: 'success',
  PLATFORM_REFUNDING: 'open',
  PLATFORM_REFUND_FAIL: 'open',
  USER_WAIT_CONFIRM: 'open',
  MERCHANT_REFUND_RETRY_FAIL: 'open',
  MERCHANT_FAIL: 'open',
  USER_WAIT_CONFIRM_UPDATE: 'open',
  USER_WAIT_HANDLE_MERCHANT_AFTER_SALE: 'open',
} as const satisfies Record<string, RefundFields['status']>;

export type AfterSaleStatus = keyof typeof AFTER_SALE_STATUSES;

/** Whether nothing more will happen to it; a state that is not known may still change. */
export function isAtEnd(status: string): boolean {
  return Object.hasOwn(AFTER_SALE_STATUSES, status) && AFTER_SALE_STATUSES[status as AfterSaleStatus] !== 'open';
}
