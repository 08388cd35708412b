/**
 * Finds where an INSERT's data begins, so that the rows can be fed through a pipe instead of standing in the text
 * (the engine ends inline data at an empty line and runs what follows). Pure. Grammar: ClickHouse ParserInsertQuery.cpp.
 */
import { isWord, nextToken, type Token } from './sql-tokens.ts';

/** An INSERT whose rows follow the statement; they begin at `dataAt` of the text that was given. */
export interface InsertStatement {
  readonly kind: 'insert';
  readonly format: string;
  readonly dataAt: number;
  /** The text before the data. */
  readonly head: string;
  /** Whether it may do without the rest of its rows (a SELECT with a LIMIT). */
  readonly selects: boolean;
  /** The statement that reads the rows from `path` instead. */
  reading(path: string): string;
}

/** A text that is no INSERT with data, or one that is too short to tell. */
export type NoInsert = 'none' | 'more';

interface Head {
  readonly text: string;
  /** Whether the text ends here for good: a name at its end is then whole. */
  readonly complete: boolean;
  readonly targetEnd: number;
  settingsAt?: number;
  input?: { readonly at: number; readonly open: number; readonly close: number };
  select: boolean;
}

/** Understands the INSERT at the start of `text`, which may go on with anything, binary data included. */
export function parseInsert(text: string, complete: boolean): InsertStatement | NoInsert {
  const ended: NoInsert = complete ? 'none' : 'more';
  let token = nextToken(text, 0);
  if (token === undefined || (token.end === text.length && !complete)) return ended;
  if (!isWord(text, token, 'INSERT')) return 'none';
  do token = nextToken(text, token!.end);
  while (isWord(text, token, 'INTO', 'TABLE', 'FUNCTION'));
  const head: Head = { text, complete, targetEnd: endOfName(text, token), select: false };
  let depth = 0;
  let afterAs = false;
  for (token = nextToken(text, head.targetEnd); token !== undefined; token = nextToken(text, token.end)) {
    const alias = afterAs;
    afterAs = isWord(text, token, 'AS');
    if (token.kind === 'cut') return ended;
    if (token.kind === 'semicolon') return 'none';
    if (token.kind === 'open') depth += 1;
    if (token.kind === 'close') depth -= 1;
    if (isWord(text, token, 'INPUT')) {
      const input = inputCall(text, token);
      if (input === undefined) return ended;
      if (input !== 'no call') head.input = input;
    }
    if (depth !== 0 || token.kind !== 'word' || alias) continue;
    if (isWord(text, token, 'INFILE')) return 'none';
    if (isWord(text, token, 'SELECT', 'WITH', 'WATCH')) head.select = true;
    if (!head.select && isWord(text, token, 'SETTINGS')) head.settingsAt = token.start;
    const values = !head.select && isWord(text, token, 'VALUES');
    const fed = !head.select || head.input !== undefined;
    if (values || (fed && isWord(text, token, 'FORMAT'))) return dataFollows(head, token, values);
  }
  return ended;
}

function dataFollows(head: Head, keyword: Token, values: boolean): InsertStatement | NoInsert {
  const { text, complete, input } = head;
  const name = values ? keyword : nextToken(text, keyword.end);
  if (name === undefined || (name.end === text.length && !complete)) return complete ? 'none' : 'more';
  if (name.kind !== 'word') return 'none';
  const settings = values ? { text: '', end: name.end } : settingsAfter(head, name.end);
  if (settings === undefined) return complete ? 'none' : 'more';
  const dataAt = dataStart(text, settings.end, complete);
  if (dataAt === 'more') return 'more';
  const format = values ? 'Values' : text.slice(name.start, name.end);
  const statement = text.slice(0, keyword.start);
  return {
    kind: 'insert',
    format,
    dataAt,
    head: text.slice(0, dataAt),
    selects: input !== undefined,
    reading(path) {
      if (input !== undefined) {
        const rows = `file('${path}', '${format}', ${text.slice(input.open + 1, input.close)})`;
        return `${statement.slice(0, input.at)}${rows}${statement.slice(input.close + 1)}\n${settings.text}`;
      }
      const at = head.settingsAt ?? keyword.start;
      const infile = `FROM INFILE '${path}' COMPRESSION 'none'`;
      return `${statement.slice(0, at)}\n${infile} ${statement.slice(at)}\n${settings.text} FORMAT ${format}`;
    },
  };
}

/** One past a name such as `db`.`table` or {table:Identifier}. */
function endOfName(text: string, first: Token | undefined): number {
  let end = first?.end ?? text.length;
  if (first?.kind === 'open') {
    const close = text.indexOf('}', end);
    end = close === -1 ? text.length : close + 1;
  }
  for (;;) {
    const dot = nextToken(text, end);
    if (dot === undefined || text[dot.start] !== '.') return end;
    end = nextToken(text, dot.end)?.end ?? text.length;
  }
}

/** `input(…)` as called at the word `input`; undefined when the text ends within. */
function inputCall(text: string, word: Token): Head['input'] | 'no call' | undefined {
  const open = nextToken(text, word.end);
  if (open === undefined) return undefined;
  if (text[open.start] !== '(') return 'no call';
  let depth = 0;
  for (let token: Token | undefined = open; token !== undefined; token = nextToken(text, token.end)) {
    if (token.kind === 'open') depth += 1;
    if (token.kind === 'close') depth -= 1;
    if (depth === 0) return { at: word.start, open: open.start, close: token.start };
  }
  return undefined;
}

/** The `SETTINGS a = 1, b = 'x'` that may stand between FORMAT and the data; undefined when the text ends within. */
function settingsAfter({ text, complete }: Head, from: number): { text: string; end: number } | undefined {
  /** Whether the text may go on with what the token begins. */
  const open = (token: Token | undefined) => !complete && (token === undefined || token.end === text.length);
  const keyword = nextToken(text, from);
  if (!isWord(text, keyword, 'SETTINGS')) {
    const begun = keyword === undefined ? '' : text.slice(keyword.start, keyword.end).toUpperCase();
    return open(keyword) && 'SETTINGS'.startsWith(begun) ? undefined : { text: '', end: from };
  }
  for (let at = keyword!.end; ; ) {
    const name = nextToken(text, at);
    const equals = name && nextToken(text, name.end);
    const sign = equals && nextToken(text, equals.end);
    const value = sign && '-+'.includes(text.slice(sign.start, sign.end)) ? nextToken(text, sign.end) : sign;
    if (value === undefined || value.kind === 'cut') return undefined;
    const comma = nextToken(text, value.end);
    if (open(comma)) return undefined;
    if (comma?.kind !== 'comma') return { text: text.slice(keyword!.start, value.end), end: value.end };
    at = comma.end;
  }
}

/** Where data begins after the head: past blanks and at most one line end. */
function dataStart(text: string, from: number, complete: boolean): number | 'more' {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t' || text[at] === '\r' || text[at] === '\f') at += 1;
  if (at === text.length && !complete) return 'more';
  return text[at] === '\n' ? at + 1 : at;
}
