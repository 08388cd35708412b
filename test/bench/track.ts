/** track: events in batches of 20 by HTTP to the spool, while the collector writes them; then half the rate, timed. */
import { type ChildProcess, fork } from 'node:child_process';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { systemClock } from '../../clock.ts';
import { openWriter } from '../../ingest/index.ts';
import { raw } from '../../store/index.ts';
import { openTestStore } from '../helpers/store.ts';
import { KEY, pullTracked, trackSource } from '../helpers/tracked.ts';
import type { Bench, BenchContext, BenchResult } from './bench.ts';
import { samplePeaks } from './measure.ts';

const BATCH = 20;
const BAR = 5_000;
const MS = 10_000;
const SENDERS = 16;
const WARM_MS = 1_000;

async function track({ dir }: BenchContext): Promise<BenchResult> {
  const store = await openTestStore({ dataDir: join(dir, 'data') });
  const source = trackSource({ events_per_second: 1_000_000 });
  const writer = await openWriter({ ...store, clock: systemClock, mixMobileKeys: [] });
  const front = await startFront(store.dataDir);
  const peaks = samplePeaks({ front: front.child.pid, collector: process.pid, engine: store.engine.pid });
  let over = false;
  const written = (async () => {
    while (!over) {
      const view = await pullTracked({ store, source, writer });
      if (view.status !== 'done') throw new Error(`a pull ended as ${view.status}: ${view.fault}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    await pullTracked({ store, source, writer });
  })();
  await asFastAsItGoes(front.base, WARM_MS);
  const fast = await asFastAsItGoes(front.base, MS);
  const timed = await atRate(front.base, { perSecond: BAR / 2, ms: MS });
  const sent = performance.now();
  over = true;
  await written;
  const behind = (performance.now() - sent) / 1000;
  const [row] = await store.store.rows<{ events: number }>(raw('SELECT toUInt32(count()) AS events FROM events FINAL'));
  const memory_mb = await peaks.stop();
  front.child.kill();
  await store.close();
  timed.sort((a, b) => a - b);
  const at = (share: number) => timed[Math.floor(timed.length * share)] ?? 0;
  console.error(
    `  at ${BAR / 2} events/s: p50 ${at(0.5).toFixed(1)} ms, p99 ${at(0.99).toFixed(1)} ms; ` +
      `${row?.events} of ${acknowledged} acknowledged events in the tables ${behind.toFixed(1)} s after the last`,
  );
  const seconds = MS / 1000;
  const versus = `the bar of ${BAR} events/s`;
  return {
    ...{ name: 'track', rows: fast, seconds, rate: fast / seconds, p95_ms: at(0.95), memory_mb },
    ...{ ratio: fast / seconds / BAR, versus },
  };
}

let calls = 0;
let acknowledged = 0;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

async function asFastAsItGoes(base: string, ms: number): Promise<number> {
  const ends = performance.now() + ms;
  const before = acknowledged;
  const sender = async () => {
    while (performance.now() < ends) await send(base);
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  return acknowledged - before;
}

/** Calls at even times, whether those before are answered or not; gives how long each took, from when it was due. */
async function atRate(base: string, { perSecond, ms }: { perSecond: number; ms: number }): Promise<number[]> {
  const every = (1000 * BATCH) / perSecond;
  const began = performance.now();
  const took: Promise<number>[] = [];
  for (let due = 0; due < ms; due += every) {
    const wait = began + due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const at = Math.min(began + due, performance.now());
    took.push(send(base).then(() => performance.now() - at));
  }
  return Promise.all(took);
}

function send(base: string): Promise<void> {
  const call = calls++;
  const sentAt = new Date().toISOString();
  const batch = Array.from({ length: BATCH }, (_, n) => ({
    ...{ messageId: `m-${call}-${n}`, type: 'track', event: 'Product Viewed', timestamp: sentAt },
    ...{ anonymousId: `device-${call % 5_000}`, ...(call % 3 === 0 ? { userId: `user-${call % 5_000}` } : {}) },
    properties: { sku: `S-${n}`, price: 199.5, list: { id: 'home', position: n } },
    context: { library: { name: 'analytics.js', version: '2.0' }, page: { path: '/p', url: 'https://shop.example/p' } },
  }));
  const body = Buffer.from(JSON.stringify({ writeKey: KEY, batch, sentAt }));
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'text/plain', 'content-length': body.length };
    const sent = request(`${base}/v1/b`, { method: 'POST', agent, headers }, (response) => {
      response.resume().once('end', () => {
        if (response.statusCode !== 200) return reject(new Error(`answered with ${response.statusCode}`));
        acknowledged += BATCH;
        resolve();
      });
    });
    sent.once('error', reject).end(body);
  });
}

async function startFront(dataDir: string): Promise<{ child: ChildProcess; base: string }> {
  const child = fork(join(import.meta.dirname, '../helpers/tracking-program.ts'), [dataDir], {
    execArgv: ['--import', pathToFileURL(join(import.meta.dirname, '../../node_modules/tsx/dist/esm/index.mjs')).href],
  });
  return { child, base: await new Promise((resolve) => child.once('message', (base) => resolve(String(base)))) };
}

export const benches: readonly Bench[] = [{ name: 'track', run: track }];
