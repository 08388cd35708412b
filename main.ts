/** Composition root: configuration -> engine -> store -> workers -> API -> schedules; ends gracefully. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createApp, createKey, ensureAdminKey, listKeys, resumePrivacyRequests, startServer } from './api/index.ts';
import { systemClock } from './clock.ts';
import { readConfig, readSettings, type Settings } from './config.ts';
import { startDemo } from './demo.ts';
import { messageOf, QuanyuError } from './errors.ts';
import { logFor } from './log.ts';
import { Control, servicesOf } from './processes/index.ts';
import { type Engine, startEngine } from './store/embedded/index.ts';
import {
  checkVaultKeys,
  type Documents,
  loadVaultKeys,
  migrate,
  openDocuments,
  openStore,
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
  const admin = await ensureAdminKey(documents, { given: settings.adminKey });

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
  let ready = true;
  const services = servicesOf({
    control,
    store,
    documents,
    engine,
    dataDir: settings.dataDir,
    zone: config.brand.zone,
    ready: () => ready,
  });
  const server = await startServer(createApp(services), { port: settings.port });
  const url = `http://localhost:${server.port}`;
  await leaveAddress(settings.dataDir, { url, documents });
  say({ url, engine, adminKey: admin.key, demo: demo !== null, settings });
  await demo?.begin(`${url}/push`);
  control.schedule();
  resumePrivacyRequests(services);
  return async () => {
    ready = false;
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

/** For the command line: where Quanyu answers and a key of its own, readable by the owner of the data folder only. */
async function leaveAddress(dataDir: string, of: { url: string; documents: Documents }): Promise<void> {
  const name = 'command line';
  for (const old of listKeys(of.documents))
    if (old.name === name) await of.documents.remove('api_keys', old.id, { by: name });
  const { key } = await createKey(of.documents, { name, role: 'admin', by: name });
  await writeFile(join(dataDir, 'cli.json'), `${JSON.stringify({ url: of.url, key })}\n`, { mode: 0o600 });
}

function say(of: {
  url: string;
  engine: Engine | null;
  adminKey: string | undefined;
  demo: boolean;
  settings: Settings;
}): void {
  const { engine, settings } = of;
  const password = `${settings.dataDir}/clickhouse/engine-password`;
  const lines = [
    `Quanyu 全域 is running: ${of.url}/docs shows the API, ${of.url}/health how it is.`,
    of.adminKey
      ? `Admin key (shown once, keep it): ${of.adminKey}`
      : settings.adminKey
        ? 'Admin key: the one in QUANYU_ADMIN_KEY.'
        : 'Admin key: the one shown at the first start.',
    ...(engine
      ? [`ClickHouse: ${engine.connection.url} (user ${engine.connection.username}, password in ${password})`]
      : []),
    ...(of.demo
      ? [
          'No quanyu.config.json: a demo brand of 2,000 people is collected from simulated Tmall and Douyin shops, tills and a loyalty system.',
        ]
      : []),
  ];
  console.log(`\n${lines.map((line) => `  ${line}\n`).join('')}`);
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
