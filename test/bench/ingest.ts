/** ingest-pos and ingest-api: from the file and from the gateway to records, tokens and vault in ClickHouse. */
import { type ChildProcess, fork } from 'node:child_process';
import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { systemClock } from '../../clock.ts';
import { BRAND, writePopulation } from '../../fixtures/population/index.ts';
import { writeGb18030 } from '../../fixtures/population/pos/gb18030.ts';
import { type Collector, collectors, openWriter, runSource, type Source } from '../../ingest/index.ts';
import { mapGroup } from '../../ingest/write/group.ts';
import { raw, sql } from '../../store/index.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';
import type { Bench, BenchContext, BenchResult } from './bench.ts';
import { samplePeaks } from './measure.ts';

const LINES = 1_000_000;
const PLAIN_LINES = 50_000;
const SHOP = { app_key: '12345678', app_secret: 'bench', session: 'bench' };

async function ingestPos({ dir }: BenchContext): Promise<BenchResult> {
  const folder = join(dir, 'inbox');
  await mkdir(folder);
  await writeMembers(join(folder, '会员资料_20260115.csv'));
  const test = await openTestStore({ dataDir: join(dir, 'data') });
  const peaks = samplePeaks({ node: process.pid, engine: test.engine.pid });
  const source: Source = {
    id: 'tills',
    platform: 'files',
    channel: 'pos',
    zone: 'Asia/Shanghai',
    settings: { folder, issuer: 'pos', completion: 'rename' },
  };
  const took = await timed(async () => pulled(test, { collector: collectors.get('files')!, source }));
  const memory_mb = await peaks.stop();
  const crypto = await timed(() => cryptoAlone(test));
  console.error(
    `  crypto alone (tokens and sealing of the same ${LINES} lines in the engine): ${crypto.seconds.toFixed(2)} s`,
  );
  await test.close();
  const plain = plainCrypto();
  return {
    name: 'ingest-pos',
    rows: took.result.items ?? 0,
    seconds: took.seconds,
    rate: (took.result.items ?? 0) / took.seconds,
    memory_mb,
    ratio: LINES / took.seconds / plain,
    versus: `tokens and sealing alone, value by value in one Node thread (${PLAIN_LINES} lines)`,
  };
}

async function ingestApi({ dir }: BenchContext): Promise<BenchResult> {
  const out = join(dir, 'population');
  const persons = 60_000;
  await writePopulation({ persons, seed: 1, out, endAt: systemClock.now(), days: 85 });
  const simulator = await startSimulator(join(out, 'tmall'));
  const test = await openTestStore({ dataDir: join(dir, 'data') });
  const peaks = samplePeaks({ node: process.pid, engine: test.engine.pid });
  const settings = {
    ...SHOP,
    gateway: simulator.url,
    shop_id: BRAND.tmall.shop,
    brand: BRAND.id,
    sign_method: 'hmac-sha256',
    history_days: 90,
  };
  const source: Source = { id: 'tmall', platform: 'tmall', channel: 'tmall', zone: 'Asia/Shanghai', settings };
  const collector = collectors.get('tmall')!;
  const took = await timed(() => pulled(test, { collector, source }));
  const memory_mb = await peaks.stop();
  const plain = await pagePerCommit(test, { collector, source });
  await test.close();
  simulator.child.kill();
  const records = took.result.records ?? 0;
  return {
    name: 'ingest-api',
    rows: records,
    seconds: took.seconds,
    rate: records / took.seconds,
    memory_mb,
    ratio: records / took.seconds / plain,
    versus: 'the same pages with a commit each (20 pages)',
  };
}

async function pulled(test: TestStore, of: { collector: Collector; source: Source }): Promise<Record<string, number>> {
  const writer = await openWriter({ ...test, clock: systemClock, mixMobileKeys: [{ scope: 'shop', key: 'demoKey' }] });
  const view = await runSource({ ...test, ...of, writer, clock: systemClock, signal: new AbortController().signal });
  if (view.status !== 'done') throw new Error(`the pull ended as ${view.status}: ${view.fault}`);
  return view.counts;
}

