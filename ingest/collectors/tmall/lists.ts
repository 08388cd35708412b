/** The lists that are pulled by time of change, and what is asked of each: only fields that become records. */

import type { ListApi } from './pull-list.ts';
import { recentReach, wholeReach } from './reach.ts';

/** Types that are not listed are silently missing from the answers. */
const TRADE_TYPES = [
  'fixed',
  'auction',
  'guarantee_trade',
  'auto_delivery',
  'independent_simple_trade',
  'independent_shop_trade',
  'ec',
  'cod',
  'fenxiao',
  'game_equipment',
  'shopex_trade',
  'netcn_trade',
  'external_trade',
  'o2o_offlinetrade',
  'step',
  'nopaid',
  'pre_auth_type',
].join(',');

/** No receiver, no message of the buyer, no nick: nothing of a person but the app's own id of the buyer. */
export const TRADE_FIELDS = [
  'tid',
  'type',
  'status',
  'step_trade_status',
  'step_paid_fee',
  'created',
  'modified',
  'pay_time',
  'end_time',
  'payment',
  'post_fee',
  'point_fee',
  'coupon_fee',
  'platform_subsidy_fee',
  'receipt_type',
  'buyer_open_uid',
  'shop_code',
  'o2o_shop_id',
  'o2o_guide_id',
  'nr_shop_id',
  'nr_shop_guide_id',
  'orders',
].join(',');

export const REFUND_FIELDS = [
  'refund_id',
  'tid',
  'oid',
  'status',
  'created',
  'modified',
  'refund_fee',
  'has_good_return',
  'dispute_type',
  'special_refund_type',
  'num',
  'num_iid',
  'outer_id',
  'ouid',
  'buyer_open_uid',
].join(',');

const MODIFIED = { from: 'start_modified', to: 'end_modified', page: 'page_no', total: 'total_results' };

export const TRADE_KEY = /"tid"\s*:\s*"?(\d+)/;
export const REFUND_KEY = /"refund_id"\s*:\s*"?(\d+)/;

const MODIFIED_AT = /"modified"\s*:\s*"([^"]*)"/;

export const trades: ListApi = {
  method: 'taobao.trades.sold.increment.get',
  rows: 'trades',
  itemKind: 'trade',
  key: TRADE_KEY,
  changed: MODIFIED_AT,
  lastPage: 100,
  reach: recentReach,
  names: MODIFIED,
  params: { fields: TRADE_FIELDS, type: TRADE_TYPES },
  hasNext: true,
};

export const refunds: ListApi = {
  method: 'taobao.refunds.receive.get',
  rows: 'refunds',
  itemKind: 'refund',
  key: REFUND_KEY,
  changed: MODIFIED_AT,
  lastPage: 100,
  reach: recentReach,
  names: MODIFIED,
  params: { fields: REFUND_FIELDS, type: TRADE_TYPES },
  hasNext: true,
};

/** Buyers the shop has a relation with: no members of the brand, and without a phone. */
export const customers: ListApi = {
  method: 'taobao.crm.members.increment.get.privy',
  rows: 'members',
  itemKind: 'customer',
  key: /"ouid"\s*:\s*"([^"\\]+)"/,
  changed: null,
  lastPage: 1000,
  reach: wholeReach,
  names: { from: 'start_modify', to: 'end_modify', page: 'current_page', total: 'total_result' },
  params: {},
  hasNext: false,
};
