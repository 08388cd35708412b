import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConfiguredSource } from '../../config.ts';
import type { PullEnded } from '../../ingest/index.ts';
import { Sources } from '../../processes/sources.ts';
import type { WorkerHandle } from '../../processes/supervise.ts';

const clock = { now: () => new Date() };
const source: ConfiguredSource = {
  id: 'shop',
  platform: 'tmall',
  channel: 'tmall',
  zone: 'Asia/Shanghai',
  schedule: '*/10 * * * *',
  settings: {},
};

/** Sources whose worker answers each pull with the next of the given endings (the last one again and again). */
function sourcesThat(...endings: Pick<PullEnded, 'status' | 'resume'>[]): { sources: Sources; pulls: () => number } {
  let pulls = 0;
  const call = async (_job: string, { runId }: { runId: string }): Promise<PullEnded> => {
    const ending = endings[Math.min(pulls++, endings.length - 1)]!;
    const fault = ending.status === 'failed' ? 'The gateway said no.' : '';
    const times = { started_at: '2026-03-01 00:00:00.000', finished_at: '2026-03-01 00:00:01.000' };
    return { run_id: runId, kind: 'collect', source: 'shop', ...times, counts: {}, fault, advice: '', ...ending };
  };
  const collector = { call } as unknown as WorkerHandle;
  const sources = new Sources({ sources: [source], collector, clock, before: new Map(), ended: () => undefined });
  return { sources, pulls: () => pulls };
}

describe('a source that failed', () => {
  it('is left alone by its schedule while it waits for a person, who can pull it by hand', async () => {
    const { sources, pulls } = sourcesThat({ status: 'failed', resume: 'mended' }, { status: 'done', resume: null });
    await sources.pull('shop');
    await sleep(5);
    assert.equal(sources.list()[0]!.state, 'fault');
    await sources.pull('shop');
    await sleep(5);
    assert.equal(pulls(), 1, 'the schedule did not call the platform again');
    await sources.run('shop');
    await sleep(5);
    assert.equal(sources.list()[0]!.state, 'waiting');
    await sources.pull('shop');
    await sleep(5);
    assert.equal(pulls(), 3, 'its schedule goes on');
  });

  it('is pulled by its schedule when only time is needed', async () => {
    const { sources, pulls } = sourcesThat({ status: 'failed', resume: null }, { status: 'done', resume: null });
    await sources.pull('shop');
    await sleep(5);
    await sources.pull('shop');
    await sleep(5);
    assert.equal(pulls(), 2);
    assert.equal(sources.list()[0]!.state, 'waiting');
    await sources.stop();
  });
});
