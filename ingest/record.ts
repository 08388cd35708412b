/**
 * The contract between collectors, the writer and everything to the right: what one normalised fact is.
 * A SourceRecord is in clear only in memory, between `map` and the write; ClickHouse holds tokens and sealed values.
 */
import type { PriceFields, ProductFields, StatementFields, StockFields, StoreFields } from './fields/brand.ts';
import type { CouponFields, IdeaFields, ServiceFields, SurveyFields } from './fields/services.ts';
import type { IdentifierType } from './identifiers/types.ts';

export * from './fields/brand.ts';
export * from './fields/services.ts';

/** Channels of a brand; a source belongs to exactly one. */
export type Channel = 'tmall' | 'douyin' | 'wechat' | 'pos' | 'loyalty' | 'other';

/**
 * Somebody at one source. `kind` is the type of the identifier that names them there (`card_no`, `ouid`, `member_no`, …)
 * or `guest` where the fact carries none (then `key` is the fact's own key). `scope` as for identifiers.
 */
export interface SourceAccount {
  readonly kind: IdentifierType | 'guest';
  readonly scope: string;
  readonly key: string;
}

/** How far an identifier can be trusted to point at the person: verified by the platform > stated > weak (never joins). */
export type Strength = 'verified' | 'stated' | 'weak';

/** A normalised identifier: `value` as its type's `normalise` gave it, `scope` '' only for types that need none. */
export interface Identifier {
  readonly type: IdentifierType;
  readonly scope: string;
  readonly value: string;
  readonly strength: Strength;
}

/** Values that are only ever stored sealed, one blob per (account, record). Absent = unknown. */
export interface PersonalValues {
  readonly name?: string;
  readonly phone?: string;
  readonly email?: string;
  readonly address?: string;
  readonly nickname?: string;
  readonly national_id?: string;
  /** What the person wrote (a review, a complaint, an answer in free text, an idea). */
  readonly message?: string;
}

/** A date of birth with what is really known of it. Default dates (1900-01-01, 1990-01-01 …) are unknown: leave them out. */
export interface BirthDate {
  /** `yyyy-MM-dd`; the unknown parts are filled with 1904 (a leap year) or 01. */
  readonly date: string;
  readonly precision: 'day' | 'month_day' | 'year';
}

/** What a record says of the person; stored in clear columns. Absent = unknown. */
export interface Traits {
  readonly gender?: 'male' | 'female';
  readonly birth?: BirthDate;
  readonly province?: string;
  readonly city?: string;
}

interface RecordBase {
  /** Unique within (source, kind); stable over versions. Never a personal value except ids, which are stored as tokens. */
  readonly key: string;
  /** The one account the fact is about; null for a fact about nobody (a store) or nobody known (a bill without a card). */
  readonly account: SourceAccount | null;
  /** Further identifiers the record gives for that account (its own key is added by the writer). */
  readonly identifiers: readonly Identifier[];
  readonly personal: PersonalValues;
  readonly traits: Traits;
  /** The source's own modified time; null = the delivery time of its page or file counts. */
  readonly modifiedAt: Date | null;
  /** A tombstone: the source says the fact is no more. Deleted is a version like any other. */
  readonly deleted: boolean;
  /** The brand's own fields (`custom` columns of a mapping), as text. Never personal values. */
  readonly custom: Readonly<Record<string, string>>;
}

export interface MembershipFields {
  readonly status: 'active' | 'closed';
  readonly level: string;
  readonly points: number | null;
  readonly joined_at: Date | null;
  readonly store_code: string;
  readonly guide: string;
}

export interface BindingFields {
  /** The channel whose id is bound (the id itself is in `identifiers`). */
  readonly channel: Channel;
  readonly bound_at: Date | null;
  readonly unbound_at: Date | null;
}

export interface PointsEntryFields {
  readonly delta: number;
  readonly balance: number | null;
  readonly reason: string;
  readonly happened_at: Date;
}

export interface LevelChangeFields {
  readonly from_level: string;
  readonly to_level: string;
  readonly happened_at: Date;
}

export interface ShopCustomerFields {
  readonly grade: string;
  readonly status: 'normal' | 'blocked';
  readonly trade_count: number | null;
  readonly trade_amount_fen: number | null;
  readonly last_trade_at: Date | null;
  /** What a channel keeps of its own card (a till's member row); absent where it keeps none. */
  readonly points?: number | null;
  readonly joined_at?: Date | null;
  readonly store_code?: string;
  readonly guide?: string;
}

export const ORDER_STATES = [
  'created',
  'deposit_paid',
  'paid',
  'part_shipped',
  'shipped',
  'finished',
  'closed_unpaid',
  'closed_refunded',
] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/** What a line is; only `goods` make a purchase. `staff`, `wholesale`, `test`, `exchange` are whole orders that are no purchase. */
export type LineKind = 'goods' | 'gift' | 'postage' | 'top_up' | 'staff' | 'wholesale' | 'test' | 'exchange';

/**
 * One line of an order with its order's head repeated (all lines of one platform order arrive together; a till's lines
 * arrive line by line and an order is the group of its live lines). Record key = `${order_no}/${line_no}`.
 * Amounts in fen, as integers. Freight, platform subsidy, deposit are the order's and stand on every line alike.
 */
