import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type Json, SourceFault, type SourcePage } from '../../../../ingest/collectors/collector.ts';
import { pullFiles } from '../../../../ingest/collectors/files/pull.ts';
import { DELIVERED, encoded, type Folder, inFolder, NOW } from './folder.ts';

const HEADER = '会员卡号,手机号,姓名';
const members = (...cards: string[]) => `${[HEADER, ...cards.map((card) => `${card},,王小明`)].join('\n')}\n`;
const later = (minutes: number) => new Date(DELIVERED.getTime() + minutes * 60_000);

async function cardsIn(folder: Folder, checkpoint: Json = null): Promise<{ cards: string[]; cursor: Json }> {
  const { records, cursor } = await folder.pull(checkpoint);
  return { cards: records.map(({ key }) => key), cursor };
}

async function faultOf(pull: Promise<unknown>): Promise<SourceFault> {
  const thrown = await pull.then(
    () => null,
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof SourceFault, `expected a SourceFault, got ${String(thrown)}`);
  return thrown;
}

describe('a folder of files', () => {
  it('needs no settings but its path and the issuer of the cards', () =>
    inFolder({}, async (folder) => {
      await folder.put('会员资料_20260115.csv', encoded(members('VIP1', 'VIP2'), 'gb18030'));
      const sale =
        '门店编码|机号|小票号|销售日期|时间|会员卡号|行号|款号|数量|实收\nS1|01|0001|2026-01-15|18:08:17|VIP1|1|K1|1|499.00\n';
      await folder.put('销售明细_20260115.txt', encoded(sale, 'utf-8-bom'));
      const { records, rejections } = await folder.pull();
      assert.deepEqual(
        records.map(({ kind, account }) => `${kind} ${account?.kind}@${account?.scope} ${account?.key}`),
        ['shop_customer card_no@brand VIP1', 'shop_customer card_no@brand VIP2', 'order_line card_no@brand VIP1'],
      );
      assert.deepEqual(rejections, []);
    }));

  it('is read in the order of delivery, then of name; later files count as delivered later', () =>
    inFolder({}, async (folder) => {
      await folder.put('b.csv', members('B'));
      await folder.put('a.csv', members('A'));
      await folder.put('0.csv', members('LATE'), later(1));
      const { items } = await folder.pull();
      assert.deepEqual(
        items.map(({ deliveredAt }) => deliveredAt.getTime() - DELIVERED.getTime()),
        [0, 1, 60_000],
      );
      assert.deepEqual((await cardsIn(folder)).cards, ['A', 'B', 'LATE']);
    }));

  it('is not read again, nor are the same bytes under another name', () =>
    inFolder({}, async (folder) => {
      await folder.put('members.csv', members('A'));
      const first = await cardsIn(folder);
      await folder.put('members (1).csv', members('A'), later(1));
      const second = await cardsIn(folder, first.cursor);
      assert.deepEqual(second.cards, []);
      assert.deepEqual((await folder.pull(second.cursor)).pages, []);
    }));

  it('reads a file again whose bytes are new: a correction counts as delivered later, whatever its time says', () =>
    inFolder({}, async (folder) => {
      await folder.put('members.csv', members('A'));
      const first = await folder.pull();
      await folder.put('members.csv', members('A', 'B'), later(-600));
      const second = await folder.pull(first.cursor);
      assert.deepEqual(
        second.records.map(({ key }) => key),
        ['A', 'B'],
      );
      assert.ok(second.items[0]!.deliveredAt > first.items[0]!.deliveredAt);
    }));

  it('never counts a file as delivered in the future', () =>
    inFolder({}, async (folder) => {
      await folder.put('members.csv', members('A'), new Date('2031-01-01T00:00:00Z'));
      const { items } = await folder.pull(null, { clock: { now: () => new Date(Date.now() + 3_600_000) } });
      assert.ok(items[0]!.deliveredAt.getTime() <= Date.now() + 3_600_000);
    }));

  it('keeps in its cursor only what stands in it', () =>
    inFolder({}, async (folder) => {
      await folder.put('a.csv', members('A'));
      const first = await folder.pull();
      await rm(join(folder.path, 'a.csv'));
      await folder.put('b.csv', members('B'));
      const { cursor } = await folder.pull(first.cursor);
      assert.deepEqual(
        (cursor as { files: [string][] }).files.map(([name]) => name),
        ['b.csv'],
      );
    }));
});

