import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { type Engine, startEngine } from '../../../store/embedded/index.ts';
import { authorization } from './engine-http.ts';

const LOADER = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm')).href;
const FRONT_DOOR = new URL('../../../store/embedded/index.ts', import.meta.url).href;

describe('the engine’s process', () => {
  let dataDir: string;
  const engines: Engine[] = [];
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'quanyu-engine-'));
  });
  afterEach(async () => {
    for (const engine of engines.splice(0)) await engine.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function start(options: { dataDir: string; port?: number; threads?: number } = { dataDir }): Promise<Engine> {
    const engine = await startEngine(options);
    engines.push(engine);
    return engine;
  }

  async function query(engine: Engine, sql: string): Promise<string> {
    const headers = { authorization: authorization(engine) };
    const answer = await fetch(engine.connection.url, { method: 'POST', headers, body: sql });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.text();
  }

  async function until(what: string, check: () => boolean | Promise<boolean>, ms = 15_000): Promise<void> {
    for (const end = Date.now() + ms; Date.now() < end; await sleep(30)) if (await check()) return;
    assert.fail(`${what} did not come about within ${ms} ms`);
  }

  it('makes its password once, readable by its owner alone, and never shows it to other processes', async () => {
    const engine = await start();
    const file = join(dataDir, 'engine-password');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const { password } = engine.connection;
    assert.ok(password.length >= 32);
    const shown = execFileSync('ps', ['eww', '-o', 'args=', '-p', String(engine.pid)], { encoding: 'utf8' });
    assert.doesNotMatch(shown, new RegExp(password));
    await engine.stop();
    assert.equal((await start()).connection.password, password);
  });

  it('is given none of the keys in the environment, and runs in UTC', async () => {
    process.env.QUANYU_TEST_KEY = 'a-secret-key';
    const engine = await start();
    delete process.env.QUANYU_TEST_KEY;
    const shown = execFileSync('ps', ['eww', '-o', 'args=', '-p', String(engine.pid)], { encoding: 'utf8' });
    assert.doesNotMatch(shown, /a-secret-key/);
    assert.equal(
      await query(
        engine,
        "SELECT toString(toDateTime('2026-01-01 00:00:00', 'UTC')) = toString(toDateTime(1767225600))",
      ),
      '1\n',
    );
  });

  it('listens on loopback alone, and uses as many threads as it is told', async () => {
    const engine = await start({ dataDir, threads: 1 });
    assert.match(engine.connection.url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(await query(engine, "SELECT getSetting('max_threads')"), '1\n');
  });

  it('leaves a part of the machine’s memory to others', async () => {
    const engine = await start();
    const sql =
      "SELECT toFloat64(value) <= 0.6 FROM system.server_settings WHERE name = 'max_server_memory_usage_to_ram_ratio'";
    assert.equal(await query(engine, sql), '1\n');
  });

  it('works in a folder with an unusual name', async () => {
    const engine = await start({ dataDir: join(dataDir, "it's a=b 中文") });
    await query(engine, 'CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a');
    await query(engine, 'INSERT INTO t FORMAT CSV\n1\n2\n');
    await query(engine, "INSERT INTO t SELECT a FROM input('a UInt8') FORMAT CSV\n3\n");
    assert.equal(await query(engine, 'SELECT sum(a) FROM t'), '6\n');
  });

  it('refuses a folder whose name the engine would take for a pattern', async () => {
    await assert.rejects(startEngine({ dataDir: join(dataDir, 'a{b,c}') }), { code: 'config.invalid' });
  });

  it('comes back on the same port with the same password and all that was acknowledged, when it is killed', async () => {
    const engine = await start();
    const seen: string[] = [];
    engine.onStateChange(({ status }) => seen.push(status));
    const { connection, pid } = engine;
    await query(engine, 'CREATE TABLE t (block UInt32, n UInt32) ENGINE = MergeTree ORDER BY (block, n)');
    const acknowledged: number[] = [];
    let block = 0;
    for (let kill = 0; kill < 3; kill += 1) {
      const killed = engine.pid;
      setTimeout(() => process.kill(killed ?? 0, 'SIGKILL'), 150 + 130 * kill);
      for (;;) {
        const rows = Array.from({ length: 1000 }, (_, n) => `${block},${n}`).join('\n');
        try {
          await query(engine, `INSERT INTO t FORMAT CSV\n${rows}`);
          acknowledged.push(block++);
        } catch {
          block += 1;
          break;
        }
      }
      await until('a new process', () => engine.state().status === 'running' && engine.pid !== killed);
    }
    assert.deepEqual(engine.connection, connection);
    assert.notEqual(engine.pid, pid);
    assert.equal(engine.state().restarts, 3);
    assert.match(engine.state().lastExit ?? '', /SIGKILL/);
    assert.deepEqual(seen.slice(0, 2), ['restarting', 'running']);
    const counts = await query(engine, 'SELECT block, count() FROM t GROUP BY block ORDER BY block FORMAT CSV');
    const whole = new Map(
      counts
        .trim()
        .split('\n')
        .map((line) => line.split(',').map(Number) as [number, number]),
    );
    assert.ok(acknowledged.length > 5, `${acknowledged.length} blocks`);
    assert.deepEqual(
      acknowledged.filter((one) => whole.get(one) !== 1000),
      [],
    );
    assert.deepEqual(
      [...whole.values()].filter((count) => count !== 1000),
      [],
    );
  });

  it('ends when its parent is killed, and the next one wipes what lay about', async () => {
    const script = `import { startEngine } from ${JSON.stringify(FRONT_DOOR)};
      const engine = await startEngine({ dataDir: ${JSON.stringify(dataDir)} });
      console.log(engine.pid);`;
    const parent = spawn(process.execPath, ['--import', LOADER, '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const child = Number(line.toString());
    parent.kill('SIGKILL');
    writeFileSync(join(dataDir, 'engine-run', 'pipes', 'left-over'), 'data');
    mkdirSync(join(dataDir, 'clickhouse', 'tmp', 'left-over'), { recursive: true });
    const engine = await start();
    assert.ok(!isAlive(child));
    assert.equal(await query(engine, 'SELECT 1'), '1\n');
    const left = [join(dataDir, 'engine-run', 'pipes', 'left-over'), join(dataDir, 'clickhouse', 'tmp', 'left-over')];
    assert.deepEqual(left.filter(existsSync), []);
  });

  it('refuses a folder that another one holds, and says which', async () => {
    const first = await start();
    await assert.rejects(startEngine({ dataDir }), (thrown: Error & { code?: string }) => {
      assert.equal(thrown.code, 'store.engine-locked');
      assert.match(thrown.message, new RegExp(`process ${first.pid} holds it`));
      return true;
    });
    assert.equal(await query(first, 'SELECT 1'), '1\n');
  });

  it('says so when its port is taken', async () => {
    const first = await start();
    const port = Number(new URL(first.connection.url).port);
    await assert.rejects(startEngine({ dataDir: join(dataDir, 'second'), port }), /did not start: .*EADDRINUSE/);
  });

  it('lets what is running end, and leaves nothing behind, when it is stopped', async () => {
    const engine = await start();
    const { pid } = engine;
    const long = query(engine, "SELECT sleep(0.7), 'whole'");
    await sleep(150);
    await engine.stop();
    assert.match(await long, /whole/);
    assert.equal(engine.state().status, 'stopped');
    assert.ok(!isAlive(pid));
    await assert.rejects(query(engine, 'SELECT 1'));
  });

  it('stops although a query would go on for ever', async () => {
    const engine = await start();
    const { pid } = engine;
    const long = query(engine, 'SELECT sum(sipHash64(number)) FROM numbers(100000000000000)');
    await sleep(200);
    const [outcome] = await Promise.allSettled([long, engine.stop()]);
    assert.equal(outcome?.status, 'rejected');
    assert.ok(!isAlive(pid));
  });

  it('alone tells how to reach it, and stops at SIGTERM', async () => {
    const script = `import { runStandalone } from ${JSON.stringify(FRONT_DOOR)};
      await runStandalone({ dataDir: ${JSON.stringify(dataDir)}, port: 0 });`;
    const alone = spawn(process.execPath, ['--import', LOADER, '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(alone, 'exit');
    let told = '';
    alone.stdout.on('data', (chunk) => {
      told += chunk;
    });
    await until('the greeting', () => told.includes('Ctrl-C'));
    const password = readFileSync(join(dataDir, 'engine-password'), 'utf8').trim();
    assert.ok(told.includes(password));
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(told)?.[0] ?? '';
    const headers = { 'x-clickhouse-user': 'quanyu', 'x-clickhouse-key': password };
    const answer = await fetch(url, { method: 'POST', headers, body: 'SELECT 1' });
    assert.equal(await answer.text(), '1\n');
    alone.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
    assert.ok(readdirSync(dataDir).length > 0);
  });
});

function isAlive(pid: number | undefined): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout !== '' && !stdout.startsWith('Z');
}