export interface OrderLineFields {
  /** The order's key at this source: the platform's number, or `store/terminal/date/bill` of a till. */
  readonly order_no: string;
  readonly line_no: string;
  /** The platform's number when this is a copy of a platform order (a till's or an ERP's fulfilment), else ''. */
  readonly platform_order_no: string;
  /** True for the platform itself: its row is the fact, copies with the same platform_order_no are its fulfilment. */
  readonly is_platform: boolean;
  /** A till bill that names an online channel without a number: held out of totals, listed as a suspected double. */
  readonly suspected_double: boolean;
  readonly state: OrderState;
  readonly line_kind: LineKind;
  readonly sold_by: string;
  readonly fulfilled_by: string;
  readonly credited_store: string;
  readonly credited_guide: string;
  readonly scene: '' | 'self' | 'search' | 'live' | 'video' | 'share' | 'guide' | 'pick_up';
  readonly terminal: string;
  /** The till's bill number as printed (returns name it), '' for platforms. */
  readonly bill_no: string;
  readonly created_at: Date;
  readonly paid_at: Date | null;
  /** `yyyy-MM-dd`: a till's own business day; for platforms the day of paid_at (or created_at) in the brand's zone. */
  readonly business_date: string;
  readonly product_id: string;
  readonly sku_id: string;
  readonly title: string;
  readonly category: string;
  readonly quantity: number;
  readonly ordered_fen: number;
  /** What the buyer paid for this line, after splitting the order's discounts; without freight and subsidies. */
  readonly paid_fen: number;
  readonly discount_fen: number;
  readonly freight_fen: number;
  readonly platform_subsidy_fen: number;
  readonly coupon_fen: number;
  readonly points_fen: number;
  readonly stored_value_fen: number;
  readonly deposit_fen: number;
  /** Which delivery (file) this line stands in: a later complete file tombstones the lines it no longer holds. '' = none. */
  readonly delivery: string;
}

export interface RefundFields {
  /** The refunded order at this source; '' where a till's return does not name it wholly (it is joined when read). */
  readonly order_no: string;
  readonly line_no: string;
  /** A till's return names its sale by these: store and terminal, the original bill number, the original day if given. */
  readonly store_code: string;
  readonly terminal: string;
  readonly original_bill_no: string;
  readonly original_date: string;
  readonly product_id: string;
  readonly quantity: number;
  readonly refunded_fen: number;
  readonly status: 'open' | 'success' | 'closed';
  /**
   * money_only = price protection and the like: money back, not a return. exchange = no purchase and no return.
   * reversal = the sale never was (冲红 at a till): no return, and the sale it joins is no purchase.
   */
  readonly refund_kind: 'money_only' | 'return' | 'exchange' | 'reversal';
  readonly created_at: Date;
  readonly refunded_at: Date | null;
  readonly business_date: string;
  readonly delivery: string;
}

export interface EventFields {
  /** Views, favourites, carts, live streams and content are events, too: `product_viewed`, `product_added`, … */
  readonly event: string;
  readonly happened_at: Date;
  readonly properties: Readonly<Record<string, string>>;
}

export interface ConsentFields {
  /** What for: `marketing`, `analysis`, `sharing` … */
  readonly purpose: string;
  /** Through what: `sms`, `email`, `wechat`, `phone`, … or `any`. */
  readonly via: string;
  readonly granted: boolean;
  readonly happened_at: Date;
}

export interface FieldsByKind {
  membership: MembershipFields;
  binding: BindingFields;
  points_entry: PointsEntryFields;
  level_change: LevelChangeFields;
  shop_customer: ShopCustomerFields;
  order_line: OrderLineFields;
  refund: RefundFields;
  store: StoreFields;
  event: EventFields;
  consent: ConsentFields;
  product: ProductFields;
  stock: StockFields;
  price: PriceFields;
  coupon: CouponFields;
  service: ServiceFields;
  survey: SurveyFields;
  idea: IdeaFields;
  statement: StatementFields;
}

export type RecordKind = keyof FieldsByKind;

export type SourceRecord = {
  [K in RecordKind]: RecordBase & { readonly kind: K; readonly fields: FieldsByKind[K] };
}[RecordKind];

/** A raw item, or a part of one, that could not become a record: kept in quarantine, shown, replayable. */
export interface Rejection {
  /** JSON pointer or column name within the item. */
  readonly path: string;
  /** What was given, shortened and masked (`mask` of ingest/identifiers): never a whole personal value. */
  readonly given: string;
  /** What was expected, in words. */
  readonly expected: string;
  /** A stable reason code, for example `phone.too-short`, `row.too-few-cells`, `amount.not-a-number`. */
  readonly code: string;
  /** True when nothing of the item became a record; false when a record was written without this value. */
  readonly wholeItem: boolean;
}

/** One raw item as the platform sent it, not interpreted: what is sealed and archived before anything else is done. */
export interface SourceItem {
  /** The collector's own item kind (`trade`, `refund`, `member_row`, `sale_row`), which `map` switches on. */
  readonly kind: string;
  /** The item's own key at the source, without interpreting it (a trade's tid; `<file digest>:<line>` of a file's row). */
  readonly key: string;
  /** The item's bytes as text (JSON as sent; for a file's row a JSON object of header to cell). */
  readonly payload: string;
  readonly position: number;
  /** When the page or file that holds it was delivered. */
  readonly deliveredAt: Date;
}

export interface Mapped {
  readonly records: readonly SourceRecord[];
  readonly rejections: readonly Rejection[];
}

/** A delivery that is whole for a kind and a set of (store, day): lines it no longer holds are gone. */
export interface Completeness {
  readonly kind: 'order_line';
  readonly delivery: string;
  readonly storeDays: readonly { readonly store: string; readonly businessDate: string }[];
}
