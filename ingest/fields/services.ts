/** Fields of what a person has of the brand beyond orders: coupons, services, answers and ideas. */

export const COUPON_STATES = ['granted', 'claimed', 'used', 'expired', 'revoked'] as const;
export type CouponState = (typeof COUPON_STATES)[number];

/**
 * One coupon of one person through its life. Record key = the coupon's own number, which is stored as a token only: who
 * knows it can spend it. Amounts in fen.
 */
export interface CouponFields {
  /** The template, activity or batch it comes from. */
  readonly batch: string;
  readonly title: string;
  readonly state: CouponState;
  /** Worth; null where it is a rate or a present. */
  readonly face_fen: number | null;
  /** Spent from this sum on; null = not said. */
  readonly threshold_fen: number | null;
  readonly granted_at: Date | null;
  readonly claimed_at: Date | null;
  readonly used_at: Date | null;
  /** When it expires or expired; often in the future. */
  readonly expires_at: Date | null;
  /** The order it was used on, at this source; '' = not used, or not said. */
  readonly used_order_no: string;
  readonly used_store: string;
  /** What it took off that order; null = not said. */
  readonly discount_fen: number | null;
}

export const SERVICES = [
  'consultation',
  'parcel',
  'visit',
  'installation',
  'repair',
  'return',
  'exchange',
  'complaint',
  'review',
] as const;
export type Service = (typeof SERVICES)[number];

/**
 * One service around a purchase. Record key = its own number (work order, waybill, review id), stored as a token only.
 * The times by service:
 * parcel: opened = ordered, start_due = promised to be shipped, started = shipped, due = promised to arrive, done = delivered;
 * visit, installation, repair: opened = asked for, due = appointed, started = begun, done = kept or installed;
 * consultation, complaint, return, exchange: opened = asked for, started = answered or goods received, due = promised, done = settled;
 * review: opened = done = written.
 */
export interface ServiceFields {
  readonly service: Service;
  /** `cancelled` also for an appointment nobody kept. */
  readonly status: 'open' | 'done' | 'cancelled';
  readonly order_no: string;
  readonly product_id: string;
  readonly sku_id: string;
  readonly store_code: string;
  /** Who served: the guide's or technician's code, never a name. */
  readonly guide: string;
  /** Reason or subject as the source words it, from its own list; what the person wrote goes to `personal.message`. */
  readonly topic: string;
  readonly opened_at: Date;
  readonly start_due_at: Date | null;
  readonly started_at: Date | null;
  readonly due_at: Date | null;
  readonly done_at: Date | null;
  /** What the person gave, on the source's own scale; null = none. */
  readonly score: number | null;
  /** The best that could be given; null = not said. */
  readonly score_max: number | null;
}

/** One answer to one question. Record key = the answer's number, else `${survey}/${account}/${question}/${answered_at}`. */
export interface SurveyFields {
  readonly survey: string;
  readonly question: string;
  /** The choice taken, as the survey words it; free text goes to `personal.message`. */
  readonly answer: string;
  readonly score: number | null;
  /** The best that could be given; null = not said. */
  readonly score_max: number | null;
  readonly order_no: string;
  readonly store_code: string;
  readonly answered_at: Date;
}

/** A wish or proposal of a person; its text is `personal.message`. */
export interface IdeaFields {
  readonly topic: string;
  readonly product_id: string;
  readonly status: 'open' | 'taken_up' | 'declined';
  /** How many support it; null = not said. */
  readonly votes: number | null;
  readonly happened_at: Date;
}
