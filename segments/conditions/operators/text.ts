/** Operators of texts and enumerations; '' = unknown. */
import { p, sql } from '../../../store/index.ts';
import { knownOperators } from './known.ts';
import type { OperandKind, Operators } from './operator.ts';
import { listed } from './words.ts';

function choice(values: OperandKind): Operators {
  return {
    is: {
      operands: { values },
      compile: ({ column, comparison }) => sql`(${column} IN ${p('Array(String)', comparison.values)})`,
      describe: ({ title, language, ...of }) => {
        const words = listed(of.comparison.values, { ...of, language });
        return language === 'zh' ? `${title}为 ${words}` : `${title} is ${words}`;
      },
    },
    is_not: {
      operands: { values },
      compile: ({ column, comparison }) =>
        sql`(${column} != '' AND ${column} NOT IN ${p('Array(String)', comparison.values)})`,
      describe: ({ title, language, ...of }) => {
        const words = listed(of.comparison.values, { ...of, language });
        return language === 'zh' ? `${title}已知且不为 ${words}` : `${title} is known and not ${words}`;
      },
    },
    ...knownOperators((column) => sql`(${column} != '')`),
  };
}

export const enumerationOperators: Operators = choice('known_values');

export const textOperators: Operators = {
  ...choice('texts'),
  contains: {
    operands: { value: 'text' },
    compile: ({ column, comparison }) => sql`(position(${column}, ${p('String', comparison.value)}) > 0)`,
    describe: ({ title, comparison, language }) =>
      language === 'zh' ? `${title}包含“${comparison.value}”` : `${title} contains "${comparison.value}"`,
  },
  starts_with: {
    operands: { value: 'text' },
    compile: ({ column, comparison }) => sql`startsWith(${column}, ${p('String', comparison.value)})`,
    describe: ({ title, comparison, language }) =>
      language === 'zh' ? `${title}以“${comparison.value}”开头` : `${title} starts with "${comparison.value}"`,
  },
};
