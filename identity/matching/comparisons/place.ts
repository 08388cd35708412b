/** Places, the finest first (city, then province): of what both records give, the finest that agrees counts. */
import { isBlank } from '../../../ingest/identifiers/index.ts';
import { type Comparison, same } from '../comparison.ts';
import { plain } from './text.ts';

const KIND_OF_PLACE = /(?:壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区|省|市)$/u;

export function readPlace(cell: string): string {
  return isBlank(cell) ? '' : plain(cell).replace(KIND_OF_PLACE, '');
}

/** `columns`: the finest first. */
export function place(id: string, words: string, columns: readonly number[]): Comparison {
  const features = columns.map((_, n) => `p${n}`);
  return {
    id,
    words,
    features: features.map((name) => ({ name, type: 'String' })),
    counted: [],
    known: features.map((name) => `(l.${name} != '' AND r.${name} != '')`).join(' OR '),
    levels: [
      { words: 'the same', sql: same('p0'), frequency: 'p0' },
      {
        words: 'nearly the same letters',
        sql: `l.p0 != '' AND r.p0 != '' AND match(l.p0, '^[ -~]+$') AND jaroWinklerSimilarity(l.p0, r.p0) >= 0.9`,
      },
      ...features.slice(1).flatMap((name, n) => [
        {
          words: `the same ${n + 2}. place, the finer unknown`,
          sql: `${same(name)} AND (l.p${n} = '' OR r.p${n} = '')`,
          frequency: name,
        },
        { words: `the same ${n + 2}. place, another finer`, sql: same(name), frequency: name },
      ]),
      { words: 'another', sql: null },
    ],
    keys: [{ name: 'p0', sql: 'k.p0' }],
    read: (cells) => columns.map((column) => readPlace(cells[column]!)),
  };
}
