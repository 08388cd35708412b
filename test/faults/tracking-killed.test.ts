import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { systemClock } from '../../clock.ts';
import { collectors, openWriter, spoolKeysOf } from '../../ingest/index.ts';
import { mapGroup } from '../../ingest/write/group.ts';
import { spoolFolder } from '../../processes/tracking.ts';
import { raw } from '../../store/index.ts';
import { silent } from '../contracts/collector-driver.ts';
import { openTestStore, TEST_KEYS, type TestStore } from '../helpers/store.ts';
import { post, pullTracked, trackSource } from '../helpers/tracked.ts';
import { dice } from './kills.ts';

const SEED = Number(process.env.QUANYU_SEED ?? 1);
const KILLS = 2;

/** Starts the tracking API as a process of its own. */
function start(dataDir: string): Promise<{ child: ChildProcess; base: string }> {
  const child = fork(join(import.meta.dirname, '../helpers/tracking-program.ts'), [dataDir], {
    execArgv: ['--import', pathToFileURL(join(import.meta.dirname, '../../node_modules/tsx/dist/esm/index.mjs')).href],
  });
  return new Promise((resolve, reject) => {
    child.once('message', (base) => resolve({ child, base: String(base) }));
    child.once('exit', () => reject(new Error('the tracking API did not start')));
  });
}

describe('kill -9 of the process that takes tracked events', function () {
  this.timeout(120_000);
  let store: TestStore;
  before(async () => {
    store = await openTestStore();
  });
  after(() => store.close());

  it('loses no acknowledged event and doubles none, also when a pull is cut off before its checkpoint', async () => {
    const roll = dice(SEED);
    const sent = new Set<string>();
    const acknowledged = new Set<string>();
    for (let kill = 0; kill < KILLS; kill++) {
      const { child, base } = await start(store.dataDir);
      const ended = new Promise((resolve) => child.once('exit', resolve));
      setTimeout(() => child.kill('SIGKILL'), 100 + roll() * 300);
      const senders = Array.from({ length: 8 }, (_, n) =>
        sendUntilItEnds(base, { name: `${kill}-${n}`, sent, acknowledged }),
      );
      await Promise.all([...senders, ended]);
    }
    assert.ok(acknowledged.size > 200, `only ${acknowledged.size} events were acknowledged`);
    const source = trackSource();
    const writer = await openWriter({ ...store, clock: systemClock, mixMobileKeys: [] });
    await writeWithoutCheckpoint(writer);
    const view = await pullTracked({ store, source, writer });
    assert.equal(view.status, 'done', view.fault);
    assert.equal((await pullTracked({ store, source, writer })).counts.items ?? 0, 0, 'nothing is left in the spool');
    const rows = await store.store.rows<{ n: string; times: number }>(
      raw("SELECT properties['n'] AS n, toUInt32(count()) AS times FROM events FINAL GROUP BY n"),
    );
    const kept = new Set(rows.map((row) => row.n));
    const lost = [...acknowledged].filter((n) => !kept.has(n));
    assert.deepEqual(lost, [], `QUANYU_SEED=${SEED}`);
    assert.deepEqual(
      rows.filter((row) => row.times > 1 || !sent.has(row.n)),
      [],
    );
  });

  /** What a collector does that is killed between its commit and its checkpoint. */
  async function writeWithoutCheckpoint(writer: Awaited<ReturnType<typeof openWriter>>): Promise<void> {
    const collector = collectors.get('track')!;
    const spool = { folder: spoolFolder(store.dataDir, 'web'), keys: spoolKeysOf(TEST_KEYS) };
    const source = { ...trackSource(), spool };
    const { signal } = new AbortController();
    const context = { source, stream: 'spool', checkpoint: null, clock: systemClock, signal, log: silent };
    for await (const page of collector.pull({ ...context, sleep: () => Promise.resolve() })) {
      await writer.commit(await mapGroup(collector, source, [page]));
      return;
    }
  }
});

/** Batches of five: every other event without a messageId, so that nothing but the spool keeps it once. */
async function sendUntilItEnds(
  base: string,
  of: { name: string; sent: Set<string>; acknowledged: Set<string> },
): Promise<void> {
  for (let call = 0; ; call++) {
    const names = Array.from({ length: 5 }, (_, n) => `${of.name}-${call}-${n}`);
    for (const n of names) of.sent.add(n);
    const batch = names.map((n, at) => ({
      ...{ type: 'track', event: 'Sent', anonymousId: `device-${of.name}`, properties: { n } },
      ...(at % 2 === 0 ? { messageId: n } : {}),
    }));
    try {
      const answer = await post(base, '/v1/batch', { batch });
      if (answer.status === 200) for (const n of names) of.acknowledged.add(n);
    } catch {
      return;
    }
  }
}
