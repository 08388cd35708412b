/** What every kind of node must bring: schema, checks, SQL and words together. */
import type { SqlFragment } from '../../store/index.ts';
import type { Language } from '../words.ts';
import type { Condition } from './condition.ts';

export interface CompileContext {
  readonly now: Date;
  /** The brand's zone. */
  readonly zone: string;
}

/** Notes a fault: `path` is a JSON pointer within the node, `problem` says what was given and what was expected. */
export type NoteFault = (path: string, problem: string) => void;

export interface Kind<C extends Condition> {
  /** JSON schema of the node; refers to '#/$defs/condition' for what it holds. */
  readonly schema: object;
  /** The nodes it holds, with their paths within it. */
  children(node: C): readonly { readonly path: string; readonly node: Condition }[];
  /** Checks what the schema cannot say. */
  check(node: C, fault: NoteFault): void;
  /** A UInt8 expression over a row of `profiles` that is never NULL. `parts`: its children's, in order. */
  compile(node: C, of: { readonly parts: readonly SqlFragment[]; readonly context: CompileContext }): SqlFragment;
  /** The node in words. `parts`: its children's words. */
  describe(node: C, of: { readonly parts: readonly string[]; readonly language: Language }): string;
}

/** The parts of a kind that only leaves leave out. */
export const NO_CHILDREN = { children: () => [] } as const;
