/**
 * Which columns of places belong together: a city tells its province, so that an agreement on both is one agreement.
 * A column belongs to a finer one whose values nearly always stand beside the same value of it.
 */
import { readPlace } from './comparisons/place.ts';
import { type CsvFile, csvRows } from './read-file.ts';

const NEARLY_ALWAYS = 0.9;

/** Groups of the columns, the finest of each first. */
export async function placeGroups(file: CsvFile, columns: readonly string[]): Promise<string[][]> {
  if (columns.length < 2) return columns.map((column) => [column]);
  const rows: string[][] = [];
  const at = columns.map((column) => file.headers.indexOf(column));
  const texts = new Map<string, string>();
  for await (const block of csvRows(file)) {
    for (const cells of block) rows.push(at.map((n) => shared(texts, cells[n]!)));
  }
  const distinct = columns.map((_, n) => new Set(rows.map((row) => row[n])).size);
  const byFineness = columns.map((_, n) => n).sort((a, b) => distinct[b]! - distinct[a]! || a - b);
  const groups: number[][] = [];
  for (const column of byFineness) {
    const finer = groups.find((group) => tells(rows, { finer: group.at(-1)!, coarser: column }));
    if (finer === undefined) groups.push([column]);
    else finer.push(column);
  }
  return groups.map((group) => group.map((n) => columns[n]!));
}

/** One text for all equal cells, so that a million rows are a million pointers. */
function shared(texts: Map<string, string>, cell: string): string {
  const known = texts.get(cell) ?? readPlace(cell);
  texts.set(cell, known);
  return known;
}

function tells(rows: readonly (readonly string[])[], { finer, coarser }: { finer: number; coarser: number }): boolean {
  const beside = new Map<string, Map<string, number>>();
  let both = 0;
  for (const row of rows) {
    const [fine, coarse] = [row[finer]!, row[coarser]!];
    if (fine === '' || coarse === '') continue;
    both++;
    const counts = beside.get(fine) ?? new Map<string, number>();
    beside.set(fine, counts.set(coarse, (counts.get(coarse) ?? 0) + 1));
  }
  let usual = 0;
  for (const counts of beside.values()) usual += Math.max(...counts.values());
  return both > 0 && usual / both >= NEARLY_ALWAYS;
}