describe('a file that is not whole yet', () => {
  it('waits while it was changed a moment ago', () =>
    inFolder({}, async (folder) => {
      await folder.put('members.csv', members('A'), new Date(NOW.getTime() - 5_000));
      assert.deepEqual((await cardsIn(folder)).cards, []);
    }));

  it('is waited for once within a pull, so that a pull by hand brings it', () =>
    inFolder({}, async (folder) => {
      await folder.put('members.csv', members('A'), new Date(NOW.getTime() - 5_000));
      let now = NOW.getTime();
      const slept: number[] = [];
      const { records } = await folder.pull(null, {
        clock: { now: () => new Date(now) },
        sleep: async (ms) => {
          slept.push(ms);
          now += ms;
        },
      });
      assert.deepEqual([slept, records.length], [[25_000], 1]);
    }));

  it('ends its wait when the pull is told to stop', () =>
    inFolder({}, async (folder) => {
      await folder.put('members.csv', members('A'), new Date(NOW.getTime() - 5_000));
      const controller = new AbortController();
      const { pages } = await folder.pull(null, {
        signal: controller.signal,
        sleep: async () => {
          controller.abort();
          throw new Error('aborted');
        },
      });
      assert.deepEqual(pages, []);
    }));

  it('is read at once where its marker stands beside it', () =>
    inFolder({}, async (folder) => {
      await folder.put('members.csv', members('A'), NOW);
      await folder.put('members.csv.ok', '', NOW);
      assert.deepEqual((await cardsIn(folder)).cards, ['A']);
    }));

  for (const marker of ['members.csv.ok', 'members.ok', 'members.done', 'MEMBERS.FLG']) {
    it(`waits for ${marker} where markers are asked for`, () =>
      inFolder({ completion: 'marker' }, async (folder) => {
        await folder.put('members.csv', members('A'));
        assert.deepEqual((await cardsIn(folder)).cards, []);
        await folder.put(marker, '');
        assert.deepEqual((await cardsIn(folder)).cards, ['A']);
      }));
  }

  it('is not taken for whole by the marker of an earlier delivery', () =>
    inFolder({ completion: 'marker' }, async (folder) => {
      await folder.put('members.csv.ok', '', later(-1440));
      await folder.put('members.csv', members('A'));
      assert.deepEqual((await cardsIn(folder)).cards, []);
    }));

  it('is not what its md5 says, and is told and left to the next pull', () =>
    inFolder({}, async (folder) => {
      const whole = members('A', 'B');
      await folder.put('a.csv', whole.slice(0, -9));
      await folder.put('a.csv.md5', `${createHash('md5').update(whole).digest('hex')}  a.csv\n`);
      await folder.put('b.csv', members('C'));
      const seen: string[] = [];
      let cursor: Json = null;
      const fault = await faultOf(
        (async () => {
          for await (const page of pullFiles(folder.context())) {
            seen.push(...folder.pulled([page]).records.map(({ key }) => key));
            cursor = page.cursor;
          }
        })(),
      );
      assert.deepEqual([fault.kind, seen], ['later', ['C']]);
      assert.match(fault.message, /a\.csv.*md5/);
      await folder.put('a.csv', whole);
      assert.deepEqual((await cardsIn(folder, cursor)).cards, ['A', 'B']);
    }));

  for (const name of ['members.csv.tmp', 'members.csv.part', 'members.csv.filepart', '.members.csv', '~$members.csv']) {
    it(`is not read as ${name}`, () =>
      inFolder({ completion: 'rename' }, async (folder) => {
        await folder.put(name, members('A'));
        assert.deepEqual((await cardsIn(folder)).cards, []);
        await rename(join(folder.path, name), join(folder.path, 'members.csv'));
        assert.deepEqual((await cardsIn(folder)).cards, ['A']);
      }));
  }
});

describe('a file that is no text', () => {
  const cases: readonly (readonly [string, string, string | Buffer, string])[] = [
    ['is told when it is a zip archive', 'a.zip', Buffer.from('PK\u0003\u0004rest'), 'file.archive'],
    ['is told when it is a workbook, whatever its name', 'a.csv', Buffer.from('PK\u0003\u0004rest'), 'file.archive'],
    ['is told when it is an old workbook', 'a.xls', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2, 3]), 'file.workbook'],
    ['is told when it holds zeros', 'a.csv', Buffer.alloc(1000), 'file.not-text'],
    ['is told when it is one endless line', 'a.csv', Buffer.alloc(3_000_000, 'a'), 'file.not-text'],
    ['is told when it is empty: a closed shop’s export has a header', 'a.csv', '', 'file.empty'],
    ['is told when no line names known columns', 'a.csv', 'foo,bar\n1,2\n', 'file.no-header'],
    [
      'is told when a needed column is missing',
      '销售.csv',
      '小票号,会员卡号,款号,数量,门店编码\n1,2,3,4,5\n',
      'file.columns-missing',
    ],
    ['is told when its gzip is cut', 'a.csv.gz', gzipSync(members('A', 'B', 'C')).subarray(0, 40), 'file.gzip-broken'],
    [
      'is told when it is large and no gzip behind its mark',
      'b.csv.gz',
      Buffer.from(`\x1f\x8b${'x'.repeat(400_000)}`, 'latin1'),
      'file.gzip-broken',
    ],
  ];
  for (const [sentence, name, content, code] of cases) {
    it(sentence, () =>
      inFolder({}, async (folder) => {
        await folder.put(name, content);
        const { items, records, rejections, cursor } = await folder.pull();
        assert.deepEqual([items.length, records, rejections.map((one) => one.code)], [1, [], [code]]);
        assert.ok(rejections[0]!.wholeItem && rejections[0]!.expected.length > 20);
        assert.deepEqual((await folder.pull(cursor)).pages, [], 'it is told once');
      }),
    );
  }

  it('is read when it is only packed by gzip', () =>
    inFolder({}, async (folder) => {
      await folder.put('members.csv.gz', gzipSync(encoded(members('A', 'B'), 'gb18030')));
      assert.deepEqual((await cardsIn(folder)).cards, ['A', 'B']);
    }));

  it('is nothing at all when it has a header and no rows: the store was closed', () =>
    inFolder({}, async (folder) => {
      await folder.put('members.csv', `${HEADER}\n`);
      const { items, pages, cursor } = await folder.pull();
      assert.deepEqual([items, pages.length], [[], 1]);
      assert.deepEqual((await folder.pull(cursor)).pages, []);
    }));
});

