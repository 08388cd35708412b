/**
 * ClickHouse's lexical rules, as far as a statement must be understood to route it: words, quoted names, strings,
 * comments, heredocs, brackets and separators. Source: ClickHouse src/Parsers/Lexer.cpp. Positions are indexes into
 * the given text; a text decoded as latin1 therefore gives byte positions.
 */
export type TokenKind =
  | 'word'
  | 'string'
  | 'quoted'
  | 'number'
  | 'open'
  | 'close'
  | 'comma'
  | 'semicolon'
  | 'other'
  | 'cut';

export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  /** One past the last character. */
  readonly end: number;
}

const BACKSLASH = 0x5c;
const SKIPPED = /(?:\s+|--[^\n]*|#[ !][^\n]*|\/\*[\s\S]*?\*\/)*/y;
const WORD = /[A-Za-z_][A-Za-z0-9_$\u0080-\uffff]*/y;
const HEREDOC = /\$\w*\$/y;
const NUMBER = /\d[\w.]*/y;
const QUOTES: Readonly<Record<string, TokenKind>> = { "'": 'string', '"': 'quoted', '`': 'quoted' };
const SINGLE: Record<string, TokenKind> = {
  '(': 'open',
  '[': 'open',
  '{': 'open',
  ')': 'close',
  ']': 'close',
  '}': 'close',
  ',': 'comma',
  ';': 'semicolon',
};

/** The token at or after `from`, or undefined at the end. A quote or comment that does not end gives kind 'cut'. */
export function nextToken(text: string, from: number): Token | undefined {
  const start = match(SKIPPED, text, from);
  const first = text[start];
  if (first === undefined) return undefined;
  if (text.startsWith('/*', start)) return { kind: 'cut', start, end: text.length };
  const quoted = QUOTES[first];
  if (quoted !== undefined) {
    const end = endOfQuote(text, start);
    return end === undefined ? { kind: 'cut', start, end: text.length } : { kind: quoted, start, end };
  }
  if (first === '$') {
    const tag = match(HEREDOC, text, start);
    if (tag > start) {
      const close = text.indexOf(text.slice(start, tag), tag);
      if (close === -1) return { kind: 'cut', start, end: text.length };
      return { kind: 'string', start, end: close + tag - start };
    }
  }
  for (const [kind, pattern] of [
    ['word', WORD],
    ['number', NUMBER],
  ] as const) {
    const end = match(pattern, text, start);
    if (end > start) return { kind, start, end };
  }
  return { kind: SINGLE[first] ?? 'other', start, end: start + 1 };
}

/** Every token of the text. */
export function* tokensOf(text: string, from = 0): Generator<Token> {
  for (let token = nextToken(text, from); token !== undefined; token = nextToken(text, token.end)) yield token;
}

/** Whether the token is this word, whatever its case. Quoted names never match. */
export function isWord(text: string, token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === 'word' && words.includes(text.slice(token.start, token.end).toUpperCase());
}

/** One past the closing quote. A regular expression would run out of stack on a value of some megabytes. */
function endOfQuote(text: string, start: number): number | undefined {
  const quote = text.charCodeAt(start);
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === quote && text.charCodeAt(at + 1) === quote) at += 1;
    else if (code === quote) return at + 1;
  }
  return undefined;
}

function match(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}
