/** Fields of the facts that are the brand's own and about nobody: stores, products, stock, prices and daily statements. */
import type { Channel } from '../record.ts';

/** Kinds that say nothing of any person: their records have no account. */
export type KindAboutNobody = 'store' | 'product' | 'stock' | 'price' | 'statement';

export interface StoreFields {
  readonly store_code: string;
  readonly title: string;
  readonly region: string;
  readonly status: 'open' | 'closed';
  /** Who runs it where the brand does not: the dealer's code or name; '' = the brand itself, or unknown. */
  readonly dealer: string;
  /** Codes of its guides, as sales and memberships name them; never their names. */
  readonly guides: readonly string[];
}

/** Where a product stands in its life, as its source says; '' where it does not say. */
export const LIFE_STAGES = ['', 'new', 'hit', 'long_tail', 'clearance'] as const;
export type LifeStage = (typeof LIFE_STAGES)[number];

/** One SKU with its product (SPU) repeated, as the source names them. Record key = `${product_id}/${sku_id}`. */
export interface ProductFields {
  /** As the source's order lines name the product. */
  readonly product_id: string;
  /** '' where the source knows the product only. */
  readonly sku_id: string;
  /** The brand's own number of the product (商家编码, 款号), by which channels meet; '' = none given. */
  readonly outer_id: string;
  /** The brand's own number of the SKU. */
  readonly sku_outer_id: string;
  /** EAN/UPC digits of the SKU; '' = none given. */
  readonly barcode: string;
  readonly title: string;
  readonly category: string;
  readonly brand: string;
  /** Colour, size and the like, as the source words them. */
  readonly variant: string;
  readonly season: string;
  readonly life_stage: LifeStage;
  readonly status: 'on_sale' | 'off_sale';
  /** `yyyy-MM-dd`; null = unknown. */
  readonly launched_on: string | null;
  /** Days of warranty from the purchase; null = unknown. */
  readonly warranty_days: number | null;
}

/** Pieces of one SKU at one place. Record key = `${for_channel}/${store_code}/${product_id}/${sku_id}`. */
export interface StockFields {
  /** The channel the pieces are set apart for, where an ERP or OMS says so; '' = the source's own channel. */
  readonly for_channel: Channel | '';
  /** Store or warehouse; '' = the channel's one stock. */
  readonly store_code: string;
  readonly product_id: string;
  readonly sku_id: string;
  /** On hand, in pieces; below zero where a till sold before it booked. */
  readonly quantity: number;
  /** On hand and not promised to an order; null = not said. */
  readonly available: number | null;
  /** When it was counted. */
  readonly counted_at: Date;
}

/**
 * What one SKU (or product) costs on one channel, and whether the channel has it in its range. Amounts in fen, of one piece.
 * Record key = `${for_channel}/${store_code}/${product_id}/${sku_id}`, and `/${valid_from}` behind it where that is given.
 */
export interface PriceFields {
  /** As for stock. */
  readonly for_channel: Channel | '';
  /** '' = every store of the channel. */
  readonly store_code: string;
  readonly product_id: string;
  readonly sku_id: string;
  /** The tag's price (吊牌价); null = not said. */
  readonly list_fen: number | null;
  /** What is asked; null = not said. */
  readonly price_fen: number | null;
  /** The channel offers it. */
  readonly in_range: boolean;
  /** The first instant at which it holds; null = until now and always. */
  readonly valid_from: Date | null;
  /** The first instant at which it does not hold any more; null = open. */
  readonly valid_to: Date | null;
}

/** What a source itself says of one day (a bill file, a day's closing): the books are compared with it. */
export interface StatementFields {
  readonly fact_kind: 'order' | 'refund';
  /** `yyyy-MM-dd`, the source's own business day. */
  readonly day: string;
  /** '' = all stores of the source together. */
  readonly store_code: string;
  readonly stated_count: number | null;
  readonly stated_fen: number | null;
}