async function pagePerCommit(
  test: TestStore,
  { collector, source }: { collector: Collector; source: Source },
): Promise<number> {
  const writer = await openWriter({ ...test, clock: systemClock, mixMobileKeys: [] });
  const pages = collector.pull({
    source,
    stream: 'trades',
    checkpoint: null,
    clock: systemClock,
    signal: new AbortController().signal,
    log: console as never,
    sleep: async () => undefined,
  });
  let records = 0;
  let count = 0;
  const began = performance.now();
  for await (const page of pages) {
    if (page.items.length === 0) continue;
    records += (await writer.commit(await mapGroup(collector, source, [page]))).records;
    if (++count === 20) break;
  }
  return records / ((performance.now() - began) / 1000);
}

/** The engine's share: tokens and sealing of as many values as the lines hold. */
async function cryptoAlone({ store, vault }: TestStore): Promise<void> {
  const token = vault.token(sql`toString(number)`);
  const sealed = vault.seal(sql`concat('{"phone":"+86139', toString(number), '","name":"somebody"}')`, sql`iv`);
  await store.run(sql`SELECT sum(cityHash64(${token}, ${vault.token(sql`concat('a', toString(number))`)}, ${sealed}))
    FROM (SELECT number, randomFixedString(12) AS iv FROM numbers(${raw(String(LINES))}))`);
}

function plainCrypto(): number {
  const key = randomBytes(32);
  const began = performance.now();
  for (let line = 0; line < PLAIN_LINES; line++) {
    for (const value of [`card${line}`, `phone${line}`, `record${line}`, `item${line}`])
      createHmac('sha256', key).update(value).digest();
    for (const text of [
      '{"phone":"+8613900000000","name":"somebody"}',
      '{"a line":"of the archive, with all of its cells"}',
    ]) {
      const cipher = createCipheriv('aes-256-gcm', key, randomBytes(12));
      Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
    }
  }
  return PLAIN_LINES / ((performance.now() - began) / 1000);
}

async function writeMembers(file: string): Promise<void> {
  const out = createWriteStream(file);
  const names = ['张伟', '王芳', '李娜', '刘洋', '欧阳静', '陈晨', '赵敏', '周杰'].map((name) => encodeGb18030(name));
  out.write(encodeGb18030('会员卡号,手机号码,姓名,性别,生日,省份,城市,邮箱,入会时间,开卡门店,积分\r\n'));
  const place = encodeGb18030(',女,1990-02-03,广东省,深圳市,,2024-03-01 12:30:00,S001,');
  for (let at = 0; at < LINES; at += 1_000) {
    const parts: Buffer[] = [];
    for (let n = at; n < at + 1_000; n++) {
      const phone = `15${String((n * 7919) % 1_000_000_000).padStart(9, '0')}`;
      parts.push(
        Buffer.from(`SH${String(n).padStart(8, '0')},${phone},`),
        names[n % names.length]!,
        place,
        Buffer.from(`${n % 9_999}\r\n`),
      );
    }
    if (!out.write(Buffer.concat(parts))) await new Promise<void>((resolve) => out.once('drain', () => resolve()));
  }
  out.end();
  await finished(out);
}

function encodeGb18030(text: string): Buffer {
  const buffer = Buffer.alloc(text.length * 4);
  return buffer.subarray(0, writeGb18030(text, buffer, 0));
}

/** The simulator in a process of its own, so that it takes nothing of the collector's thread. */
async function startSimulator(folder: string): Promise<{ url: string; child: ChildProcess }> {
  const child = fork(join(import.meta.dirname, 'simulator-process.ts'), [], {
    execArgv: ['--import', pathToFileURL(join(import.meta.dirname, '../../node_modules/tsx/dist/esm/index.mjs')).href],
  });
  child.send({ folder, shop: SHOP });
  const url = await new Promise<string>((resolve) => child.once('message', (message) => resolve(String(message))));
  return { url, child };
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; seconds: number }> {
  const began = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - began) / 1000 };
}

export const benches: readonly Bench[] = [
  { name: 'ingest-pos', run: ingestPos },
  { name: 'ingest-api', run: ingestApi },
];
