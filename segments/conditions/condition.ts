/** The tree that selects profiles, as it travels in JSON. */
import type { Channel } from '../../ingest/record.ts';

export interface And {
  readonly kind: 'and';
  readonly of: readonly Condition[];
}

export interface Or {
  readonly kind: 'or';
  readonly of: readonly Condition[];
}

/** Every profile that `of` does not match. */
export interface Not {
  readonly kind: 'not';
  readonly of: Condition;
}

/** An operator of the attribute's type with its operands (operators/). */
export interface Comparison {
  readonly operator: string;
  readonly value?: number | string;
  readonly values?: readonly string[];
  readonly from?: number | string;
  readonly to?: number | string;
  readonly days?: number;
}

export interface TraitIs extends Comparison {
  readonly kind: 'trait';
  readonly trait: string;
}

export interface TagIs extends Comparison {
  readonly kind: 'tag';
  readonly tag: string;
}

/** Days of purchases, in the brand's zone: the last `days` (today counts), fixed ones (both included), or all up to today. */
export type Window =
  | { readonly kind: 'rolling'; readonly days: number }
  | { readonly kind: 'fixed'; readonly from: string; readonly to: string }
  | { readonly kind: 'ever' };

/** What the purchases must come to, by a number operator. */
export interface PurchaseTotal extends Comparison {
  /** Orders; net amount in fen; pieces less returned ones. */
  readonly of: 'count' | 'net_fen' | 'quantity';
}

/** Bought at least once in the window from these channels and categories, and to this total; `did: false` = all others. */
export interface Purchased {
  readonly kind: 'purchase';
  readonly did: boolean;
  readonly window: Window;
  readonly channels?: readonly Channel[];
  readonly categories?: readonly string[];
  readonly total?: PurchaseTotal;
}

export interface ChannelHeld {
  readonly kind: 'channel';
  readonly operator: 'any' | 'all' | 'none';
  readonly channels: readonly Channel[];
}

export type Condition = And | Or | Not | TraitIs | TagIs | Purchased | ChannelHeld;
export type ConditionKind = Condition['kind'];

/** Limits of one tree. */
export const CONDITION_LIMITS = { depth: 20, nodes: 200, values: 1000, text_length: 200, days: 3660 } as const;
