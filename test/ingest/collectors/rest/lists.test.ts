import assert from 'node:assert/strict';
import { checkConfig } from '../../../../config.ts';
import {
  type RestOptions,
  type RestSimulator,
  startRestSimulator,
} from '../../../../fixtures/simulators/rest/index.ts';
import { SourceFault } from '../../../../ingest/collectors/collector.ts';
import { restCollector } from '../../../../ingest/collectors/rest/index.ts';
import { fileOf } from '../files/folder.ts';
import { ago, HandClock, many } from '../tmall/shop.ts';
import { bindingRow, memberRow, pointsRow, pull, sourceOf, storeRow, TOKEN } from './club.ts';

interface Club {
  readonly simulator: RestSimulator;
  readonly clock: HandClock;
}

async function withClub(options: Partial<RestOptions>, test: (club: Club) => Promise<void>): Promise<void> {
  const clock = new HandClock();
  const simulator = await startRestSimulator({ rows: {}, clock, token: TOKEN, ...options });
  try {
    await test({ simulator, clock });
    assert.deepEqual(simulator.stats.broken, []);
  } finally {
    await simulator.close();
  }
}

const keys = (items: readonly { key: string }[]) => items.map(({ key }) => key).sort();

describe('a list behind cursors', () => {
  const rows = {
    '/points': [
      ...many(120, (n) => pointsRow(n, ago(300_000 + n))),
      ...many(60, (n) => pointsRow(200 + n, ago(3_000_001))),
    ],
  };
  const all = rows['/points'].map(({ entry }) => String(entry)).sort();

  it('is read window by window, each entry once', () =>
    withClub({ rows }, async ({ simulator, clock }) => {
      const source = sourceOf(simulator.url);
      const { items, cursor } = await pull(source, { stream: 'points', clock });
      assert.deepEqual(keys(items), all);
      const again = await pull(source, { stream: 'points', clock, checkpoint: cursor });
      assert.deepEqual(again.items, []);
    }));

  it('goes on from any page', () =>
    withClub({ rows }, async ({ simulator, clock }) => {
      const source = sourceOf(simulator.url);
      for (let pages = 1; pages <= 4; pages += 1) {
        const first = await pull(source, { stream: 'points', clock, pages });
        const rest = await pull(source, { stream: 'points', clock, checkpoint: first.cursor });
        assert.deepEqual(keys([...first.items, ...rest.items]), all, `after ${pages} pages`);
      }
    }));

  it('begins its window anew where the platform no longer knows the cursor', () =>
    withClub({ rows }, async ({ simulator, clock }) => {
      const source = sourceOf(simulator.url);
      const first = await pull(source, { stream: 'points', clock, pages: 1 });
      simulator.forget();
      const rest = await pull(source, { stream: 'points', clock, checkpoint: first.cursor });
      assert.deepEqual([...new Set(keys([...first.items, ...rest.items]))], all);
    }));

  it('brings what came after the last pull', () =>
    withClub({ rows: { '/points': [...rows['/points']] } }, async ({ simulator, clock }) => {
      const first = await pull(sourceOf(simulator.url), { stream: 'points', clock });
      clock.forward(3_600_000);
      const later = pointsRow(999, ago(-1800));
      const second = await startRestSimulator({
        rows: { '/points': [...rows['/points'], later] },
        clock,
        token: TOKEN,
      });
      const { items } = await pull(sourceOf(second.url), { stream: 'points', clock, checkpoint: first.cursor });
      await second.close();
      assert.deepEqual(keys(items), ['P999']);
    }));
});

describe('a list that does not tell of changes', () => {
  it('is read to its first empty page, and again a day later', () =>
    withClub({ rows: { '/stores': many(80, storeRow) } }, async ({ simulator, clock }) => {
      const source = sourceOf(simulator.url);
      const first = await pull(source, { stream: 'stores', clock });
      assert.deepEqual([first.items.length, first.pages], [80, 3]);
      assert.equal((await pull(source, { stream: 'stores', clock, checkpoint: first.cursor })).pages, 0);
      clock.forward(25 * 3_600_000);
      assert.equal((await pull(source, { stream: 'stores', clock, checkpoint: first.cursor })).items.length, 80);
    }));

  it('goes on where it was cut off', () =>
    withClub({ rows: { '/stores': many(95, storeRow) } }, async ({ simulator, clock }) => {
      const source = sourceOf(simulator.url);
      const first = await pull(source, { stream: 'stores', clock, pages: 1 });
      const rest = await pull(source, { stream: 'stores', clock, checkpoint: first.cursor });
      assert.equal(new Set(keys([...first.items, ...rest.items])).size, 95);
      assert.equal(first.items.length + rest.items.length, 95);
    }));

  it('is asked for by POST, signed over its body, in pages from 0 up to its total', () =>
    withClub({ rows: { '/bindings': many(90, bindingRow) }, secret: 'club-secret' }, async ({ simulator, clock }) => {
      const source = sourceOf(simulator.url, { hmac: { secret: 'club-secret', header: 'x-signature' } });
      const { items, pages } = await pull(source, { stream: 'bindings', clock });
      assert.deepEqual([items.length, pages], [90, 3]);
      const { records } = restCollector.map(items[0]!, { source });
      assert.deepEqual([records.length, records[0]?.kind], [1, 'binding']);
    }));
});

