/** Rows of a file to the table `records` of the working engine: one row a record, with the features of its comparisons. */
import { Readable } from 'node:stream';
import { QuanyuError } from '../../errors.ts';
import { raw, type Store } from '../../store/index.ts';
import { type Comparison, type FeatureValue, weighed } from './comparison.ts';
import { type CsvFile, csvRows } from './read-file.ts';

export interface Loading {
  readonly file: CsvFile;
  readonly idColumn: string;
  readonly exclusive: string | undefined;
  readonly comparisons: readonly Comparison[];
}

const LISTED = 5;

/** Fills `records` and tells how many there are. Throws 'match.file-invalid' for missing and repeated ids. */
export async function loadRecords(store: Store, loading: Loading): Promise<number> {
  const columns = loading.comparisons.flatMap(({ id, features }) =>
    features.map(({ name, type }) => `${id}_${name} ${type}`),
  );
  const made = ['id String', 'apart String', ...columns].join(', ');
  await store.run(raw(`CREATE TABLE given (${made}) ENGINE = MergeTree ORDER BY id`));
  await store.insertStream('given', 'TabSeparated', Readable.from(linesOf(loading), { objectMode: false }));
  await refuseRepeats(store, loading);
  await store.run(raw(recordsSql(loading.comparisons)), { settings: { max_bytes_before_external_sort: '500000000' } });
  await store.run(raw('DROP TABLE given'));
  const [row] = await store.rows<{ n: number }>(raw('SELECT count() AS n FROM records'));
  return row!.n;
}

async function* linesOf({ file, idColumn, exclusive, comparisons }: Loading): AsyncIterable<string> {
  const idAt = file.headers.indexOf(idColumn);
  const apartAt = exclusive === undefined ? -1 : file.headers.indexOf(exclusive);
  let row = 0;
  for await (const rows of csvRows(file)) {
    let lines = '';
    for (const cells of rows) {
      row++;
      const id = cells[idAt]!.trim();
      if (id === '') {
        throw new QuanyuError(
          'match.file-invalid',
          `${file.path}: record ${row} has no value in "${idColumn}": give each record an id of its own.`,
        );
      }
      lines += `${field(id)}\t${apartAt < 0 ? '' : field(cells[apartAt]!.trim())}`;
      for (const comparison of comparisons) for (const value of comparison.read(cells)) lines += `\t${field(value)}`;
      lines += '\n';
    }
    yield lines;
  }
}

function field(value: FeatureValue): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return `[${value.join(',')}]`;
  return /[\\\t\n\r\0]/.test(value) ? value.replace(/[\\\t\n\r\0]/g, ' ') : value;
}

async function refuseRepeats(store: Store, { file, idColumn }: Loading): Promise<void> {
  const repeated = await store.rows<{ id: string; times: number }>(
    raw('SELECT id, count() AS times FROM given GROUP BY id HAVING times > 1 ORDER BY times DESC, id LIMIT 1000'),
  );
  if (repeated.length === 0) return;
  const shown = repeated.slice(0, LISTED).map(({ id, times }) => `${id} (${times} times)`);
  throw new QuanyuError(
    'match.file-invalid',
    `${file.path}: ${repeated.length === 1000 ? 'a thousand or more' : repeated.length} values of "${idColumn}" stand on several records: ${shown.join(', ')}${repeated.length > LISTED ? ', …' : ''}. Each record needs an id of its own.`,
  );
}

/**
 * `rid` numbers the records by their ids, so that nothing depends on the order of the rows. `<feature>_n` = records with
 * the same value; `<feature>_tf` = what its rarity adds to an agreement on it, in bits: log2 of how often two records
 * agree on any value over how often they agree on this one (Winkler, "Frequency-Based Matching in Fellegi-Sunter Model
 * of Record Linkage", 2000).
 */
function recordsSql(comparisons: readonly Comparison[]): string {
  const counts = new Set<string>();
  const extra: string[] = [];
  for (const comparison of comparisons) {
    const own = (feature: string) => `${comparison.id}_${feature}`;
    for (const feature of comparison.counted) counts.add(own(feature));
    for (const feature of weighed(comparison).map(own)) {
      counts.add(feature);
      extra.push(
        `if(${feature} = '', 0, log2(greatest(${feature}_s, 1e-12) / (${feature}_n / ${feature}_all))) AS ${feature}_tf`,
      );
    }
  }
  const counted = [...counts].map((one) => `countIf(${one} != '') OVER (PARTITION BY ${one}) AS ${one}_n`);
  const totals = extra.length === 0 ? '' : totalsSql(comparisons);
  return `CREATE TABLE records ENGINE = MergeTree ORDER BY rid AS ${totals}
    SELECT toUInt32(rowNumberInAllBlocks()) AS rid, * FROM (
      SELECT ${['*', ...extra].join(', ')} FROM (SELECT ${['*', ...counted].join(', ')} FROM given)
      ORDER BY id)`;
}

/** Per weighed feature: records that have it, and how likely two of them have the same value. */
function totalsSql(comparisons: readonly Comparison[]): string {
  const parts = comparisons.flatMap((comparison) =>
    weighed(comparison).map((feature) => {
      const column = `${comparison.id}_${feature}`;
      const counted = `(SELECT count() AS c FROM given WHERE ${column} != '' GROUP BY ${column})`;
      return `(SELECT sum(c) FROM ${counted}) AS ${column}_all,
        (SELECT sum(c * c) / pow(sum(c), 2) FROM ${counted}) AS ${column}_s`;
    }),
  );
  return `WITH ${parts.join(', ')}`;
}
