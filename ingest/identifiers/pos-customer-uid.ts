/** A till vendor’s own number of a customer within one vendor account: 64 bits, always text. */
import { INTEGER_64, platformId } from './platform-id.ts';

export const posCustomerUid = platformId({
  type: 'pos_customer_uid',
  scope: 'account',
  title: { zh: '收银系统会员 UID', en: 'Till vendor’s customer uid' },
  shape: INTEGER_64,
});
