/** The tracking API over a real engine: HTTP in front, the spool between, the writer behind. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, startServer } from '../../api/index.ts';
import { systemClock } from '../../clock.ts';
import { type ConfiguredSource, checkConfig } from '../../config.ts';
import { collectors, openWriter, spoolKeysOf, type Writer } from '../../ingest/index.ts';
import { runSource } from '../../ingest/run.ts';
import { spoolFolder, Tracking } from '../../processes/tracking.ts';
import type { RunView } from '../../store/index.ts';
import { openTestStore, TEST_KEYS, type TestStore } from './store.ts';

export const KEY = 'web-write-key';

export interface Front {
  readonly base: string;
  readonly tracking: Tracking;
  close(): Promise<void>;
}

export interface Tracked extends Front {
  readonly store: TestStore;
  readonly source: ConfiguredSource;
  /** Writes what waits in the spool. */
  pull(): Promise<RunView>;
}

export function trackSource(settings: object = {}): ConfiguredSource {
  const source = {
    id: 'web',
    platform: 'track',
    channel: 'other',
    settings: { write_keys: [KEY], users: 'shop', ...settings },
  };
  return checkConfig({ brand: { name: 'test' }, sources: [source] }, { file: 'the test', env: {} }).sources[0]!;
}

/** HTTP and spool alone. */
export async function openFront(dataDir: string, source: ConfiguredSource): Promise<Front> {
  const tracking = new Tracking({
    sources: [source],
    dataDir,
    clock: systemClock,
    keys: () => spoolKeysOf(TEST_KEYS),
    pull: async () => true,
  });
  const services = { tracking, status: { ready: () => true }, documents: { get: () => undefined, list: () => [] } };
  const server = await startServer(createApp(services as never, { log: quiet }), { port: 0, host: '127.0.0.1' });
  return {
    base: `http://127.0.0.1:${server.port}`,
    tracking,
    async close() {
      await server.stop(1_000);
      await tracking.stop();
    },
  };
}

export async function openTracked(settings: object = {}): Promise<Tracked> {
  const store = await openTestStore();
  const source = trackSource(settings);
  const front = await openFront(store.dataDir, source);
  const writer = await openWriter({ ...store, clock: systemClock, mixMobileKeys: [] });
  return {
    ...front,
    store,
    source,
    pull: () => pullTracked({ store, source, writer }),
    async close() {
      await front.close();
      await store.close();
    },
  };
}

/** One pull of the source, as the collector worker makes it. */
export async function pullTracked(of: {
  store: TestStore;
  source: ConfiguredSource;
  writer: Writer;
}): Promise<RunView> {
  const spool = { folder: spoolFolder(of.store.dataDir, of.source.id), keys: spoolKeysOf(TEST_KEYS) };
  return runSource({
    ...of.store,
    writer: of.writer,
    clock: systemClock,
    collector: collectors.get('track')!,
    source: { ...of.source, spool },
    signal: new AbortController().signal,
    runId: randomUUID(),
  });
}

/** A POST as SDKs make it. */
export async function post(
  base: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = { authorization: basic(KEY) },
): Promise<{ status: number; json: { success: boolean; message?: string }; headers: Headers }> {
  const response = await fetch(base + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
  });
  return { status: response.status, json: (await response.json()) as never, headers: response.headers };
}

export const basic = (key: string): string => `Basic ${Buffer.from(`${key}:`).toString('base64')}`;

export async function temporary(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'quanyu-track-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
