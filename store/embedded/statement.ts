/**
 * What kind of statement a text holds, so that it can be run the right way: a SELECT is written to a pipe, an INSERT
 * reads its rows from one, everything else has a small answer. Pure.
 */
import { type InsertStatement, parseInsert } from './insert-statement.ts';
import { isWord, type Token, tokensOf } from './sql-tokens.ts';

/** A query with a result of any size. */
export interface SelectStatement {
  readonly kind: 'select';
  readonly text: string;
  /** The FORMAT clause's name, if the query has one. */
  readonly format: string | undefined;
  /** The query writing its result to `path`, in `format` unless it names one itself. */
  writing(path: string, format: string): string;
}

/** Everything else: one statement whose answer is small. */
export interface OtherStatement {
  readonly kind: 'other';
  readonly text: string;
  readonly format: string | undefined;
  /** Whether it can leave something behind in the session it runs in (SET, USE, temporary tables). */
  readonly marksSession: boolean;
}

export type Statement = SelectStatement | InsertStatement | OtherStatement;

/** No statement, or more than one: the second begins at `at`. */
export type NoStatement = { readonly kind: 'empty' } | { readonly kind: 'several'; readonly at: number };

/** Understands a whole text; of an INSERT's data only the start is looked for. */
export function parseStatement(text: string): Statement | NoStatement {
  const insert = parseInsert(text, true);
  if (typeof insert === 'object') return insert;
  const tokens: Token[] = [];
  for (const token of tokensOf(text)) {
    if (token.kind === 'semicolon') {
      const next = [...tokensOf(text, token.end)].find((later) => later.kind !== 'semicolon');
      if (next !== undefined) return { kind: 'several', at: next.start };
      break;
    }
    tokens.push(token);
  }
  const last = tokens.at(-1);
  if (last === undefined) return { kind: 'empty' };
  const whole = text.slice(0, last.end);
  const clause = formatClause(text, tokens);
  if (!isQuery(text, tokens)) {
    return { kind: 'other', text: whole, format: clause?.name, marksSession: marksSession(text, tokens) };
  }
  return {
    kind: 'select',
    text: whole,
    format: clause?.name,
    writing(path, format) {
      const outfile = `INTO OUTFILE '${path}' TRUNCATE COMPRESSION 'none'`;
      if (clause === undefined) return `${whole}\n${outfile} FORMAT ${format}`;
      return `${whole.slice(0, clause.at)}\n${outfile} ${whole.slice(clause.at)}`;
    },
  };
}

/** The names that the text asks for as `{name:Type}`. */
export function placeholdersOf(text: string): string[] {
  const names: string[] = [];
  let open: Token | undefined;
  let name: Token | undefined;
  for (const token of tokensOf(text)) {
    if (name !== undefined && text[token.start] === ':') names.push(text.slice(name.start, name.end));
    name = open !== undefined && token.kind === 'word' ? token : undefined;
    open = text[token.start] === '{' && token.kind === 'open' ? token : undefined;
  }
  return names;
}

function isQuery(text: string, tokens: readonly Token[]): boolean {
  const first = tokens.find((token) => text[token.start] !== '(');
  if (isWord(text, first, 'SELECT', 'FROM')) return true;
  return isWord(text, first, 'WITH') && !tokens.some((token) => isWord(text, token, 'INSERT'));
}

function marksSession(text: string, tokens: readonly Token[]): boolean {
  return isWord(text, tokens[0], 'SET', 'USE') || tokens.some((token) => isWord(text, token, 'TEMPORARY', 'TEMP'));
}

function formatClause(text: string, tokens: readonly Token[]): { at: number; name: string } | undefined {
  const at = tokens.findLastIndex((token) => isWord(text, token, 'FORMAT'));
  const [before, keyword, name, next] = [tokens[at - 1], tokens[at], tokens[at + 1], tokens[at + 2]];
  if (keyword === undefined || name?.kind !== 'word' || isWord(text, before, 'AS')) return undefined;
  if (next !== undefined && !isWord(text, next, 'SETTINGS')) return undefined;
  return { at: keyword.start, name: text.slice(name.start, name.end) };
}
