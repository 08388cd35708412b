/**
 * What kind of statement a text holds, so that it can be run the right way: a SELECT is written to a pipe, an INSERT
 * reads its rows from one, everything else has a small answer. Pure.
 */
import { exception } from './exception.ts';
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
  /** Whether it is there to change its session (SET, USE). */
  readonly setsSession: boolean;
  /** Whether it is an INSERT (from a SELECT). */
  readonly inserts: boolean;
  /** Whether it can leave anything behind in the session it runs in. */
  readonly marksSession: boolean;
}

export type Statement = SelectStatement | InsertStatement | OtherStatement;

/** Understands a whole text. Throws ClickHouse's errors for what its HTTP interface refuses. */
export function parseStatement(text: string): Statement {
  const insert = parseInsert(text, true);
  if (typeof insert === 'object') return insert;
  const { first, end, clause, words, cut } = survey(text);
  if (cut) {
    const unknown = { format: undefined, setsSession: false, inserts: false, marksSession: true };
    return { kind: 'other', text, ...unknown };
  }
  if (first === undefined) throw exception(62, 'SYNTAX_ERROR', 'Syntax error: Empty query');
  const whole = text.slice(0, end);
  const format = clause?.name;
  const inserts = isWord(text, first, 'INSERT') || (isWord(text, first, 'WITH') && words.has('INSERT'));
  if (inserts || !isWord(text, first, 'SELECT', 'FROM', 'WITH')) {
    const setsSession = isWord(text, first, 'SET', 'USE');
    const marksSession = setsSession || words.has('TEMPORARY') || words.has('TEMP');
    return { kind: 'other', text: whole, format, setsSession, inserts, marksSession };
  }
  const writing = (path: string, wanted: string) => {
    const outfile = `\nINTO OUTFILE '${path}' TRUNCATE COMPRESSION 'none'`;
    if (clause === undefined) return `${whole}${outfile} FORMAT ${wanted}`;
    return `${whole.slice(0, clause.at)}${outfile} ${whole.slice(clause.at)}`;
  };
  return { kind: 'select', text: whole, format, writing };
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

/** What can be told from one look over the tokens. */
interface Survey {
  /** The first token that is no bracket. */
  readonly first: Token | undefined;
  /** One past the statement's last token. */
  readonly end: number;
  readonly clause: { readonly at: number; readonly name: string } | undefined;
  /** Which of the words that matter occur. */
  readonly words: ReadonlySet<string>;
  /** Whether a quote or comment does not end. */
  readonly cut: boolean;
}

const TELLING = ['INSERT', 'TEMPORARY', 'TEMP'];

function survey(text: string): Survey {
  let first: Token | undefined;
  let clause: Survey['clause'];
  let end = 0;
  let ended = false;
  const words = new Set<string>();
  // The three tokens before the present one.
  let [before, middle, last]: (Token | undefined)[] = [];
  const look = (token: Token | undefined) => {
    const named = isWord(text, middle, 'FORMAT') && last?.kind === 'word' && !isWord(text, before, 'AS');
    if (named && (token === undefined || isWord(text, token, 'SETTINGS'))) {
      clause = { at: middle!.start, name: text.slice(last!.start, last!.end) };
    }
    [before, middle, last] = [middle, last, token];
  };
  for (const token of tokensOf(text)) {
    if (token.kind === 'cut') return { first, end, clause, words, cut: true };
    if (token.kind === 'semicolon') ended = true;
    else if (ended) throw several(text, token);
    if (ended) continue;
    refuseFiles(text, last, token);
    look(token);
    end = token.end;
    if (text[token.start] !== '(') first ??= token;
    if (isWord(text, token, ...TELLING)) words.add(text.slice(token.start, token.end).toUpperCase());
  }
  look(undefined);
  return { first, end, clause, words, cut: false };
}

function several(text: string, { start }: Token): Error {
  const what = `failed at position ${start + 1}: ${text.slice(start, start + 80)}`;
  return exception(62, 'SYNTAX_ERROR', `Syntax error (Multi-statements are not allowed): ${what}`);
}

function refuseFiles(text: string, before: Token | undefined, token: Token): void {
  if (isWord(text, token, 'OUTFILE') && isWord(text, before, 'INTO')) {
    throw exception(358, 'INTO_OUTFILE_NOT_ALLOWED', 'INTO OUTFILE is not allowed');
  }
  if (isWord(text, token, 'INFILE') && isWord(text, before, 'FROM')) {
    throw exception(78, 'UNKNOWN_TYPE_OF_QUERY', 'Query has infile and was send directly to server');
  }
}