describe('a folder that cannot be read', () => {
  it('is told when it is missing, with what to do', () =>
    inFolder({}, async (folder) => {
      await rm(folder.path, { recursive: true });
      const fault = await faultOf(folder.pull());
      assert.equal(fault.kind, 'later');
      assert.match(`${fault.message} ${fault.advice}`, /does not exist.*Create it/);
    }));

  it('is told when it is a file', () =>
    inFolder({}, async (folder) => {
      await rm(folder.path, { recursive: true });
      await writeFile(folder.path, 'x');
      assert.equal((await faultOf(folder.pull())).kind, 'misconfigured');
    }));

  it('is read but for the file that cannot be, and says which', () =>
    inFolder({}, async (folder) => {
      for (const name of ['a', 'b', 'c']) await folder.put(`${name}.csv`, members(name.toUpperCase()));
      const seen: string[] = [];
      const pull = (async () => {
        for await (const page of pullFiles(folder.context())) {
          seen.push(...folder.pulled([page]).records.map(({ key }) => key));
          await rm(join(folder.path, 'b.csv'), { force: true });
        }
      })();
      const fault = await faultOf(pull);
      assert.deepEqual([fault.kind, seen], ['later', ['A', 'C']]);
      assert.match(fault.message, /b\.csv/);
    }));
});

describe('a pull of files', () => {
  it('goes on from any line, with pages of any size, and gives every item once', async () => {
    const rows = fc.array(fc.constantFrom('row', 'blank', 'short', 'header', 'total'), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(rows, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }), (kinds, sizes) =>
        inFolder({}, async (folder) => {
          await folder.put('a.csv', linesOf('A', kinds));
          await folder.put('b.csv', linesOf('B', kinds.toReversed()));
          const whole = (await folder.pull()).items.map(({ key, payload }) => `${key} ${payload}`);
          assert.deepEqual(await itemsInParts(folder, sizes), whole);
        }),
      ),
      { numRuns: 40 },
    );
  });

  it('says how far it is', () =>
    inFolder({}, async (folder) => {
      await folder.put('a.csv', members(...Array.from({ length: 99 }, (_, n) => `A${n}`)));
      await folder.put('b.csv', members(...Array.from({ length: 99 }, (_, n) => `B${n}`)));
      const told: unknown[] = [];
      for await (const page of pullFiles(folder.context(), { pageRows: 50 })) told.push(page.progress);
      assert.deepEqual(told, [
        { done: 51, total: 200 },
        { done: 100, total: 200 },
        { done: 151, total: 200 },
        { done: 200, total: 200 },
      ]);
    }));
});

function linesOf(prefix: string, kinds: readonly string[]): string {
  const lines: Record<string, (n: number) => string> = {
    row: (n) => `${prefix}${n},,王小明`,
    blank: () => '',
    short: (n) => `${prefix}${n}`,
    header: () => HEADER,
    total: (n) => `合计,,${n}`,
  };
  return `${[HEADER, ...kinds.map((kind, n) => lines[kind]!(n))].join('\n')}\n`;
}

/** Pulls again and again with pages of the sizes given, keeping one page each time and losing the next. */
async function itemsInParts(folder: Folder, sizes: readonly number[]): Promise<string[]> {
  const kept: string[] = [];
  let cursor: Json = null;
  for (let n = 0; ; n += 1) {
    const size = sizes[n % sizes.length]!;
    let page: SourcePage | undefined;
    for await (const one of pullFiles(folder.context(cursor), { pageRows: size })) {
      page = one;
      break;
    }
    if (page === undefined) return kept;
    kept.push(...page.items.map(({ key, payload }) => `${key} ${payload}`));
    cursor = JSON.parse(JSON.stringify(page.cursor)) as Json;
  }
}
