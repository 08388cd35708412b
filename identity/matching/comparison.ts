/**
 * What a comparison is: how two records agree on one thing, in levels from the strongest agreement to disagreement
 * (Fellegi and Sunter, "A Theory for Record Linkage", JASA 64(328), 1969: a comparison vector). Every level brings its SQL
 * and its words. SQL names features as `l.name` and `r.name` (the two records) or `k.name` (one); `bound` makes columns of them.
 */
export interface Feature {
  readonly name: string;
  readonly type: 'String' | 'UInt8' | 'Float64' | 'Array(UInt32)';
}

export interface Level {
  readonly words: string;
  /** True for two records that agree so; the first level that is true counts. The last level has no condition. */
  readonly sql: string | null;
  /** Feature whose frequency tells how much the agreement is worth: an agreement on 鲜于 is rarer than one on 王. */
  readonly frequency?: string;
  /** Key whose blocks hold every pair of this level: its pairs can be counted instead of sampled. */
  readonly key?: string;
}

/** What records must share to be compared. Blank (an empty text) is never a block. */
export interface Key {
  readonly name: string;
  readonly sql: string;
}

export interface Comparison {
  /** Prefix of its columns, also its name in what is written out. */
  readonly id: string;
  readonly words: string;
  readonly features: readonly Feature[];
  /** Features of which the number of records with the same value is wanted, as `<name>_n`. */
  readonly counted: readonly string[];
  /** True where both records say something; else the comparison says nothing about the pair. */
  readonly known: string;
  readonly levels: readonly Level[];
  readonly keys: readonly Key[];
  /** How groups of records agree: by the mean of their pairs, or (`worst`) by the pair that speaks most against. */
  readonly linkage?: 'worst';
  /** Values of `features` for the cells of one row. */
  read(cells: readonly string[]): readonly FeatureValue[];
}

export type FeatureValue = string | number | readonly number[];

/** The SQL of a comparison with its features bound to columns. `l.c1:text` names a feature of another comparison. */
export function bound({ id }: { readonly id: string }, sql: string): string {
  return sql.replace(/\b([lrk])\.([a-z]\w*)(?::(\w+))?/g, (_, side: string, first: string, second?: string) => {
    const column = second === undefined ? `${id}_${first}` : `${first}_${second}`;
    return side === 'k' ? column : `${side}.${column}`;
  });
}

/** Features whose frequencies a comparison weighs. */
export function weighed({ levels }: Comparison): readonly string[] {
  return [...new Set(levels.flatMap(({ frequency }) => (frequency === undefined ? [] : [frequency])))];
}

/** Both records have the feature, and it is the same. */
export function same(feature: string): string {
  return `(l.${feature} = r.${feature} AND l.${feature} != '')`;
}

/** Both records have the feature. */
export function both(feature: string): string {
  return `(l.${feature} != '' AND r.${feature} != '')`;
}
