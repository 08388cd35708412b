/** What the platform's rows look like, as far as they are read. Types and schemas stand side by side. */
import { checker, object, shape } from '../kit/validate.ts';
import { type OrderStatus, type Phase, STATES } from './order-state.ts';

export type Id = string | number;
/** Absent, null and "" all mean: not given. */
export type Optional<T> = T | null | '' | undefined;

const { id, fen, count, seconds, flag, text, oneOf, optional } = shape;
const status = oneOf(Object.keys(STATES).map(Number));
const anObject = (properties: Readonly<Record<string, object>>) => ({
  ...object(properties, []),
  reason: 'item.not-an-object',
  description: 'a JSON object',
});

/** A sku_order: one line. Amounts are fen, of all pieces together but for `origin_amount`. */
export interface OrderLine {
  readonly order_id: Id;
  readonly item_num: number;
  readonly origin_amount: number;
  readonly order_status?: Optional<OrderStatus>;
  readonly sum_amount?: Optional<number>;
  readonly pay_amount?: Optional<number>;
  readonly promotion_redpack_amount?: Optional<number>;
  readonly product_id?: Optional<Id>;
  readonly product_id_str?: Optional<string>;
  readonly product_name?: Optional<string>;
  readonly sku_id?: Optional<Id>;
  readonly out_sku_id?: Optional<Id>;
  readonly out_product_id?: Optional<Id>;
  readonly code?: Optional<string>;
  readonly cid?: Optional<Id>;
  readonly given_product_type?: Optional<string>;
  readonly author_id?: Optional<Id>;
  readonly room_id_str?: Optional<string>;
  readonly video_id?: Optional<Id>;
  readonly store_info?: Optional<{ readonly store_id?: Optional<Id> }>;
}

/** A shop_order. Times are seconds, 0 = none. */
export interface Order {
  readonly order_id: Id;
  readonly order_status: OrderStatus;
  readonly create_time: number;
  readonly update_time: number;
  readonly pay_amount: number;
  readonly sku_order_list: readonly OrderLine[];
  readonly main_status?: Optional<number>;
  readonly pay_time?: Optional<number>;
  readonly finish_time?: Optional<number>;
  readonly pay_type?: Optional<number>;
  readonly post_amount?: Optional<number>;
  readonly platform_cost_amount?: Optional<number>;
  readonly promotion_platform_amount?: Optional<number>;
  readonly doudian_open_id?: Optional<string>;
  readonly mask_post_tel?: Optional<string>;
  readonly encrypt_post_tel?: Optional<string>;
  readonly order_phase_list?: readonly Phase[] | null;
}

const line = object(
  {
    order_id: id,
    item_num: count,
    origin_amount: fen,
    order_status: optional(status),
    sum_amount: optional(fen),
    pay_amount: optional(fen),
    promotion_redpack_amount: optional(fen),
    product_id: optional(id),
    product_id_str: optional(id),
    product_name: optional(text),
    sku_id: optional(id),
    // A merchant's own numbers: any text.
    out_sku_id: optional({ ...text, type: ['string', 'integer'] }),
    out_product_id: optional({ ...text, type: ['string', 'integer'] }),
    code: optional(text),
    cid: optional(id),
    given_product_type: optional(text),
    author_id: optional(id),
    room_id_str: optional(text),
    video_id: optional({ ...text, type: ['string', 'integer'] }),
    store_info: optional(anObject({ store_id: optional(id) })),
  },
  ['order_id', 'item_num', 'origin_amount'],
);

const phase = object(
  { sku_order_id: id, total_phase: count, current_phase: count, pay_success: flag, phase_pay_amount: optional(fen) },
  ['sku_order_id', 'total_phase', 'current_phase', 'pay_success'],
);

