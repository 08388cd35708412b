/** How a file is laid out: its separator, its header line and what it holds, told by which reading knows the most headers. */
import { columnsIn, headerReader, missingFrom, type ReadHeader } from './columns.ts';
import { type Column, FILE_KINDS, type FileKind } from './headers.ts';
import { type Row, readRows } from './rows.ts';
import type { FileRule } from './settings.ts';
import type { FileFault } from './survey.ts';

export interface Dialect {
  readonly format: 'rows' | 'ndjson';
  readonly kind: FileKind;
  readonly separator: string;
  /** Headers by position, each once. */
  readonly headers: readonly string[];
  /** The line after the header; 1 for files without one. */
  readonly firstLine: number;
}

/** Longer ones first: `||` also splits where `|` does. */
const SEPARATORS = ['|@|', '||', '\t', ',', '|', ';', '^', '\u0001'];
/** Titles and notes may stand above the header. */
const HEADER_WITHIN = 10;

const GOODS_KINDS: ReadonlySet<FileKind> = new Set(['product', 'stock', 'price']);

interface Candidate extends Dialect {
  readonly found: ReadonlySet<Column>;
}

/** Tells the layout from the first lines, or says why it cannot. `role` decides what a member file is. */
export async function dialectOf(
  head: string,
  of: { rule: FileRule; role: 'till' | 'loyalty'; loneCr: boolean },
): Promise<Dialect | FileFault> {
  const readers = new Map(kindsOf(of.rule, of.role).map((kind) => [kind, headerReader(kind, of.rule)]));
  const candidates = head.trimStart().startsWith('{')
    ? ndjsonCandidates(head, readers)
    : of.rule.header
      ? fixedCandidates(of.rule, readers)
      : await rowCandidates(head, { ...of, readers });
  const best = bestOf(candidates.filter(({ found, kind }) => missingFrom(found, kind).length === 0));
  const likest = bestOf(candidates);
  // A list of sales without a number of bills is no list of products.
  const isOther = best !== null && GOODS_KINDS.has(best.kind) && likest!.found.size > best.found.size;
  return best === null || isOther ? faultOf(likest) : best;
}

/** A till's member rows are its own; a loyalty system's are memberships. Returns look like sales: only a rule tells them. */
function kindsOf({ kind }: FileRule, role: 'till' | 'loyalty'): readonly FileKind[] {
  const [members, others] =
    role === 'loyalty' ? (['membership', 'member'] as const) : (['member', 'membership'] as const);
  if (kind) return [kind === 'member' ? members : kind];
  return FILE_KINDS.filter((one) => one !== others && one !== 'refund');
}

function bestOf(candidates: readonly Candidate[]): Candidate | null {
  return candidates.reduce<Candidate | null>(
    (best, one) => (one.found.size > (best?.found.size ?? 0) ? one : best),
    null,
  );
}

type Readers = ReadonlyMap<FileKind, ReadHeader>;

function candidatesFor(layout: Omit<Dialect, 'kind'>, readers: Readers): Candidate[] {
  return Array.from(readers, ([kind, read]) => ({ ...layout, kind, found: columnsIn(layout.headers, read) }));
}

function ndjsonCandidates(head: string, readers: Readers): Candidate[] {
  const names = new Set<string>();
  for (const line of head.split('\n').slice(0, 100)) {
    try {
      for (const name of Object.keys(JSON.parse(line) as object)) names.add(name);
    } catch {
      // The last line may be cut off here; broken ones are told when they are read.
    }
  }
  return candidatesFor({ format: 'ndjson', separator: '', headers: [...names], firstLine: 1 }, readers);
}

function fixedCandidates({ header = [], separator = ',' }: FileRule, readers: Readers): Candidate[] {
  const own = separator === 'auto' ? ',' : separator;
  return candidatesFor({ format: 'rows', separator: own, headers: distinct(header), firstLine: 1 }, readers);
}

async function rowCandidates(
  head: string,
  of: { rule: FileRule; loneCr: boolean; readers: Readers },
): Promise<Candidate[]> {
  const { separator = 'auto' } = of.rule;
  const candidates: Candidate[] = [];
  for (const one of separator === 'auto' ? SEPARATORS : [separator]) {
    const rows = await firstRows(head, { separator: one, columns: 0, loneCr: of.loneCr });
    for (const { line, cells } of rows) {
      const headers = distinct(cells);
      candidates.push(...candidatesFor({ format: 'rows', separator: one, headers, firstLine: line + 1 }, of.readers));
    }
  }
  return candidates;
}

async function firstRows(head: string, format: Parameters<typeof readRows>[1]): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const text = (async function* () {
    yield head;
  })();
  for await (const block of readRows(text, format)) rows.push(...block);
  return rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== '')).slice(0, HEADER_WITHIN);
}

/** Headers as keys: trimmed, without the empty ones behind the last, and a second of one name with its position. */
export function distinct(cells: readonly string[]): string[] {
  const headers = cells.map((cell) => cell.replace(/^[\s\ufeff]+|\s+$/g, ''));
  while (headers.at(-1) === '') headers.pop();
  return headers.map((header, n) => (header === '' || headers.indexOf(header) < n ? `${header}#${n + 1}` : header));
}

function faultOf(best: Candidate | null): FileFault {
  const known = best?.found.size ?? 0;
  if (best === null || known < 2) {
    return {
      code: 'file.no-header',
      given: `no known header in its first ${HEADER_WITHIN} lines`,
      expected:
        'a line that names the columns; set `header` for files without one, or `columns` for headers of your own',
    };
  }
  const missing = missingFrom(best.found, best.kind).map((group) => group.join(' or '));
  return {
    code: 'file.columns-missing',
    given: `${known} known columns of a ${best.kind} file: ${[...best.found].join(', ')}`,
    expected: `also ${missing.join(', and ')}; set \`columns\` if they have other headers`,
  };
}
