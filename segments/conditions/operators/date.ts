/** Operators of days in the brand's zone; NULL = unknown. A window of N days is today and the N−1 days before it. */
import { dayWindow } from '../../../clock.ts';
import { p, type SqlFragment, sql } from '../../../store/index.ts';
import { knownOperators } from './known.ts';
import type { Operator, Operators, OperatorUse } from './operator.ts';

const day = (value: unknown) => p('Date32', value);

const withinDays = (column: SqlFragment, { from, to }: { from: unknown; to: unknown }): SqlFragment =>
  sql`(${column} >= ${day(from)} AND ${column} <= ${day(to)})`;

const lastDays = ({ column, comparison, context }: OperatorUse) =>
  withinDays(column, dayWindow(context.now, comparison.days ?? 0, context.zone));

function compared(of: { sql: (column: SqlFragment, value: unknown) => SqlFragment; zh: string; en: string }): Operator {
  return {
    operands: { value: 'day' },
    compile: ({ column, comparison }) => sql`ifNull(${of.sql(column, comparison.value)}, 0)`,
    describe: ({ title, comparison, language }) =>
      language === 'zh' ? `${title}${of.zh} ${comparison.value}` : `${title} is ${of.en} ${comparison.value}`,
  };
}

export const dateOperators: Operators = {
  on: compared({ sql: (column, value) => sql`${column} = ${day(value)}`, zh: '为', en: 'on' }),
  before: compared({ sql: (column, value) => sql`${column} < ${day(value)}`, zh: '早于', en: 'before' }),
  after: compared({ sql: (column, value) => sql`${column} > ${day(value)}`, zh: '晚于', en: 'after' }),
  between: {
    operands: { from: 'day', to: 'day' },
    check: ({ from, to }, fault) => {
      if (String(from) > String(to)) fault('/to', `${to} lies before from (${from}); expected from ≤ to`);
    },
    compile: ({ column, comparison: { from, to } }) => sql`ifNull(${withinDays(column, { from, to })}, 0)`,
    describe: ({ title, comparison: { from, to }, language }) =>
      language === 'zh' ? `${title}在 ${from} 至 ${to} 之间` : `${title} is between ${from} and ${to}`,
  },
  in_last: {
    operands: { days: 'days' },
    compile: (use) => sql`ifNull(${lastDays(use)}, 0)`,
    describe: ({ title, comparison: { days }, language }) =>
      language === 'zh' ? `${title}在近 ${days} 天内` : `${title} is in the last ${days} days`,
  },
  not_in_last: {
    operands: { days: 'days' },
    compile: (use) => sql`ifNull(NOT ${lastDays(use)}, 0)`,
    describe: ({ title, comparison: { days }, language }) =>
      language === 'zh' ? `${title}已知且不在近 ${days} 天内` : `${title} is known and not in the last ${days} days`,
  },
  ...knownOperators((column) => sql`isNotNull(${column})`),
};