export const checkOrder = checker<Order>(
  object(
    {
      order_id: id,
      order_status: status,
      create_time: { ...seconds, minimum: 1 },
      update_time: { ...seconds, minimum: 1 },
      pay_amount: fen,
      sku_order_list: {
        type: 'array',
        minItems: 1,
        items: line,
        reason: 'order.no-lines',
        description: 'a list of at least one line',
      },
      main_status: optional(count),
      pay_time: optional(seconds),
      finish_time: optional(seconds),
      pay_type: optional(count),
      post_amount: optional(fen),
      platform_cost_amount: optional(fen),
      promotion_platform_amount: optional(fen),
      doudian_open_id: optional(text),
      mask_post_tel: optional(text),
      encrypt_post_tel: optional(text),
      order_phase_list: {
        type: ['array', 'null'],
        items: phase,
        reason: 'field.not-a-list',
        description: 'a list of payment steps',
      },
    },
    ['order_id', 'order_status', 'create_time', 'update_time', 'pay_amount', 'sku_order_list'],
  ),
);

export const AFTERSALE_TYPES = [0, 1, 2, 3, 6, 7, 8] as const;

/** A line of the order that an after-sale is about. */
export interface RelatedLine {
  readonly sku_order_id: Id;
  readonly aftersale_pay_amount?: Optional<number>;
  readonly aftersale_item_num?: Optional<number>;
  readonly product_id?: Optional<Id>;
}

/** Amounts are fen, times seconds. */
export interface AftersaleInfo {
  readonly aftersale_id: Id;
  readonly aftersale_type: (typeof AFTERSALE_TYPES)[number];
  readonly aftersale_status: number;
  readonly apply_time: number;
  readonly update_time: number;
  readonly refund_amount: number;
  readonly related_id?: Optional<Id>;
  readonly aftersale_num?: Optional<number>;
  readonly refund_post_amount?: Optional<number>;
  readonly refund_status?: Optional<number>;
}

/** An item of the after-sales list. */
export interface Aftersale {
  readonly aftersale_info: AftersaleInfo;
  readonly order_info: {
    readonly shop_order_id: Id;
    readonly related_order_info?: readonly RelatedLine[] | null;
  };
}

const related = object(
  {
    sku_order_id: id,
    aftersale_pay_amount: optional(fen),
    aftersale_item_num: optional(count),
    product_id: optional(id),
  },
  ['sku_order_id'],
);

export const checkAftersale = checker<Aftersale>(
  object(
    {
      aftersale_info: object(
        {
          aftersale_id: id,
          aftersale_type: oneOf(AFTERSALE_TYPES),
          aftersale_status: count,
          apply_time: { ...seconds, minimum: 1 },
          update_time: { ...seconds, minimum: 1 },
          refund_amount: fen,
          related_id: optional(id),
          aftersale_num: optional(count),
          refund_post_amount: optional(fen),
          refund_status: optional(count),
        },
        ['aftersale_id', 'aftersale_type', 'aftersale_status', 'apply_time', 'update_time', 'refund_amount'],
      ),
      order_info: object(
        {
          shop_order_id: id,
          related_order_info: {
            type: ['array', 'null'],
            items: related,
            reason: 'field.not-a-list',
            description: 'a list of lines',
          },
        },
        ['shop_order_id'],
      ),
    },
    ['aftersale_info', 'order_info'],
  ),
);

/** An order of a member. */
export interface MemberOrder {
  readonly order_id: Id;
  readonly open_id: string;
}

export const checkMemberOrder = checker<MemberOrder>(
  object({ order_id: id, open_id: { ...text, minLength: 1 } }, ['order_id', 'open_id']),
);

/** What the platform knows of a member. `mobile` is in clear where the member paid here within 90 days, else empty. */
export interface Member {
  readonly success: boolean;
  readonly open_id: string;
  readonly union_id?: Optional<string>;
  readonly level?: Optional<number>;
  /** Hundredths of a point, below 0 as well. */
  readonly point_cent?: Optional<number>;
  readonly mobile?: Optional<string>;
  readonly mix_mobile?: Optional<string>;
  readonly mask_mobile?: Optional<string>;
  readonly err_code?: Optional<Id>;
}

export const checkMember = checker<Member>(
  object(
    {
      success: flag,
      open_id: { ...text, minLength: 1 },
      union_id: optional(text),
      level: optional(count),
      point_cent: optional({ ...count, minimum: -9_007_199_254_740_991, description: 'a whole number' }),
      mobile: optional(text),
      mix_mobile: optional(text),
      mask_mobile: optional(text),
      err_code: optional({ ...text, type: ['string', 'integer'] }),
    },
    ['success', 'open_id'],
  ),
);
