import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ClickHouseClient, ClickHouseLogLevel, type ClickHouseSettings, createClient } from '@clickhouse/client';
import { type Engine, startEngine } from '../../../store/embedded/index.ts';

const QUIET = { level: ClickHouseLogLevel.OFF };

describe('the @clickhouse/client against the embedded engine', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'quanyu-engine-'));
  let engine: Engine;
  before(async () => {
    engine = await startEngine({ dataDir });
  });
  after(async () => {
    await engine.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const flavours = [
    { name: 'as it comes', options: {} },
    {
      name: 'with forms and compression',
      options: { use_multipart_params: true, compression: { request: true, response: true } },
    },
  ] as const;
  for (const { name, options } of flavours) {
    describe(name, () => {
      let client: ClickHouseClient;
      before(() => {
        client = createClient({ ...engine.connection, ...options, log: QUIET });
      });
      after(() => client.close());
      beforeEach(() =>
        client.command({ query: 'CREATE OR REPLACE TABLE t (n UInt64, s String) ENGINE = MergeTree ORDER BY n' }),
      );
      const rows = async () =>
        (await client.query({ query: 'SELECT * FROM t ORDER BY n', format: 'JSONEachRow' })).json();

      it('pings', async () => {
        assert.deepEqual([(await client.ping()).success, (await client.ping({ select: true })).success], [true, true]);
      });

      it('queries in its default format and with values', async () => {
        const result = await client.query({
          query:
            'SELECT {s:String} AS s, {list:Array(Nullable(String))} AS list, {at:DateTime64(3)} AS at, {no:Nullable(UInt8)} AS no',
          query_params: { s: "it's\n\\", list: ['a', null, "b'"], at: new Date('2026-01-02T03:04:05.678Z'), no: null },
        });
        assert.deepEqual((await result.json<object>()).data, [
          { s: "it's\n\\", list: ['a', null, "b'"], at: '2026-01-02 03:04:05.678', no: null },
        ]);
      });

      it('inserts arrays, streams of objects and raw streams', async () => {
        const done = await client.insert({ table: 't', values: [{ n: 1, s: 'a;\n\nb' }], format: 'JSONEachRow' });
        assert.equal(done.summary?.written_rows, '1');
        await client.insert({ table: 't', values: Readable.from([{ n: 2, s: 'x' }]), format: 'JSONEachRow' });
        const raw = Readable.from(['3,"y', '\n"\n'], { objectMode: false });
        await client.insert({ table: 't', values: raw, format: 'CSV', columns: ['n', 's'] });
        assert.deepEqual(await rows(), [
          { n: 1, s: 'a;\n\nb' },
          { n: 2, s: 'x' },
          { n: 3, s: 'y\n' },
        ]);
      });

      it('sends and gets bytes with exec', async () => {
        const bytes = Buffer.from([5, 0, 0, 0, 0, 0, 0, 0, 2, 0, 255]);
        const sent = await client.exec({
          query: 'INSERT INTO t FORMAT RowBinary',
          values: Readable.from([bytes], { objectMode: false }),
        });
        sent.stream.resume();
        const got = await client.exec({ query: 'SELECT * FROM t FORMAT RowBinary' });
        const chunks: Buffer[] = [];
        for await (const chunk of got.stream) chunks.push(chunk as Buffer);
        assert.deepEqual(Buffer.concat(chunks), bytes);
      });

      it('streams results', async () => {
        const result = await client.query({ query: 'SELECT number AS n FROM numbers(300000)', format: 'JSONEachRow' });
        let sum = 0;
        for await (const block of result.stream<{ n: number }>())
          for (const row of block) sum += row.json<{ n: number }>().n;
        assert.equal(sum, (300_000 * 299_999) / 2);
      });

      it('gets the engine’s errors, before the first row and in the middle of a stream', async () => {
        await assert.rejects(client.query({ query: 'SELECT * FROM nope' }), { code: '60', type: 'UNKNOWN_TABLE' });
        const query = 'SELECT throwIf(number = 600000) AS n, randomString(30) AS s FROM numbers(1000000)';
        const late = await client.query({ query, format: 'JSONEachRow' });
        await assert.rejects(late.json(), { code: '395', type: 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO' });
        const whole = await client.query({ query, format: 'JSON' });
        await assert.rejects(whole.json());
      });

      it('passes settings that hold for one request', async () => {
        const query = "SELECT getSetting('max_block_size') AS size";
        const size = async (clickhouse_settings: ClickHouseSettings) =>
          (
            await (await client.query({ query, format: 'JSONEachRow', clickhouse_settings })).json<{ size: number }>()
          )[0]?.size;
        const usual = await size({});
        assert.equal(await size({ max_block_size: '77' }), 77);
        assert.equal(await size({}), usual);
      });

      it('works in sessions', async () => {
        const session = createClient({ ...engine.connection, ...options, session_id: `s ${name}`, log: QUIET });
        await session.command({ query: 'CREATE TEMPORARY TABLE tmp (a UInt8)' });
        await session.insert({ table: 'tmp', values: [{ a: 1 }, { a: 2 }], format: 'JSONEachRow' });
        const result = await session.query({ query: 'SELECT sum(a) AS sum FROM tmp', format: 'JSONEachRow' });
        assert.deepEqual(await result.json(), [{ sum: 3 }]);
        await session.close();
      });

      it('stops what it called off', async () => {
        const abort = new AbortController();
        const query = client.query({
          query: "SELECT 'called off', sum(number) FROM numbers(1000000000000)",
          abort_signal: abort.signal,
        });
        await sleep(300);
        abort.abort();
        await assert.rejects(query);
        const left = async () =>
          (
            await client.query({
              query: "SELECT 1 FROM system.processes WHERE query LIKE 'SELECT \\'called%'",
              format: 'JSONEachRow',
            })
          ).json();
        for (let turn = 0; turn < 60 && (await left()).length > 0; turn += 1) await sleep(50);
        assert.deepEqual(await left(), []);
      });
    });
  }

  it('is refused with a wrong password', async () => {
    const client = createClient({ ...engine.connection, password: 'wrong', log: QUIET });
    await assert.rejects(client.query({ query: 'SELECT 1' }), { code: '516', type: 'AUTHENTICATION_FAILED' });
    await client.close();
  });
});
