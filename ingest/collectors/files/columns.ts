/** Which column a header means, in one kind of file of one source. */
import { COLUMN_HEADERS, COLUMNS_OF, type Column, type FileKind, NEEDED } from './headers.ts';
import type { FileRule } from './settings.ts';

/** What a header means; of several headers that mean one column the filled one with the lowest rank counts. */
export interface Meaning {
  readonly header: string;
  readonly column: Column;
  readonly rank: number;
}

export type ReadHeader = (header: string) => Meaning | null;

/** How a header is compared: without spaces, brackets, underscores; full-width forms folded. */
export function plainHeader(header: string): string {
  return header
    .normalize('NFKC')
    .replace(/\((?:元|分|人民币|rmb|cny)\)$/i, '')
    .replace(/[\s\ufeff\u200b_\-*'":：()[\]]/g, '')
    .toLowerCase();
}

const RANKED = new Map<Column, ReadonlyMap<string, number>>(
  Object.entries(COLUMN_HEADERS).map(([column, headers]) => [
    column as Column,
    new Map(headers.split(' ').map((header, rank) => [header, rank + 1])),
  ]),
);

/** The reader of one kind of file; answers are remembered, since every row asks for the same headers. */
export function headerReader(kind: FileKind, rule: FileRule): ReadHeader {
  const own = new Map(
    Object.entries(rule.columns ?? {}).map(([column, header]) => [plainHeader(header), column as Column]),
  );
  const known = new Map<string, Meaning | null>();
  return (header) => {
    const remembered = known.get(header);
    if (remembered !== undefined) return remembered;
    const meaning = meaningOf(header, kind, own);
    if (known.size < 1000) known.set(header, meaning);
    return meaning;
  };
}

function meaningOf(header: string, kind: FileKind, own: ReadonlyMap<string, Column>): Meaning | null {
  const plain = plainHeader(header);
  const chosen = own.get(plain);
  if (chosen) return { header, column: chosen, rank: 0 };
  for (const column of COLUMNS_OF[kind]) {
    const rank = RANKED.get(column)?.get(plain);
    if (rank !== undefined) return { header, column, rank };
  }
  return null;
}

/** The distinct columns that headers name. */
export function columnsIn(headers: readonly string[], read: ReadHeader): ReadonlySet<Column> {
  return new Set(headers.map((header) => read(header)?.column).filter((column) => column !== undefined));
}

/** The groups of which a file of this kind needs one column and has none. */
export function missingFrom(found: ReadonlySet<Column>, kind: FileKind): readonly (readonly Column[])[] {
  return NEEDED[kind].filter((group) => !group.some((column) => found.has(column)));
}
