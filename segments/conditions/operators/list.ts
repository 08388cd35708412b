/** Operators of lists, which are always known, even when empty. */
import { p, raw, type SqlFragment, sql } from '../../../store/index.ts';
import type { Words } from '../../words.ts';
import type { Operator, Operators } from './operator.ts';
import { listed } from './words.ts';

function over(of: { test: (column: SqlFragment, values: SqlFragment) => SqlFragment } & Words): Operator {
  return {
    operands: { values: 'known_values' },
    compile: ({ column, comparison }) => of.test(column, sql`${p('Array(String)', comparison.values)}`),
    describe: ({ title, comparison, attribute, language }) => {
      const words = listed(comparison.values, { attribute, language });
      return language === 'zh' ? `${title}${of.zh} ${words}` : `${title} ${of.en} ${words}`;
    },
  };
}

function emptiness(test: 'empty' | 'notEmpty', words: Words): Operator {
  return {
    operands: {},
    compile: ({ column }) => sql`${raw(test)}(${column})`,
    describe: ({ title, language }) => (language === 'zh' ? `${title}${words.zh}` : `${title} ${words.en}`),
  };
}

export const listOperators: Operators = {
  has_any: over({ test: (list, values) => sql`hasAny(${list}, ${values})`, zh: '包含任一', en: 'has any of' }),
  has_all: over({ test: (list, values) => sql`hasAll(${list}, ${values})`, zh: '包含全部', en: 'has all of' }),
  has_none: over({ test: (list, values) => sql`(NOT hasAny(${list}, ${values}))`, zh: '不含', en: 'has none of' }),
  is_empty: emptiness('empty', { zh: '为空', en: 'is empty' }),
  is_not_empty: emptiness('notEmpty', { zh: '不为空', en: 'is not empty' }),
};
