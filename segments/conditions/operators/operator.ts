/** An operator: its operands, its SQL and its words. Missing values match no comparison, positive or negative. */
import type { SqlFragment } from '../../../store/index.ts';
import type { Attribute } from '../../tags/attribute.ts';
import type { Language } from '../../words.ts';
import type { Comparison } from '../condition.ts';
import type { CompileContext, NoteFault } from '../kind.ts';

/** What an operand holds; each is checked by its kind (operands.ts). */
export type OperandKind = 'number' | 'fen' | 'text' | 'texts' | 'known_values' | 'day' | 'days';

export type OperandName = 'value' | 'values' | 'from' | 'to' | 'days';

export interface OperatorUse {
  /** The value as an expression over a row of `profiles`. */
  readonly column: SqlFragment;
  readonly comparison: Comparison;
  readonly attribute: Pick<Attribute, 'type' | 'values'>;
  readonly context: CompileContext;
}

export interface Operator {
  readonly operands: Partial<Readonly<Record<OperandName, OperandKind>>>;
  /** Checks operands against each other, such as from ≤ to. */
  readonly check?: (comparison: Comparison, fault: NoteFault) => void;
  /** UInt8, never NULL. */
  compile(use: OperatorUse): SqlFragment;
  describe(of: {
    readonly title: string;
    readonly comparison: Comparison;
    readonly attribute: Pick<Attribute, 'type' | 'values'>;
    readonly language: Language;
  }): string;
}

export type Operators = Readonly<Record<string, Operator>>;
