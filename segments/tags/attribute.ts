/** What traits and tags have in common: a named, typed column of `profiles` with words for it. */
import type { Words } from '../words.ts';

/**
 * text: '' = unknown · enumeration: one of `values` ('' = unknown) · number, money (fen): NULL = unknown ·
 * date: a day in the brand's zone, NULL = unknown · boolean · list: of `values`, known even when empty; its column has
 * a second one, <id>_bits, with a bit for each value (bits.ts).
 */
export type ValueType = 'text' | 'enumeration' | 'number' | 'money' | 'date' | 'boolean' | 'list';

export interface Attribute {
  /** Also the name of its column in `profiles`. Never changes once published. */
  readonly id: string;
  readonly type: ValueType;
  readonly title: Words;
  /** One sentence: what it says of a profile, over which data. */
  readonly sentence: Words;
  /** Words for the values of an enumeration or a list. */
  readonly values?: Readonly<Record<string, Words>>;
}
