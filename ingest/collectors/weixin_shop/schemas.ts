/** What the platform's objects look like, as far as they are read. Amounts in fen, times in seconds, ids as text. */
import { checker, object, shape } from '../kit/validate.ts';
import { AFTER_SALE_STATUSES, type AfterSaleStatus } from './after-sale-status.ts';
import { type OrderStatus, STATUSES } from './order-status.ts';

type Optional<T> = T | null | '' | undefined;
type Id = string | number;
type Seconds = string | number;

const { id, text, count, fen, optional, oneOf } = shape;

/** Up to the year 2286; samples of messages hold them as text. */
const SECONDS = {
  type: ['integer', 'string'],
  minimum: 1,
  maximum: 9_999_999_999,
  pattern: '^[1-9]\\d{0,9}$',
  reason: 'time.not-seconds',
  description: 'a time in seconds since 1970',
} as const;
/** A whole number that the platform writes as text here and as a number there. */
const WHOLE = {
  type: ['integer', 'string'],
  minimum: -1_000_000_000_000,
  maximum: 1_000_000_000_000,
  pattern: '^-?\\d{1,12}$',
  reason: 'field.not-a-count',
  description: 'a whole number',
} as const;

export interface ProductInfo {
  readonly product_id: Id;
  readonly sku_id: Id;
  readonly sku_cnt: number;
  readonly sale_price: number;
  readonly real_price?: Optional<number>;
  readonly title?: Optional<string>;
  readonly out_product_id?: Optional<string>;
  readonly out_sku_id?: Optional<string>;
  readonly sku_code?: Optional<string>;
  readonly deduction_price?: Optional<number>;
}

export interface Order {
  readonly order_id: Id;
  readonly status: OrderStatus;
  readonly create_time: Seconds;
  readonly update_time: Seconds;
  readonly openid?: Optional<string>;
  readonly unionid?: Optional<string>;
  readonly order_detail: {
    readonly product_infos: readonly ProductInfo[];
    readonly pay_info?: Optional<{ readonly pay_time?: Optional<Seconds> }>;
    readonly price_info: { readonly order_price: number; readonly freight?: Optional<number> };
    readonly ext_info?: Optional<{ readonly order_scene?: Optional<number> }>;
  };
}

const productInfo = object(
  {
    product_id: id,
    sku_id: id,
    sku_cnt: count,
    sale_price: fen,
    real_price: optional(fen),
    title: optional(text),
    out_product_id: optional(text),
    out_sku_id: optional(text),
    sku_code: optional(text),
    deduction_price: optional(fen),
  },
  ['product_id', 'sku_id', 'sku_cnt', 'sale_price'],
);

const describedObject = (properties: Parameters<typeof object>[0]) =>
  ({ ...object(properties, []), reason: 'item.not-an-object', description: 'a JSON object' }) as const;

const orderDetail = object(
  {
    product_infos: {
      type: 'array',
      minItems: 1,
      items: productInfo,
      reason: 'order.no-lines',
      description: 'a list of at least one line',
    },
    pay_info: optional(describedObject({ pay_time: optional({ ...SECONDS, minimum: 0, pattern: '^\\d{1,10}$' }) })),
    price_info: object({ order_price: fen, freight: optional(fen) }, ['order_price']),
    ext_info: optional(describedObject({ order_scene: optional(count) })),
  },
  ['product_infos', 'price_info'],
);

export const checkOrder = checker<Order>(
  object(
    {
      order_id: id,
      status: {
        ...oneOf([]),
        enum: Object.keys(STATUSES).map(Number),
        description: `one of ${Object.keys(STATUSES).join(', ')}`,
      },
      create_time: SECONDS,
      update_time: SECONDS,
      openid: optional(text),
      unionid: optional(text),
      order_detail: orderDetail,
    },
    ['order_id', 'status', 'create_time', 'update_time', 'order_detail'],
  ),
);

export interface AfterSale {
  readonly after_sale_order_id: Id;
  readonly order_id: Id;
  readonly status: AfterSaleStatus;
  readonly type: 'REFUND' | 'RETURN' | 'EXCHANGE';
  readonly create_time: Seconds;
  readonly update_time: Seconds;
  readonly openid?: Optional<string>;
  readonly unionid?: Optional<string>;
  readonly product_info: { readonly product_id: Id; readonly sku_id: Id; readonly count: number };
  readonly refund_info?: Optional<{ readonly amount?: Optional<number> }>;
}

export const checkAfterSale = checker<AfterSale>(
  object(
    {
      after_sale_order_id: id,
      order_id: id,
      status: oneOf(Object.keys(AFTER_SALE_STATUSES)),
      // The documentation knows REFUND and RETURN; EXCHANGE is assumed.
      type: oneOf(['REFUND', 'RETURN', 'EXCHANGE']),
      create_time: SECONDS,
      update_time: SECONDS,
      openid: optional(text),
      unionid: optional(text),
      product_info: object({ product_id: id, sku_id: id, count }, ['product_id', 'sku_id', 'count']),
      refund_info: optional(describedObject({ amount: optional(fen) })),
    },
    ['after_sale_order_id', 'order_id', 'status', 'type', 'create_time', 'update_time', 'product_info'],
  ),
);

/** A member of the list: here it is `union_id`, where orders say `unionid`. */
export interface Member {
  readonly openid: string;
  readonly union_id?: Optional<string>;
  readonly user_info?: Optional<{ readonly phone_number?: Optional<string> }>;
  readonly user_grade_info?: Optional<{ readonly grade?: Optional<Id>; readonly experience_value?: Optional<Id> }>;
}

export const checkMember = checker<Member>(
  object(
    {
      openid: { ...text, minLength: 1 },
      union_id: optional(text),
      user_info: optional(describedObject({ phone_number: optional(text) })),
      user_grade_info: optional(describedObject({ grade: optional(WHOLE), experience_value: optional(WHOLE) })),
    },
    ['openid'],
  ),
);

export interface Message {
  readonly FromUserName: string;
  readonly CreateTime: Seconds;
  readonly Event: string;
  readonly user_info?: Optional<{
    readonly join_time?: Optional<Seconds>;
    readonly close_time?: Optional<Seconds>;
    readonly phone_number?: Optional<string>;
    readonly grade?: Optional<Id>;
    readonly experience_value?: Optional<Id>;
    readonly score?: Optional<Id>;
    readonly delta_score?: Optional<Id>;
  }>;
}

export const checkMessage = checker<Message>(
  object(
    {
      FromUserName: text,
      CreateTime: SECONDS,
      Event: text,
      user_info: optional(
        describedObject({
          join_time: optional(SECONDS),
          close_time: optional(SECONDS),
          phone_number: optional(text),
          grade: optional(WHOLE),
          experience_value: optional(WHOLE),
          score: optional(WHOLE),
          delta_score: optional(WHOLE),
        }),
      ),
    },
    ['FromUserName', 'CreateTime', 'Event'],
  ),
);

/** An instant from seconds that have passed the schema; null where there is none (0 counts as none). */
export function instantOf(seconds: Optional<Seconds>): Date | null {
  const number = Number(seconds || 0);
  return number > 0 ? new Date(number * 1000) : null;
}
