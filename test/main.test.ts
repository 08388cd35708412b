import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, raw, type Store } from '../store/index.ts';
import { openWorld, type World } from './helpers/installation.ts';
import { ADMIN_KEY, type Program, startProgram } from './helpers/program.ts';

describe('the whole program', function () {
  this.timeout(240_000);
  let world: World;
  let dataDir: string;
  let configFile: string;

  before(async () => {
    world = await openWorld({ persons: 150, seed: 11 });
    dataDir = await mkdtemp(join(tmpdir(), 'quanyu-main-'));
    configFile = join(dataDir, 'quanyu.config.json');
    const sources = world.config.sources.map(({ id, platform, channel, settings }) => ({
      id,
      platform,
      channel,
      settings,
      schedule: '*/2 * * * * *',
    }));
    await writeFile(configFile, JSON.stringify({ brand: { name: 'test' }, sources, refresh: '*/2 * * * * *' }));
  });
  after(async () => {
    await world.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const start = () => startProgram({ dataDir, configFile });

  const get = async <T>(main: Program, path: string): Promise<T> => {
    const answer = await fetch(`${main.url}/api/v1${path}`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
    assert.equal(answer.status, 200);
    return (await answer.json()) as T;
  };

  async function until(what: string, done: () => Promise<boolean>): Promise<void> {
    for (let attempt = 0; attempt < 400; attempt++) {
      if (await done().catch(() => false)) return;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    assert.fail(`${what} did not come about`);
  }

  it('loses and doubles nothing when it is killed in the middle, leaves no process behind, and ends gracefully', async () => {
    const first = await start();
    await until('the first commits', async () =>
      (await get<{ items: { last_run: { counts: { records?: number } } | null }[] }>(first, '/sources')).items.some(
        (one) => (one.last_run?.counts.records ?? 0) > 0,
      ),
    );
    first.child.kill('SIGKILL');
    await until('the end of the engine', async () =>
      fetch(`${first.engine}/ping`).then(
        () => false,
        () => true,
      ),
    );

    const second = await start();
    await until('the sources whole', async () =>
      (await get<{ items: { lag_seconds: number | null }[] }>(second, '/sources')).items.every(
        (one) => one.lag_seconds !== null,
      ),
    );
    const password = (await readFile(join(dataDir, 'clickhouse', 'engine-password'), 'utf8')).trim();
    const store = openStore({ url: second.engine, username: 'quanyu', password, database: 'quanyu' });
    const truth = await totalsOfTruth(world.folder);
    await until(
      'the published totals',
      async () => JSON.stringify(await totals(store)) === JSON.stringify(truth),
    ).catch(async () => assert.deepEqual(await totals(store), truth));
    await store.close();
    second.child.kill('SIGTERM');
    assert.equal(await new Promise((resolve) => second.child.once('exit', resolve)), 0);
    await until('the end of the engine', async () =>
      fetch(`${second.engine}/ping`).then(
        () => false,
        () => true,
      ),
    );
  });
});

async function totals(store: Store): Promise<object | undefined> {
  const [row] = await store.rows<object>(
    raw(`
    SELECT toInt64(sum(purchase_count)) AS purchases, toInt64(sum(net_amount_fen)) AS net FROM profiles
    WHERE version = (SELECT argMax(tags_version, version) FROM published)`),
  );
  return row;
}

/** Purchases and net amount of everybody, as the population knows them. */
async function totalsOfTruth(folder: string): Promise<object> {
  const [head, ...lines] = (await readFile(join(folder, 'truth_orders.csv'), 'utf8')).trim().split('\n');
  const columns = head!.split(',');
  const rows = lines.map((line) => Object.fromEntries(line.split(',').map((cell, at) => [columns[at]!, cell])));
  const people = rows.filter((row) => row.person_id !== '');
  const sum = (column: string) => people.reduce((total, row) => total + Number(row[column]), 0);
  return { purchases: sum('purchases'), net: sum('net_fen') };
}
