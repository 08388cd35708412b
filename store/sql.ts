/**
 * SQL text with typed placeholders: sql`SELECT * FROM t WHERE a = ${p('UInt32', 5)}` becomes
 * {query: 'SELECT * FROM t WHERE a = {p0:UInt32}', params: {p0: 5}}. A bare value does not compile: values reach
 * ClickHouse only as parameters, so no text of a value is ever part of a statement.
 */
export interface Param {
  readonly type: string;
  readonly value: unknown;
}

export interface Sql {
  readonly query: string;
  readonly params: Readonly<Record<string, unknown>>;
}

interface Fragment {
  readonly parts: readonly string[];
  readonly values: readonly (Param | Fragment)[];
}

export type SqlFragment = Fragment & { readonly [BRAND]: true };
declare const BRAND: unique symbol;

/**
 * A value bound as ClickHouse type `type`, for example p('Array(UInt32)', [1, 2]). Whole numbers that JavaScript cannot
 * hold (UInt128 tokens) go as decimal text, in arrays too.
 */
export function p(type: string, value: unknown): Param {
  return { type, value };
}

/** A name (table, column) bound as an identifier. */
export function name(identifier: string): Param {
  return { type: 'Identifier', value: identifier };
}

/** Builds a fragment; fragments nest. Compile with `compile` (the store does it). */
export function sql(strings: TemplateStringsArray, ...values: readonly (Param | SqlFragment)[]): SqlFragment {
  return { parts: [...strings], values } as unknown as SqlFragment;
}

/** Joins fragments with a separator of our own, such as ' AND ' or ', '. */
export function join(
  fragments: readonly SqlFragment[],
  separator: ' AND ' | ' OR ' | ', ' | ' UNION ALL ' | '\n',
): SqlFragment {
  const parts = fragments.map((_, index) => (index === 0 ? '' : separator));
  return { parts: fragments.length === 0 ? [''] : [...parts, ''], values: fragments } as unknown as SqlFragment;
}

/** Text of our own source code (a column list from a declaration). Never give it a value from outside. */
export function raw(text: string): SqlFragment {
  return { parts: [text], values: [] } as unknown as SqlFragment;
}

export function compile(fragment: SqlFragment): Sql {
  const params: Record<string, unknown> = {};
  let count = 0;
  const text = (part: Fragment): string =>
    part.parts
      .map((piece, index) => {
        const value = part.values[index];
        if (value === undefined) return piece;
        if ('parts' in value) return piece + text(value);
        const key = `p${count++}`;
        params[key] = bound(value);
        return `${piece}{${key}:${value.type}}`;
      })
      .join('');
  return Object.freeze({ query: text(fragment as Fragment), params: Object.freeze(params) });
}

/** The engine reads no quoted numbers in an array. */
function bound({ type, value }: Param): unknown {
  if (!Array.isArray(value) || !/^Array\(U?Int\d+\)$/.test(type)) return value;
  return value.map((one: unknown) => (typeof one === 'string' && /^-?\d+$/.test(one) ? BigInt(one) : one));
}
