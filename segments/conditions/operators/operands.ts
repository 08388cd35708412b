/** Checks the operands of a comparison against what its operator takes. */
import type { Attribute } from '../../tags/attribute.ts';
import { CONDITION_LIMITS, type Comparison } from '../condition.ts';
import type { NoteFault } from '../kind.ts';
import type { OperandKind, OperandName, Operators } from './operator.ts';

const OPERAND_NAMES: readonly OperandName[] = ['value', 'values', 'from', 'to', 'days'];

/** What was expected where the operand is not one; null = it is. */
type OperandCheck = (given: unknown, attribute: Pick<Attribute, 'values'>) => string | null;

const isWhole = (given: unknown) => typeof given === 'number' && Number.isSafeInteger(given);
const isText = (given: unknown) =>
  typeof given === 'string' && given !== '' && given.length <= CONDITION_LIMITS.text_length;
const isTexts = (given: unknown): given is string[] =>
  Array.isArray(given) && given.length > 0 && given.length <= CONDITION_LIMITS.values && given.every(isText);

/** True for a day of the calendar from 1900 to 2100, `yyyy-MM-dd`. */
export function isDay(given: unknown): boolean {
  if (typeof given !== 'string' || !/^(19\d\d|20\d\d|2100)-\d\d-\d\d$/.test(given)) return false;
  const instant = new Date(`${given}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(given);
}

/** True for a length of a window that means something. */
export function isWindowDays(given: unknown): boolean {
  return isWhole(given) && Number(given) >= 1 && Number(given) <= CONDITION_LIMITS.days;
}

const TEXT = `a text of 1 to ${CONDITION_LIMITS.text_length} characters`;
const TEXTS = `1 to ${CONDITION_LIMITS.values} texts of 1 to ${CONDITION_LIMITS.text_length} characters`;

export const DAY_EXPECTED = 'a day of the calendar as yyyy-MM-dd, 1900 to 2100';
export const DAYS_EXPECTED = `a whole number of days, 1 to ${CONDITION_LIMITS.days}`;

const CHECKS: { readonly [K in OperandKind]: OperandCheck } = {
  number: (given) => (typeof given === 'number' && Math.abs(given) <= Number.MAX_SAFE_INTEGER ? null : 'a number'),
  fen: (given) => (isWhole(given) ? null : 'a whole number of fen'),
  text: (given) => (isText(given) ? null : TEXT),
  texts: (given) => (isTexts(given) ? null : TEXTS),
  known_values: (given, attribute) => {
    const known = Object.keys(attribute.values ?? {});
    const sound = isTexts(given) && given.every((value) => known.includes(value));
    return sound ? null : `a list of at least one of: ${known.join(', ')}`;
  },
  day: (given) => (isDay(given) ? null : DAY_EXPECTED),
  days: (given) => (isWindowDays(given) ? null : DAYS_EXPECTED),
};

/** Notes every fault of a comparison by one of `operators`. */
export function checkOperands(
  comparison: Comparison,
  of: { operators: Operators; attribute: Pick<Attribute, 'type' | 'values'>; fault: NoteFault },
): void {
  const operator = Object.hasOwn(of.operators, comparison.operator) ? of.operators[comparison.operator] : undefined;
  if (operator === undefined) {
    const names = Object.keys(of.operators).join(', ');
    of.fault(
      '/operator',
      `"${comparison.operator}" does not fit a value of type ${of.attribute.type}; expected one of: ${names}`,
    );
    return;
  }
  let sound = true;
  for (const name of OPERAND_NAMES) {
    const kind = operator.operands[name];
    const given = comparison[name];
    const expected = kind === undefined ? null : CHECKS[kind](given, of.attribute);
    if (kind === undefined && given !== undefined)
      of.fault(`/${name}`, `was given, but the operator "${comparison.operator}" does not take it`);
    if (expected !== null) of.fault(`/${name}`, `expected ${expected} for the operator "${comparison.operator}"`);
    sound &&= expected === null;
  }
  if (sound) operator.check?.(comparison, of.fault);
}
