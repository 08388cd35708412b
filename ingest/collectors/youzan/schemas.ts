/** What the platform's objects look like, as far as they are read: amounts in yuan unless said, times in Chinese time. */
import { checker, object, shape } from '../kit/validate.ts';
import { STATUSES, type TradeStatus } from './order-state.ts';

type Optional<T> = T | null | undefined | '';
type Id = string | number;
type Yuan = string | number;

const { id, text, yuan, count, time, oneOf, optional } = shape;
const named = { ...text, minLength: 1 } as const;
const part = (properties: Parameters<typeof object>[0]) =>
  ({ ...object(properties, []), reason: 'item.not-an-object', description: 'a JSON object' }) as const;
const FLAG = { enum: [true, false, 0, 1, '0', '1'], reason: 'field.not-a-flag', description: 'true or false' } as const;
/** Seconds since 1970, or milliseconds: copies of the documentation differ, and the number of digits tells. */
const INSTANT = {
  type: 'integer',
  minimum: 0,
  maximum: 9_999_999_999_999,
  reason: 'time.not-valid',
  description: 'a time in seconds or milliseconds since 1970',
} as const;

export interface TradeLine {
  readonly oid: Id;
  readonly num: number;
  readonly price: Yuan;
  readonly payment: Yuan;
  readonly title?: Optional<string>;
  readonly item_id?: Optional<Id>;
  readonly sku_id?: Optional<Id>;
  readonly outer_item_id?: Optional<string>;
  readonly outer_sku_id?: Optional<string>;
  readonly is_present?: Optional<boolean | number | string>;
  readonly item_type?: Optional<number>;
}

export interface Trade {
  readonly order_info: {
    readonly tid: string;
    readonly status: TradeStatus;
    readonly created: string;
    readonly update_time: string;
    readonly type?: Optional<number>;
    readonly pay_time?: Optional<string>;
    readonly pay_type_str?: Optional<string>;
    readonly express_type?: Optional<number>;
    readonly offline_id?: Optional<Id>;
  };
  readonly orders: readonly TradeLine[];
  readonly pay_info: {
    readonly payment: Yuan;
    readonly post_fee?: Optional<Yuan>;
    /** In fen. */
    readonly deduction_pay?: Optional<number>;
  };
  readonly buyer_info?: Optional<{
    readonly yz_open_id?: Optional<string>;
    readonly buyer_phone?: Optional<string>;
    readonly outer_user_id?: Optional<string>;
  }>;
  readonly source_info?: Optional<{ readonly source?: Optional<{ readonly wx_entrance?: Optional<string> }> }>;
}

export interface TradeItem {
  readonly full_order_info: Trade;
}

const line = object(
  {
    oid: id,
    num: count,
    price: yuan,
    payment: yuan,
    title: optional(text),
    item_id: optional(id),
    sku_id: optional(id),
    outer_item_id: optional(text),
    outer_sku_id: optional(text),
    is_present: optional(FLAG),
    item_type: optional(count),
  },
  ['oid', 'num', 'price', 'payment'],
);

const orderInfo = object(
  {
    tid: { ...text, pattern: '^[A-Za-z]\\d{8,40}$', reason: 'field.not-an-id', description: 'a number such as E2026…' },
    status: oneOf(Object.keys(STATUSES)),
    created: time,
    update_time: time,
    type: optional(count),
    pay_time: optional(time),
    pay_type_str: optional(text),
    express_type: optional(count),
    offline_id: optional(id),
  },
  ['tid', 'status', 'created', 'update_time'],
);

const trade = object(
  {
    order_info: orderInfo,
    orders: {
      type: 'array',
      minItems: 1,
      items: line,
      reason: 'order.no-lines',
      description: 'a list of at least one line',
    },
    pay_info: object({ payment: yuan, post_fee: optional(yuan), deduction_pay: optional(count) }, ['payment']),
    buyer_info: optional(
      part({ yz_open_id: optional(text), buyer_phone: optional(text), outer_user_id: optional(text) }),
    ),
    source_info: optional(part({ source: optional(part({ wx_entrance: optional(text) })) })),
  },
  ['order_info', 'orders', 'pay_info'],
);

export const checkTrade = checker<TradeItem>(object({ full_order_info: trade }, ['full_order_info']));

export interface RefundItem {
  readonly refund: {
    readonly refund_id: Id;
    readonly tid: string;
    readonly status: string;
    readonly refund_fee: Yuan;
    readonly created: string;
    readonly modified: string;
    readonly return_goods?: Optional<boolean | number | string>;
    readonly yz_open_id?: Optional<string>;
  };
  readonly detail: null | {
    readonly oid?: Optional<Id>;
    readonly demand?: Optional<number>;
    readonly refund_success_time?: Optional<string>;
  };
}

const refund = object(
  {
    refund_id: { ...id, pattern: '^\\d{1,40}$', description: 'a whole number' },
    tid: named,
    status: { ...text, pattern: '^[A-Z_]{1,60}$', reason: 'field.not-known', description: 'a state such as SUCCESS' },
    refund_fee: yuan,
    created: time,
    modified: time,
    return_goods: optional(FLAG),
    yz_open_id: optional(text),
  },
  ['refund_id', 'tid', 'status', 'refund_fee', 'created', 'modified'],
);

export const checkRefund = checker<RefundItem>(
  object(
    {
      refund,
      detail: {
        ...part({ oid: optional(id), demand: optional(count), refund_success_time: optional(time) }),
        type: ['object', 'null'],
      },
    },
    ['refund', 'detail'],
  ),
);

export interface Member {
  readonly yz_open_id: string;
  readonly mobile?: Optional<string>;
  readonly show_name?: Optional<string>;
  readonly name?: Optional<string>;
  readonly gender?: Optional<number>;
  readonly is_member?: Optional<boolean | number | string>;
  readonly points?: Optional<number>;
  readonly trade_count?: Optional<number>;
  readonly created_at?: Optional<number>;
  readonly created_member_at?: Optional<number>;
}

export const checkMember = checker<Member>(
  object(
    {
      yz_open_id: named,
      mobile: optional(text),
      show_name: optional(text),
      name: optional(text),
      gender: optional(count),
      is_member: optional(FLAG),
      points: optional({
        ...count,
        minimum: -1_000_000_000,
        maximum: 1_000_000_000_000,
        description: 'a whole number',
      }),
      trade_count: optional(count),
      created_at: optional(INSTANT),
      created_member_at: optional(INSTANT),
    },
    ['yz_open_id'],
  ),
);

/** Seconds have ten digits, milliseconds thirteen; null for none. */
export function instantOf(given: Optional<number>): Date | null {
  if (!given) return null;
  return new Date(given < 100_000_000_000 ? given * 1000 : given);
}

export function isSet(flag: Optional<boolean | number | string>): boolean {
  return flag === true || flag === 1 || flag === '1';
}
