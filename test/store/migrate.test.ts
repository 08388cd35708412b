import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QuanyuError } from '../../errors.ts';
import { type Engine, startEngine } from '../../store/embedded/index.ts';
import { migrate, openStore, p, readMigrations, type Store, sql } from '../../store/index.ts';
import { startProxy } from '../helpers/http-proxy.ts';

describe('migrations', () => {
  let engine: Engine;
  let folder: string;
  let files: string;
  let databases = 0;
  const open: Store[] = [];

  const storeOf = (url = engine.connection.url, database = `migrated_${++databases}`): Store => {
    const store = openStore({ ...engine.connection, url, database });
    open.push(store);
    return store;
  };
  const write = (name: string, text: string) => writeFile(join(files, name), text);
  const columns = (store: Store) =>
    store.rows(sql`SELECT table, name, type, is_in_sorting_key FROM system.columns
      WHERE database = ${p('String', store.options.database)} ORDER BY table, position`);
  const indexes = (store: Store) =>
    store.rows(sql`SELECT table, name, expr FROM system.data_skipping_indices
      WHERE database = ${p('String', store.options.database)} ORDER BY table, name`);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quanyu-test-'));
    engine = await startEngine({ dataDir: join(folder, 'data') });
  });
  beforeEach(async () => {
    files = await mkdtemp(join(folder, 'files-'));
  });
  after(async () => {
    await Promise.all(open.map((store) => store.close()));
    await engine.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('are numbered from 1 without a gap or a double', async () => {
    const ids = (await readMigrations()).map((one) => one.id);
    assert.deepEqual(
      ids,
      ids.map((_, n) => n + 1),
    );
  });

  it('are applied once, in the order of their numbers', async () => {
    await write('002-second.sql', 'ALTER TABLE letters ADD COLUMN b String;\n');
    await write('001-first.sql', '-- The first; of all.\nCREATE TABLE letters\n(\n    a String\n)\nENGINE = Memory;\n');
    const store = storeOf();
    assert.deepEqual(await migrate(store, await readMigrations(files)), [1, 2]);
    assert.deepEqual(await migrate(store, await readMigrations(files)), []);
    await write('003-third.sql', 'CREATE TABLE numbers (n UInt8) ENGINE = Memory;\nDROP TABLE letters;\n');
    assert.deepEqual(await migrate(store, await readMigrations(files)), [3]);
    const tables = (await columns(store)) as { table: string; name: string }[];
    assert.deepEqual(
      tables.filter(({ table }) => table !== 'migrations').map(({ table, name }) => `${table}.${name}`),
      ['numbers.n'],
    );
  });

  it('are refused when one that was applied has been edited since, naming the file', async () => {
    await write('001-first.sql', 'CREATE TABLE letters (a String) ENGINE = Memory;\n');
    const store = storeOf();
    await migrate(store, await readMigrations(files));
    await write('001-first.sql', 'CREATE TABLE letters (a String, b String) ENGINE = Memory;\n');
    await write('002-second.sql', 'CREATE TABLE numbers (n UInt8) ENGINE = Memory;\n');
    await assert.rejects(migrate(store, await readMigrations(files)), (error: QuanyuError) => {
      assert.equal(error.code, 'store.migration-edited');
      assert.match(error.message, /001-first\.sql/);
      return true;
    });
    const tables = (await columns(store)) as { table: string }[];
    assert.ok(!tables.some(({ table }) => table === 'numbers'), 'nothing was applied after the refusal');
  });

  it('do not mind the line ends a checkout gives a file', async () => {
    await write('001-first.sql', 'CREATE TABLE letters\n(a String)\nENGINE = Memory;\n');
    const store = storeOf();
    await migrate(store, await readMigrations(files));
    await write('001-first.sql', 'CREATE TABLE letters\r\n(a String)\r\nENGINE = Memory;\r\n');
    assert.deepEqual(await migrate(store, await readMigrations(files)), []);
  });

  it('go on after being cut off at any statement, and end in the same tables', async () => {
    await write(
      '001-first.sql',
      'CREATE TABLE letters (a String, c String) ENGINE = MergeTree ORDER BY a;\nCREATE TABLE old (a String) ENGINE = Memory;\n',
    );
    await write(
      '002-second.sql',
      'ALTER TABLE letters ADD COLUMN b String;\nALTER TABLE letters ADD INDEX by_b b TYPE bloom_filter;\nALTER TABLE letters DROP COLUMN c;\nDROP TABLE old;\n',
    );
    const migrations = await readMigrations(files);
    const whole = storeOf();
    await migrate(whole, migrations);
    const expected = [await columns(whole), await indexes(whole)];
    let cuts = 0;
    for (let cutAfter = 0; ; cutAfter++) {
      const proxy = await startProxy(engine.connection.url, { cutAfter });
      const cut = storeOf(proxy.url);
      const outcome = await migrate(cut, migrations).catch((error: unknown) => error);
      await proxy.close();
      if (!(outcome instanceof QuanyuError)) break;
      assert.equal(outcome.code, 'store.unavailable');
      cuts++;
      const store = storeOf(engine.connection.url, cut.options.database);
      await migrate(store, migrations);
      assert.deepEqual([await columns(store), await indexes(store)], expected, `cut off after ${cutAfter} requests`);
    }
    assert.ok(cuts >= 8, `only ${cuts} places to be cut off at were met`);
  });

  it('run on a server that is reached by its URL as they do on the engine that npm start starts', async () => {
    const probe = await startProxy(engine.connection.url);
    const port = Number(new URL(probe.url).port);
    await probe.close();
    const server = await startEngine({ dataDir: join(folder, 'server'), port });
    try {
      const url = `http://localhost:${port}/`;
      const { username, password } = server.connection;
      const theirs = openStore({ url, username, password, database: 'quanyu' });
      open.push(theirs);
      const ours = storeOf();
      assert.ok(await theirs.ping());
      assert.deepEqual(await migrate(theirs), await migrate(ours));
      assert.deepEqual(await columns(theirs), await columns(ours));
      assert.deepEqual(await indexes(theirs), await indexes(ours));
      assert.deepEqual(await migrate(theirs), []);
    } finally {
      await server.stop();
    }
  });
});
