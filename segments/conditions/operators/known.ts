/** is known, is unknown: the only operators that speak of missing values. */
import { type SqlFragment, sql } from '../../../store/index.ts';
import type { Operators } from './operator.ts';

export function knownOperators(isKnown: (column: SqlFragment) => SqlFragment): Operators {
  return {
    is_known: {
      operands: {},
      compile: ({ column }) => isKnown(column),
      describe: ({ title, language }) => (language === 'zh' ? `${title}已知` : `${title} is known`),
    },
    is_unknown: {
      operands: {},
      compile: ({ column }) => sql`(NOT ${isKnown(column)})`,
      describe: ({ title, language }) => (language === 'zh' ? `${title}未知` : `${title} is unknown`),
    },
  };
}
