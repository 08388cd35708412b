/** Composition root: configuration -> engine -> store -> workers -> API -> schedules; ends gracefully. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createApp, ensureAdminKey, startServer } from './api/index.ts';
import { systemClock } from './clock.ts';
import { readConfig, readSettings, type Settings } from './config.ts';
import { startDemo } from './demo.ts';
import { messageOf, QuanyuError } from './errors.ts';
import { logFor } from './log.ts';
import { Control } from './processes/control.ts';
import { servicesOf } from './processes/services.ts';
import { type Engine, startEngine } from './store/embedded/index.ts';
import {
  checkVaultKeys,
  loadVaultKeys,
  migrate,
  openDocuments,
  openStore,
  openVault,
  vaultKnown,
} from './store/index.ts';

const log = logFor('main');
const GRACE_MS = 10_000;

async function start(settings: Settings): Promise<() => Promise<void>> {
  await mkdir(settings.dataDir, { recursive: true });
  const engine =
    settings.clickhouse === null ? await startEngine({ dataDir: join(settings.dataDir, 'clickhouse') }) : null;
  const connection = { ...(engine?.connection ?? settings.clickhouse!), database: 'quanyu' };
  const store = openStore(connection);
  await migrate(store);
  const documents = await openDocuments(store, systemClock);
  const keys = await loadVaultKeys({ env: process.env, dataDir: settings.dataDir, known: vaultKnown(documents) });
  await checkVaultKeys(documents, keys);
  const admin = await ensureAdminKey(documents, { clock: systemClock, given: settings.adminKey });

  const file = configFile(settings);
  const demo = file === null ? await startDemo(settings.dataDir) : null;
  const config = demo?.config ?? (await readConfig(file!, process.env));
  const control = await Control.start({
    config,
    store,
    engine: connection,
    documents,
    clock: systemClock,
    dataDir: settings.dataDir,
    keys,
  });
  const services = servicesOf({
    control,
    store,
    vault: openVault(keys),
    documents,
    config,
    engine,
    dataDir: settings.dataDir,
  });
  const server = await startServer(createApp(services), { port: settings.port });
  say({ port: server.port, engine, admin, demo: demo !== null, settings });
  await demo?.ready;
  control.schedule();
  return async () => {
    await server.stop(GRACE_MS);
    await control.stop();
    await demo?.stop();
    await store.close();
    await engine?.stop();
  };
}

function configFile(settings: Settings): string | null {
  if (settings.configFile !== null) return settings.configFile;
  const beside = join(import.meta.dirname, 'quanyu.config.json');
  return existsSync(beside) ? beside : null;
}

function say(of: {
  port: number;
  engine: Engine | null;
  admin: { key?: string };
  demo: boolean;
  settings: Settings;
}): void {
  const base = `http://localhost:${of.port}`;
  const lines = [
    '',
    `  Quanyu 全域 is running: ${base}/docs shows the API, ${base}/health how it is.`,
    of.admin.key
      ? `  Admin key (shown once, keep it): ${of.admin.key}`
      : '  Admin key: the one shown at the first start, or QUANYU_ADMIN_KEY.',
    of.engine
      ? `  ClickHouse: ${of.engine.connection.url} (user ${of.engine.connection.username}, password in ${of.settings.dataDir}/clickhouse/engine-password)`
      : '',
    of.demo
      ? '  No quanyu.config.json: a demo brand of 2,000 people is being collected from a simulated Tmall shop, tills and a loyalty system.'
      : '',
    '',
  ];
  console.log(lines.filter((line, index) => line !== '' || index === 0 || index === lines.length - 1).join('\n'));
}

try {
  const stop = await start(readSettings(process.env, import.meta.dirname));
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      stop().then(
        () => process.exit(0),
        (thrown: unknown) => {
          log.error({}, `stopping failed: ${messageOf(thrown)}`);
          process.exit(1);
        },
      );
    });
  }
} catch (thrown) {
  console.error(thrown instanceof QuanyuError ? `${thrown.code}: ${thrown.message}` : thrown);
  process.exit(1);
}
