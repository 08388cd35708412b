/** Operators of booleans, which are always known. */
import { sql } from '../../../store/index.ts';
import type { Operators } from './operator.ts';

export const booleanOperators: Operators = {
  is_true: {
    operands: {},
    compile: ({ column }) => sql`(${column} = true)`,
    describe: ({ title, language }) => (language === 'zh' ? `${title}：是` : `${title}: yes`),
  },
  is_false: {
    operands: {},
    compile: ({ column }) => sql`(${column} = false)`,
    describe: ({ title, language }) => (language === 'zh' ? `${title}：否` : `${title}: no`),
  },
};
