import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../../errors.ts';
import { openWriter, runSource } from '../../ingest/index.ts';
import { raw } from '../../store/index.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';
import { toy, toySource } from '../helpers/toy-collector.ts';

const MB = 1024 * 1024;
const clock = { now: () => new Date('2026-03-01T04:00:00Z') };
const pages = Array.from({ length: 4 }, (_, page) =>
  Array.from({ length: 5_000 }, (__, n) => ({ card: `C${page}-${n}`, points: n })),
);

describe('a full disk', function () {
  this.timeout(120_000);
  let disk: string;
  let test: TestStore;
  before(async function () {
    disk = await mkdtemp(join(tmpdir(), 'quanyu-disk-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=160m', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      this.skip(); // only root may mount a small disk
    }
    test = await openTestStore({ dataDir: join(disk, 'data') });
  });
  after(async () => {
    await test?.close();
    try {
      execFileSync('umount', ['-l', disk], { stdio: 'ignore' });
    } catch {
      // It was never mounted.
    }
    await rm(disk, { recursive: true, force: true });
  });

  const pulled = async () => {
    const writer = await openWriter({ ...test, clock, mixMobileKeys: [] });
    const { signal } = new AbortController();
    return runSource({ ...test, writer, clock, collector: toy(pages), source: toySource, signal });
  };

  it('stops the source with words that say so, loses nothing, and is gone on from when there is room', async () => {
    const { bavail, bsize } = await statfs(disk);
    await writeFile(join(disk, 'ballast'), Buffer.alloc(bavail * bsize - MB));
    // Where not even the run's own row can be written it throws, and the source shows the same words.
    const said = await pulled().then(
      ({ status, fault }) => `${status}: ${fault}`,
      (thrown: unknown) => `failed: ${messageOf(thrown)}`,
    );
    assert.match(said, /^failed: .*disk .*is full.*Make room/);
    await rm(join(disk, 'ballast'));
    assert.equal((await pulled()).status, 'done');
    const [row] = await test.store.rows<{ n: number }>(raw('SELECT count() AS n FROM shop_customers FINAL'));
    assert.equal(row!.n, 20_000);
  });
});
