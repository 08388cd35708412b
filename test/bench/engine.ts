/** Benches of the embedded engine over HTTP, each against chdb called directly in this process in the same run. */
import { writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { Session } from 'chdb';
import { type Engine, startEngine } from '../../store/embedded/index.ts';
import type { Bench, BenchContext, BenchResult } from './bench.ts';
import { samplePeaks } from './measure.ts';

const SMALL_QUERIES = 1000;
const SMALL_INSERTS = 200;
const STREAMED_ROWS = 10_000_000;
const BLOCK_ROWS = 100_000;
const ROWS_OF_100 = Array.from({ length: 100 }, (_, n) => JSON.stringify({ n, s: `value ${n}` })).join('\n');
const TABLE = 'CREATE TABLE t (n UInt64, s String) ENGINE = MergeTree ORDER BY n';
const NUMBERS = 'CREATE TABLE numbers_in (n UInt64) ENGINE = MergeTree ORDER BY n';

interface Sides {
  /** Sends a statement, and data after it, in one request; gives the bytes of the answer. */
  http(query: string, data?: AsyncIterable<Uint8Array>): Promise<number>;
  readonly session: Session;
  readonly dir: string;
}

interface Work {
  readonly name: string;
  readonly rows: number;
  readonly versus: string;
  served(sides: Sides): Promise<unknown>;
  direct(sides: Sides): Promise<unknown>;
}

const selects: Work = {
  name: 'engine-select',
  rows: SMALL_QUERIES,
  versus: 'Session.queryAsync in the same process',
  served: ({ http }) => repeat(SMALL_QUERIES, () => http('SELECT 1')),
  direct: ({ session }) => repeat(SMALL_QUERIES, () => session.queryAsync('SELECT 1')),
};

const inserts: Work = {
  name: 'engine-insert',
  rows: 100 * SMALL_INSERTS,
  versus: 'Session.insert of the same 100 rows in the same process',
  served: ({ http }) => repeat(SMALL_INSERTS, () => http(`INSERT INTO t FORMAT JSONEachRow\n${ROWS_OF_100}`)),
  direct: ({ session }) =>
    repeat(SMALL_INSERTS, () =>
      session.insert({ table: 't', values: Buffer.from(ROWS_OF_100), format: 'JSONEachRow' }),
    ),
};

const RESULT = `SELECT number, number FROM numbers(${STREAMED_ROWS})`;
const out: Work = {
  name: 'engine-out',
  rows: STREAMED_ROWS,
  versus: 'Session.queryStream in the same process',
  served: ({ http }) => http(`${RESULT} FORMAT RowBinary`),
  async direct({ session }) {
    let bytes = 0;
    for await (const chunk of session.queryStream(RESULT, { format: 'RowBinary' })) bytes += chunk.raw().length;
    return bytes;
  },
};

const into: Work = {
  name: 'engine-in',
  rows: STREAMED_ROWS,
  versus: 'the data written to a file and INSERT … FROM INFILE in the same process',
  served: ({ http }) => http('INSERT INTO numbers_in FORMAT RowBinary', numbers()),
  async direct({ session, dir }) {
    const file = join(dir, 'numbers');
    await writeFile(file, numbers());
    await session.queryAsync(`INSERT INTO numbers_in FROM INFILE '${file}' COMPRESSION 'none' FORMAT RowBinary`);
  },
};

async function run({ dir }: BenchContext, work: Work): Promise<BenchResult> {
  const engine = await startEngine({ dataDir: join(dir, 'engine') });
  const agent = new Agent({ keepAlive: true });
  const session = new Session(join(dir, 'direct'));
  const sides: Sides = { http: (query, data) => send({ engine, agent, query }, data), session, dir };
  for (const table of [TABLE, NUMBERS]) {
    await sides.http(table);
    await session.queryAsync(table);
  }
  await repeat(20, () => sides.http('SELECT 1'));
  await repeat(20, () => session.queryAsync('SELECT 1'));
  const peaks = samplePeaks({ node: process.pid, engine: engine.pid });
  const seconds = await timed(() => work.served(sides));
  const memory_mb = await peaks.stop();
  const direct = await timed(() => work.direct(sides));
  session.close();
  agent.destroy();
  await engine.stop();
  const { name, rows, versus } = work;
  return { name, rows, seconds, rate: rows / seconds, memory_mb, ratio: direct / seconds, versus };
}

function send(
  { engine, agent, query }: { engine: Engine; agent: Agent; query: string },
  data?: AsyncIterable<Uint8Array>,
): Promise<number> {
  const { url, username, password } = engine.connection;
  const headers = { 'x-clickhouse-user': username, 'x-clickhouse-key': password };
  return new Promise((done, fail) => {
    const outgoing = request(url, { method: 'POST', agent, headers }, (incoming) => {
      let bytes = 0;
      incoming.on('data', (chunk: Uint8Array) => {
        bytes += chunk.length;
      });
      incoming.on('error', fail);
      incoming.on('end', () => (incoming.statusCode === 200 ? done(bytes) : fail(new Error(`${incoming.statusCode}`))));
    });
    outgoing.on('error', fail);
    if (data === undefined) outgoing.end(query);
    else void pour(outgoing, query, data).catch(fail);
  });
}

async function pour(outgoing: NodeJS.WritableStream, query: string, data: AsyncIterable<Uint8Array>): Promise<void> {
  outgoing.write(`${query}\n`);
  for await (const block of data) {
    if (!outgoing.write(block)) await new Promise((drained) => outgoing.once('drain', drained));
  }
  outgoing.end();
}

/** 0, 1, 2, … as UInt64. */
async function* numbers(): AsyncGenerator<Uint8Array> {
  for (let first = 0; first < STREAMED_ROWS; first += BLOCK_ROWS) {
    yield new Uint8Array(BigUint64Array.from({ length: BLOCK_ROWS }, (_, index) => BigInt(first + index)).buffer);
  }
}

async function repeat(times: number, once: () => Promise<unknown>): Promise<void> {
  for (let turn = 0; turn < times; turn += 1) await once();
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

export const benches: Bench[] = [selects, inserts, out, into].map((work) => ({
  name: work.name,
  run: (context) => run(context, work),
}));
