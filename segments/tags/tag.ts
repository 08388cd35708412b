/** A tag: a declaration with its words and its SQL. The library's files hold them, one concept each. */
import type { SqlFragment } from '../../store/index.ts';
import type { Attribute } from './attribute.ts';

/** What the SQL of a tag may use besides the columns of the staged steps. */
export interface TagRun {
  /** Date32: the business day of the run in the brand's zone. */
  readonly today: SqlFragment;
  /** A threshold that this run measured and holds fixed. */
  parameter(id: string): SqlFragment;
}

export interface Tag extends Attribute {
  /** Days its data reaches back (today included); null = all there is. */
  readonly window: number | null;
  /** Expression over a profile's staged columns (`purchases`, `channels`, …) and the tags declared before it. */
  sql(run: TagRun): SqlFragment;
}

/** Thresholds a tag needs, measured over all profiles of the run before any tag is written. */
export interface ParameterSet {
  /** By parameter id: used while there are fewer than `enough` cases. */
  readonly defaults: Readonly<Record<string, number>>;
  readonly enough: number;
  /** One row: `cases` and a column per parameter, from `staged_purchases`. */
  measure(run: Pick<TagRun, 'today'>): SqlFragment;
}
