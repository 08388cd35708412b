import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ADMIN_KEY, memoryOf, type Program, startProgram } from '../helpers/program.ts';

const minute = process.env.QUANYU_SOAK === 'minute';
const SECONDS = minute ? 15 : 600;
/** Members that are there before the clients come, and those that come with each second. */
const FIRST = minute ? 5_000 : 100_000;
const MORE = 100;
const CLIENTS = 4;
/** Each client begins a request this often. */
const EVERY_MS = 100;
/** What the memory of the last third may be above that of the second: caches fill, and profiles become more. */
const GROWTH = { times: 1.3, mb: 150 };

const EVERYBODY = { kind: 'channel', operator: 'any', channels: ['pos'] };
const phoneOf = (n: number) => `${13_900_010_001 + n * 37}`;

interface Audience {
  readonly id: string;
  readonly size: number;
  /** The id of a member. */
  readonly someone: string;
}

type Ask = 'lookup' | 'profile' | 'preview' | 'members';

describe(`${SECONDS} s of collecting while clients ask`, function () {
  this.timeout(0);
  let dataDir: string;
  let program: Program;
  let fed = 0;
  let files = 0;
  const taken = new Map<Ask, number[]>();
  let later = 0;
  /** What a version counts: the same, whenever it is asked. */
  const counts = new Map<number, number>();

  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'quanyu-load-'));
    const folder = join(dataDir, 'inbox');
    await mkdir(folder);
    const settings = { folder, issuer: 'brand', completion: 'rename' };
    const source = { id: 'till', platform: 'files', channel: 'pos', schedule: '*/2 * * * * *', settings };
    const configFile = join(dataDir, 'quanyu.config.json');
    await writeFile(
      configFile,
      JSON.stringify({ brand: { name: 'test' }, sources: [source], refresh: '*/3 * * * * *' }),
    );
    await feed(FIRST);
    program = await startProgram({ dataDir, configFile });
    await until('the first members published', async () => (await count()).count === FIRST);
  });
  after(async () => {
    program?.child.kill('SIGTERM');
    if (program !== undefined) await new Promise((resolve) => program.child.once('exit', resolve));
    await rm(dataDir, { recursive: true, force: true });
  });

  /** Puts a file of new members into the folder. */
  async function feed(members: number): Promise<void> {
    const rows = Array.from({ length: members }, (_, n) => `C${fed + n},${phoneOf(fed + n)},王小明,2024-01-02`);
    const path = join(dataDir, 'inbox', `${files++}.csv`);
    await writeFile(`${path}.part`, ['会员卡号,手机号,姓名,入会时间', ...rows, ''].join('\n'));
    await rename(`${path}.part`, path);
    fed += members;
  }

  /** Sends a request; null when it was told to come back later. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects out of any answer.
  async function ask(path: string, body?: unknown): Promise<any> {
    const answer = await fetch(`${program.url}/api/v1${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (answer.status === 429 || answer.status === 503) {
      assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/, text);
      later += 1;
      return null;
    }
    assert.ok(answer.ok, `${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  }

  async function count(): Promise<{ count: number; version: number }> {
    const found = await ask('/segments/preview', { condition: EVERYBODY });
    if (found === null) return { count: -1, version: -1 };
    const version = found.freshness.published_version as number;
    assert.equal(found.count, counts.get(version) ?? found.count, `two counts of version ${version}`);
    counts.set(version, found.count);
    return { count: found.count, version };
  }

  const asks: Readonly<Record<Ask, (n: number, audience: Audience) => Promise<void>>> = {
    async lookup(n) {
      const found = await ask('/profiles/lookup', { type: 'phone', value: phoneOf(n % FIRST) });
      if (found !== null) assert.equal(found.items.length, 1);
    },
    async profile(_n, { someone }) {
      const found = await ask(`/profiles/${someone}`);
      if (found !== null) assert.equal(found.profile_id, someone);
    },
    async preview() {
      await count();
    },
    async members(_n, { id, size }) {
      const found = await ask(`/audiences/${id}/members?limit=1000`);
      if (found !== null) assert.equal(found.items.length, Math.min(1000, size));
    },
  };

  /** One client: a request every so often, each kind in its turn. */
  async function client(index: number, of: { end: number; audience: Audience }): Promise<void> {
    const kinds = Object.keys(asks) as Ask[];
    for (let turn = index; Date.now() < of.end; turn++) {
      const kind = kinds[turn % kinds.length]!;
      const began = performance.now();
      await asks[kind](turn * 31 + index, of.audience);
      const ms = performance.now() - began;
      taken.set(kind, [...(taken.get(kind) ?? []), ms]);
      await sleep(Math.max(0, EVERY_MS - ms));
    }
  }

  async function runAudience(): Promise<Audience> {
    const segment = await ask('/segments', { name: 'everybody', condition: EVERYBODY });
    const run = await ask(`/segments/${segment.id}/runs`, {});
    await until('the audience', async () => (await ask(`/runs/${run.run_id}`))?.status === 'done');
    const audience = await ask(`/audiences/${run.run_id}`);
    const { items } = await ask(`/audiences/${run.run_id}/members?limit=1`);
    assert.equal(audience.member_count, counts.get(audience.published_version) ?? audience.member_count);
    return { id: run.run_id, size: audience.member_count, someone: items[0].profile_id };
  }

  async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < 600; tries++) {
      if (await isSo()) return;
      await sleep(200);
    }
    assert.fail(`${what} did not come about`);
  }

  it('gives no error but "later", one count a version, and lets memory stay as it is', async () => {
    const audience = await runAudience();
    const end = Date.now() + SECONDS * 1000;
    const memory: { node: number; engine: number }[] = [];
    const watch = setInterval(() => memory.push(memoryOf(program)), 500);
    const feeding = (async () => {
      for (; Date.now() < end; await sleep(1000)) await feed(MORE);
    })();
    try {
      await Promise.all([feeding, ...Array.from({ length: CLIENTS }, (_, n) => client(n, { end, audience }))]);
    } finally {
      clearInterval(watch);
    }
    await until('all members published', async () => (await count()).count === fed);
    const { engine, sources } = (await (await fetch(`${program.url}/health`)).json()) as {
      engine: unknown;
      sources: { in_fault: unknown[] };
    };
    assert.deepEqual([engine, sources.in_fault], [{ status: 'running', restarts: 0 }, []]);
    console.log(`      ${fed} members, ${counts.size} versions, ${later} × told to come later; ${timesOf(taken)}`);
    for (const part of ['node', 'engine'] as const)
      flat(
        part,
        memory.map((one) => one[part]),
      );
  });
});

function timesOf(taken: ReadonlyMap<string, number[]>): string {
  return Array.from(taken, ([kind, ms]) => {
    const sorted = [...ms].sort((a, b) => a - b);
    const at = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))]!);
    return `${kind} ${ms.length} × p50 ${at(0.5)} p99 ${at(0.99)} ms`;
  }).join(', ');
}

/** Compares the mean of the last third with that of the second. */
function flat(part: string, samples: readonly number[]): void {
  const third = Math.floor(samples.length / 3);
  const mean = (from: number, to: number) => samples.slice(from, to).reduce((a, b) => a + b, 0) / (to - from);
  const [second, last] = [mean(third, 2 * third), mean(2 * third, samples.length)];
  console.log(`      ${part} ${Math.round(second)} MB, then ${Math.round(last)} MB`);
  assert.ok(last <= second * GROWTH.times + GROWTH.mb, `${part} grew from ${second} to ${last} MB`);
}
