/** What the platform's rows look like, as far as they are read. Types and schemas stand side by side. */

import { checker, object, shape } from '../kit/validate.ts';
import { STATES, STEP_STATES, type StepStatus, type TradeStatus } from './order-state.ts';

type Id = string | number;
type Yuan = string | number;
/** Absent, null and "" all mean: not given. */
type Optional<T> = T | null | '' | undefined;

const { id, yuan, count, time, flag, text, oneOf, optional } = shape;
const status = oneOf(Object.keys(STATES));

export interface TradeLine {
  readonly oid: Id;
  readonly num: number;
  readonly price: Yuan;
  readonly status?: Optional<TradeStatus>;
  readonly payment?: Optional<Yuan>;
  readonly divide_order_fee?: Optional<Yuan>;
  readonly expand_card_basic_price_used_suborder?: Optional<Yuan>;
  readonly num_iid?: Optional<Id>;
  readonly sku_id?: Optional<Id>;
  readonly cid?: Optional<Id>;
  readonly title?: Optional<string>;
  readonly outer_iid?: Optional<string>;
  readonly outer_sku_id?: Optional<string>;
  readonly store_code?: Optional<string>;
  readonly is_free_gift?: Optional<boolean>;
}

export interface Trade {
  readonly tid: Id;
  readonly status: TradeStatus;
  readonly created: string;
  readonly modified: string;
  readonly payment: Yuan;
  readonly orders: readonly TradeLine[];
  readonly type?: Optional<string>;
  readonly step_trade_status?: Optional<StepStatus>;
  readonly step_paid_fee?: Optional<Yuan>;
  readonly pay_time?: Optional<string>;
  readonly end_time?: Optional<string>;
  readonly post_fee?: Optional<Yuan>;
  readonly platform_subsidy_fee?: Optional<Yuan>;
  readonly point_fee?: Optional<number>;
  readonly coupon_fee?: Optional<number>;
  readonly receipt_type?: Optional<string>;
  readonly ouid?: Optional<string>;
  readonly buyer_open_uid?: Optional<string>;
  readonly shop_code?: Optional<string>;
  readonly o2o_shop_id?: Optional<string>;
  readonly o2o_guide_id?: Optional<string>;
  readonly nr_shop_id?: Optional<string>;
  readonly nr_shop_guide_id?: Optional<string>;
}

const line = object(
  {
    oid: id,
    num: count,
    price: yuan,
    status: optional(status),
    payment: optional(yuan),
    divide_order_fee: optional(yuan),
    expand_card_basic_price_used_suborder: optional(yuan),
    num_iid: optional(id),
    sku_id: optional(id),
    cid: optional(id),
    title: optional(text),
    outer_iid: optional(text),
    outer_sku_id: optional(text),
    store_code: optional(text),
    is_free_gift: optional(flag),
  },
  ['oid', 'num', 'price'],
);

export const checkTrade = checker<Trade>(
  object(
    {
      tid: id,
      status,
      created: time,
      modified: time,
      payment: yuan,
      orders: {
        type: 'array',
        minItems: 1,
        items: line,
        reason: 'trade.no-lines',
        description: 'a list of at least one line',
      },
      type: optional(text),
      step_trade_status: optional(oneOf(Object.keys(STEP_STATES))),
      step_paid_fee: optional(yuan),
      pay_time: optional(time),
      end_time: optional(time),
      post_fee: optional(yuan),
      platform_subsidy_fee: optional(yuan),
      point_fee: optional(count),
      coupon_fee: optional(count),
      receipt_type: optional(text),
      ouid: optional(text),
      buyer_open_uid: optional(text),
      shop_code: optional(text),
      o2o_shop_id: optional(text),
      o2o_guide_id: optional(text),
      nr_shop_id: optional(text),
      nr_shop_guide_id: optional(text),
    },
    ['tid', 'status', 'created', 'modified', 'payment', 'orders'],
  ),
);

export const REFUND_STATUSES = [
  'WAIT_SELLER_AGREE',
  'WAIT_BUYER_RETURN_GOODS',
  'WAIT_SELLER_CONFIRM_GOODS',
  'WAIT_BUYER_CONFIRM_EXCHANGE_SELLER_SEND_GOODS',
  'WAIT_SELLER_CONSIGN_GOODS',
  'EXCHANGE_TRANSFORM_TO_REFUND',
  'SELLER_REFUSE_BUYER',
  'CLOSED',
  'SUCCESS',
] as const;

export interface Refund {
  readonly refund_id: Id;
  readonly tid: Id;
  readonly oid: Id;
  readonly status: (typeof REFUND_STATUSES)[number];
  readonly created: string;
  readonly modified: string;
  readonly refund_fee: Yuan;
  readonly has_good_return?: Optional<boolean>;
  readonly dispute_type?: Optional<string>;
  readonly special_refund_type?: Optional<string>;
  readonly num?: Optional<number>;
  readonly num_iid?: Optional<Id>;
  readonly outer_id?: Optional<string>;
  readonly ouid?: Optional<string>;
  readonly buyer_open_uid?: Optional<string>;
}

export const checkRefund = checker<Refund>(
  object(
    {
      refund_id: id,
      tid: id,
      oid: id,
      status: oneOf(REFUND_STATUSES),
      created: time,
      modified: time,
      refund_fee: yuan,
      has_good_return: optional(flag),
      dispute_type: optional(text),
      special_refund_type: optional(text),
      num: optional(count),
      num_iid: optional(id),
      outer_id: optional(text),
      ouid: optional(text),
      buyer_open_uid: optional(text),
    },
    ['refund_id', 'tid', 'oid', 'status', 'created', 'modified', 'refund_fee'],
  ),
);

/** BasicMember: a buyer the shop has a relation with. `grade` 0 = no member of the shop's levels. */
export interface Customer {
  readonly ouid: string;
  readonly status?: Optional<'normal' | 'blacklist'>;
  readonly grade?: Optional<number>;
  readonly grade_name?: Optional<string>;
  readonly trade_count?: Optional<number>;
  readonly trade_amount?: Optional<Yuan>;
  readonly last_trade_time?: Optional<string>;
}

export const checkCustomer = checker<Customer>(
  object(
    {
      ouid: { ...text, minLength: 1 },
      status: optional(oneOf(['normal', 'blacklist'])),
      grade: optional(count),
      grade_name: optional(text),
      trade_count: optional(count),
      trade_amount: optional(yuan),
      last_trade_time: optional(time),
    },
    ['ouid'],
  ),
);
