/** Operators of numbers and of money (fen); NULL = unknown. */
import { p, raw, sql } from '../../../store/index.ts';
import { knownOperators } from './known.ts';
import type { OperandKind, Operator, Operators } from './operator.ts';
import { amount } from './words.ts';

/** ClickHouse types that compare exactly with every numeric column. */
const PARAMETER = { number: 'Float64', fen: 'Int64' } as const;

const SIGNS = { eq: '=', ne: '≠', gt: '>', gte: '≥', lt: '<', lte: '≤' } as const;
const SQL_SIGNS: { readonly [S in keyof typeof SIGNS]: string } = {
  eq: '=',
  ne: '!=',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
};

function compared(sign: keyof typeof SIGNS, value: OperandKind & ('number' | 'fen')): Operator {
  return {
    operands: { value },
    compile: ({ column, comparison }) =>
      sql`ifNull(${column} ${raw(SQL_SIGNS[sign])} ${p(PARAMETER[value], comparison.value)}, 0)`,
    describe: ({ title, comparison, attribute }) =>
      `${title} ${SIGNS[sign]} ${amount(comparison.value, attribute.type)}`,
  };
}

function between(value: OperandKind & ('number' | 'fen')): Operator {
  return {
    operands: { from: value, to: value },
    check: ({ from, to }, fault) => {
      if (Number(from) > Number(to)) fault('/to', `${to} lies below from (${from}); expected from ≤ to`);
    },
    compile: ({ column, comparison: { from, to } }) =>
      sql`ifNull(${column} >= ${p(PARAMETER[value], from)} AND ${column} <= ${p(PARAMETER[value], to)}, 0)`,
    describe: ({ title, comparison: { from, to }, attribute: { type }, language }) => {
      const [low, high] = [amount(from, type), amount(to, type)];
      return language === 'zh' ? `${title}在 ${low} 到 ${high} 之间` : `${title} is between ${low} and ${high}`;
    },
  };
}

/** The comparisons alone, for totals, which are always known. */
export function comparisons(value: 'number' | 'fen'): Operators {
  const signs = Object.keys(SIGNS) as (keyof typeof SIGNS)[];
  return {
    ...Object.fromEntries(signs.map((sign) => [sign, compared(sign, value)])),
    between: between(value),
  };
}

const known = knownOperators((column) => sql`isNotNull(${column})`);

export const numberOperators: Operators = { ...comparisons('number'), ...known };
export const moneyOperators: Operators = { ...comparisons('fen'), ...known };
