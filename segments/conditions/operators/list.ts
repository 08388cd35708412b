/** Operators of lists, which are always known, even when empty. They read the list's bits. */
import { p, raw, type SqlFragment, sql } from '../../../store/index.ts';
import { maskOf } from '../../bits.ts';
import type { Words } from '../../words.ts';
import type { Operator, Operators } from './operator.ts';
import { listed } from './words.ts';

function over(of: { test: (bits: SqlFragment, mask: SqlFragment) => SqlFragment } & Words): Operator {
  return {
    operands: { values: 'known_values' },
    compile: ({ column, comparison, attribute }) => {
      const mask = maskOf(comparison.values ?? [], Object.keys(attribute.values ?? {}));
      return of.test(bitsOfColumn(column), sql`${p('UInt8', mask)}`);
    },
    describe: ({ title, comparison, attribute, language }) => {
      const words = listed(comparison.values, { attribute, language });
      return language === 'zh' ? `${title}${of.zh} ${words}` : `${title} ${of.en} ${words}`;
    },
  };
}

function emptiness(sign: '=' | '!=', words: Words): Operator {
  return {
    operands: {},
    compile: ({ column }) => sql`(${bitsOfColumn(column)} ${raw(sign)} 0)`,
    describe: ({ title, language }) => (language === 'zh' ? `${title}${words.zh}` : `${title} ${words.en}`),
  };
}

const bitsOfColumn = (column: SqlFragment) => sql`${column}_bits`;

export const listOperators: Operators = {
  has_any: over({ test: (bits, mask) => sql`(bitAnd(${bits}, ${mask}) != 0)`, zh: '包含任一', en: 'has any of' }),
  has_all: over({ test: (bits, mask) => sql`(bitAnd(${bits}, ${mask}) = ${mask})`, zh: '包含全部', en: 'has all of' }),
  has_none: over({ test: (bits, mask) => sql`(bitAnd(${bits}, ${mask}) = 0)`, zh: '不含', en: 'has none of' }),
  is_empty: emptiness('=', { zh: '为空', en: 'is empty' }),
  is_not_empty: emptiness('!=', { zh: '不为空', en: 'is not empty' }),
};
