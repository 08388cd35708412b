import assert from 'node:assert/strict';
import { previewCondition } from '../../segments/index.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';
import { idOf, profileRow, published } from './rows.ts';

const NOW = new Date('2026-06-29T16:30:00Z');

describe('preview of a condition', () => {
  let test: TestStore;
  const preview = (condition: unknown, of = published()) =>
    previewCondition({ store: test.store, published: of, condition, now: NOW, zone: 'Asia/Shanghai' });

  before(async () => {
    test = await openTestStore();
    const rows = Array.from({ length: 1000 }, (_, n) =>
      profileRow({
        profile_ordinal: n + 1,
        level: n % 4 === 0 ? '金卡' : '普通',
        channels: n % 8 === 0 ? ['pos', 'tmall'] : ['pos'],
        name_masked: '张**',
        phone_masked: '138****5678',
        last_purchase: '2026-06-01',
      }),
    );
    await test.store.insert('profiles', [...rows, profileRow({ profile_ordinal: 1, version: 2, level: '金卡' })]);
  });
  after(() => test.close());

  const gold = { kind: 'trait', trait: 'level', operator: 'is', values: ['金卡'] };

  it('counts exactly, in all and by channel, and says how fresh that is', async () => {
    const found = await preview(gold);
    assert.equal(found.count, 250);
    assert.deepEqual(found.channels, { tmall: 125, douyin: 0, wechat: 0, pos: 250, loyalty: 0, other: 0 });
    assert.deepEqual(found.freshness, {
      published_version: 1,
      identity_version: 1,
      tags_version: 1,
      data_up_to: '2026-06-29 15:00:00.000',
      published_at: '2026-06-29 16:00:00.000',
    });
  });

  it('shows ten masked profiles, the same ones each time', async () => {
    const [first, second] = [await preview(gold), await preview(gold)];
    assert.equal(first.sample.length, 10);
    assert.deepEqual(first.sample, second.sample);
    assert.deepEqual(
      { ...first.sample[0], profile_id: '', channels: [] },
      {
        profile_id: '',
        name_masked: '张**',
        phone_masked: '138****5678',
        channels: [],
        level: '金卡',
        last_purchase: '2026-06-01',
        net_amount_365d_fen: 0,
      },
    );
    assert.equal(new Set(first.sample.map((one) => one.profile_id)).size, 10);
  });

  it('keeps to the version it was given', async () => {
    const found = await preview(gold, published({ tags_version: 2 }));
    assert.deepEqual([found.count, found.sample.map((one) => one.profile_id)], [1, [idOf(1)]]);
  });

  it('counts nobody where nobody matches, and before anything was published', async () => {
    const none = { kind: 'trait', trait: 'level', operator: 'is', values: ['钻石'] };
    assert.deepEqual([(await preview(none)).count, (await preview(none)).sample], [0, []]);
    assert.equal((await preview(gold, published({ tags_version: 0 }))).count, 0);
  });
});
