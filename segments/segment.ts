/** A saved condition: a document of collection 'segments', versioned by its revision. */
import type { Condition } from './conditions/index.ts';

export const SEGMENTS = 'segments';

export interface Segment {
  readonly name: string;
  readonly condition: Condition;
  readonly description?: string;
}