describe('a signature over the query', () => {
  it('is made of what is sent', () =>
    withClub({ rows: { '/stores': many(3, storeRow) }, secret: 'club-secret' }, async ({ simulator, clock }) => {
      const source = sourceOf(simulator.url, { hmac: { secret: 'club-secret', header: 'x-signature' } });
      assert.equal((await pull(source, { stream: 'stores', clock })).items.length, 3);
    }));

  it('with another secret ends the pull, and neither is told', async () => {
    const clock = new HandClock();
    const simulator = await startRestSimulator({ rows: { '/stores': [] }, clock, token: TOKEN, secret: 'theirs' });
    const source = sourceOf(simulator.url, { hmac: { secret: 'mine-and-secret', header: 'x-signature' } });
    const thrown: unknown = await pull(source, { stream: 'stores', clock }).catch((error: unknown) => error);
    await simulator.close();
    assert.ok(thrown instanceof SourceFault && thrown.kind === 'misconfigured');
    assert.doesNotMatch(`${thrown.message} ${thrown.advice}`, /mine-and|club-token/);
  });
});

describe('a row of a list', () => {
  const given = memberRow(7, '2026-01-14 10:00:00', { note: '老客', contact: '139 0001 0260', birthday: '1990-05-04' });

  it('maps as the same row of a file does', async () => {
    const columns = { member_no: 'id', phone: 'contact', modified_at: 'updated_at' } as const;
    const file = await fileOf(`${JSON.stringify(given)}\n`, {
      ...{ name: 'm.ndjson', kind: 'membership', programme: 'club', channel: 'loyalty', columns },
      custom: { tier_note: 'note' },
    });
    const deliveredAt = file.items[0]!.deliveredAt;
    const item = { kind: 'members', key: 'M7', payload: JSON.stringify(given), position: 0, deliveredAt };
    const mapped = restCollector.map(item, { source: sourceOf('http://127.0.0.1:1') });
    assert.equal(mapped.records.length, 1);
    assert.deepEqual(mapped.records, file.records);
    assert.deepEqual(mapped.records[0]?.custom, { tier_note: '老客' });
  });

  it('keeps all digits of a long number', () => {
    const payload = '{"id": 9007199254740993123, "level": "金卡", "contact": "13900010260"}';
    const item = { kind: 'members', key: 'x', payload, position: 0, deliveredAt: new Date() };
    const { records } = restCollector.map(item, { source: sourceOf('http://127.0.0.1:1') });
    assert.equal(records[0]?.key, '9007199254740993123');
  });

  it('that is no object is told', () => {
    const item = { kind: 'members', key: 'x', payload: '"gone"', position: 4, deliveredAt: new Date() };
    const { records, rejections } = restCollector.map(item, { source: sourceOf('http://127.0.0.1:1') });
    assert.deepEqual([records, rejections.map(({ code }) => code)], [[], ['row.not-json']]);
  });
});

describe('settings of a list', () => {
  const refused: readonly (readonly [string, object])[] = [
    [
      'numbered pages of changes without a total',
      { paging: { by: 'page', parameter: 'page', size: 50 }, changed: { from: 'a', to: 'b' } },
    ],
    ['a cursor without the pointer to the next', { paging: { by: 'cursor', parameter: 'cursor', size: 50 } }],
  ];
  for (const [what, own] of refused) {
    it(`refuse ${what}`, () => {
      const list = { name: 'a', kind: 'membership', path: '/a', items: '/list', ...own };
      const source = {
        ...{ id: 'club', platform: 'rest', channel: 'loyalty' },
        settings: { url: 'https://club.example.com', programme: 'club', lists: [list] },
      };
      assert.throws(() => checkConfig({ brand: { name: 'A' }, sources: [source] }, { file: 'f', env: {} }), /paging/);
    });
  }
});
