/** A whole installation over a small population: real engine, real worker processes, the simulated shop, real folders. */

import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, checkConfig } from '../../config.ts';
import { BRAND, writePopulation } from '../../fixtures/population/index.ts';
import { startTmallSimulator, type TmallSimulator } from '../../fixtures/simulators/tmall/index.ts';
import { DEFAULT_RULES } from '../../identity/index.ts';
import type { WorkerInit } from '../../processes/jobs.ts';
import { startWorker, type WorkerHandle } from '../../processes/supervise.ts';
import { type Engine, startEngine } from '../../store/embedded/index.ts';
import { migrate, openStore, type RunView, raw, type Store } from '../../store/index.ts';
import { TEST_KEYS } from './store.ts';

const SHOP = { app_key: BRAND.tmall.appKey, app_secret: 'test-secret', session: 'test-session' };
export const NOW = new Date('2026-03-01T04:00:00Z');

/** A population and its shop, which several installations read. */
export interface World {
  readonly folder: string;
  readonly shop: TmallSimulator;
  readonly config: Config;
  close(): Promise<void>;
}

export async function openWorld(options: { persons: number; seed: number }): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'quanyu-world-'));
  // The shop's clock is the machine's: its history ends now.
  await writePopulation({ ...options, out: folder, endAt: new Date(), days: 60 });
  const shop = await startTmallSimulator({
    shop: SHOP,
    data: { folder: join(folder, 'tmall') },
    clock: { now: () => new Date() },
  });
  const files = { completion: 'rename' };
  const sources = [
    {
      id: 'tmall',
      platform: 'tmall',
      channel: 'tmall',
      settings: {
        ...SHOP,
        gateway: shop.url,
        shop_id: BRAND.tmall.shop,
        brand: BRAND.id,
        mix_mobile_key: BRAND.tmall.mixMobileKey,
      },
    },
    {
      id: 'tills',
      platform: 'files',
      channel: 'pos',
      settings: {
        folder: join(folder, 'pos'),
        issuer: BRAND.issuer,
        ...files,
        files: [{ pattern: '*_v2.txt', complete: 'store_day' }],
      },
    },
    {
      id: 'loyalty',
      platform: 'files',
      channel: 'loyalty',
      settings: { folder: join(folder, 'loyalty'), programme: BRAND.programme, ...files },
    },
  ];
  return {
    folder,
    shop,
    config: checkConfig({ brand: { name: 'test' }, sources }, { file: 'the test', env: {} }),
    async close() {
      await shop.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface Installation {
  readonly engine: Engine;
  readonly store: Store;
  readonly collector: WorkerHandle;
  readonly jobs: WorkerHandle;
  /** Pulls every source until it is whole, whatever dies meanwhile, and publishes. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export async function openInstallation(world: World): Promise<Installation> {
  const dataDir = await mkdtemp(join(tmpdir(), 'quanyu-installation-'));
  const engine = await startEngine({ dataDir });
  const connection = { ...engine.connection, database: 'quanyu' };
  const store = openStore(connection);
  await migrate(store);
  const init = (role: WorkerInit['role']) => (): WorkerInit => ({
    role,
    store: connection,
    keys: TEST_KEYS,
    sources: world.config.sources,
    zone: world.config.brand.zone,
    dataDir,
  });
  const collector = startWorker(init('collector'));
  const jobs = startWorker(init('jobs'));
  const pull = async (sourceId: string) => {
    const view = await collector.call('collect', { sourceId, runId: randomUUID() }).catch((): null => null);
    return (view as RunView | null)?.status === 'done';
  };
  return {
    engine,
    store,
    collector,
    jobs,
    async settle() {
      await Promise.all(world.config.sources.map(({ id }) => again(() => pull(id))));
      await again(async () => {
        const done = await jobs
          .call('refresh', { full: false, runId: randomUUID(), rules: DEFAULT_RULES })
          .catch((): null => null);
        return done !== null;
      });
    },
    async close() {
      await Promise.all([collector.stop(), jobs.stop()]);
      await store.close();
      await engine.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function again(work: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (await work()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('it did not come to an end in 200 attempts');
}

/** What must be the same after any disturbance, by account and not by ordinal. */
const STATE: Readonly<Record<string, string>> = {
  orders: `SELECT source, order_no, line_no, toString(account_id) AS account, state, line_kind, paid_fen, quantity, platform_order_no
    FROM order_lines FINAL LEFT ANY JOIN accounts USING account_ordinal ORDER BY ALL`,
  refunds: `SELECT source, refund_no, toString(account_id) AS account, status, refunded_fen
    FROM refunds FINAL LEFT ANY JOIN accounts USING account_ordinal ORDER BY ALL`,
  people: `SELECT toString(account_id) AS account, source, kind, toString(record_id) AS record, arraySort(arrayMap(x -> toString(x), id_token)) AS ids
    FROM account_records FINAL LEFT ANY JOIN accounts USING account_ordinal ORDER BY ALL`,
  memberships: `SELECT toString(account_id) AS account, level, points, status FROM memberships FINAL LEFT ANY JOIN accounts USING account_ordinal ORDER BY ALL`,
  consents: `SELECT toString(account_id) AS account, purpose, via, granted FROM consents FINAL LEFT ANY JOIN accounts USING account_ordinal ORDER BY ALL`,
  quarantine: `SELECT source, item_kind, toString(item_id) AS item, path, code FROM rejections FINAL WHERE settled = 0 ORDER BY ALL`,
  archive: `SELECT source, item_kind, toString(item_id) AS item, toString(item_hash) AS hash FROM source_items FINAL ORDER BY ALL`,
  profiles: `SELECT arraySort(arrayMap(x -> toString(x), groupArray(account_id))) AS person, any(purchase_count) AS purchases,
      any(net_amount_fen) AS net, any(level) AS level, any(channels) AS channels, any(lifecycle_stage) AS stage
    FROM (SELECT * FROM profiles WHERE version = (SELECT max(tags_version) FROM published) ) ARRAY JOIN accounts AS account_ordinal
    INNER JOIN accounts ON accounts.account_ordinal = account_ordinal GROUP BY profile_ordinal ORDER BY person`,
};

/** The state, table by table, as lines of text. */
export async function stateOf(store: Store): Promise<Record<string, string[]>> {
  const state: Record<string, string[]> = {};
  for (const [name, text] of Object.entries(STATE)) {
    state[name] = (await store.rows<object>(raw(text))).map((row) => JSON.stringify(row));
  }
  return state;
}
