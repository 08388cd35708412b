/** Every operator of every type of value. */
import type { ValueType } from '../../tags/attribute.ts';
import { booleanOperators } from './boolean.ts';
import { dateOperators } from './date.ts';
import { listOperators } from './list.ts';
import { comparisons, moneyOperators, numberOperators } from './number.ts';
import type { Operators } from './operator.ts';
import { enumerationOperators, textOperators } from './text.ts';

export { checkOperands } from './operands.ts';

export const OPERATORS: { readonly [T in ValueType]: Operators } = {
  text: textOperators,
  enumeration: enumerationOperators,
  number: numberOperators,
  money: moneyOperators,
  date: dateOperators,
  boolean: booleanOperators,
  list: listOperators,
};

/** Operators of totals over purchases. */
export const TOTAL_OPERATORS = { number: comparisons('number'), money: comparisons('fen') } as const;

/** All operator names, for the schema. */
export const OPERATOR_NAMES: readonly string[] = [
  ...new Set(Object.values(OPERATORS).flatMap((operators) => Object.keys(operators))),
];
