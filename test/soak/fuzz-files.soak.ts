import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { filesCollector } from '../../ingest/collectors/files/index.ts';
import type { FilesSettings } from '../../ingest/collectors/files/settings.ts';
import { openWriter, runSource, type Writer } from '../../ingest/index.ts';
import { assertMapped } from '../contracts/mapped.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';
import { encoded, type Folder, inFolder, NOW } from '../ingest/collectors/files/folder.ts';
import { damaged } from './damage.ts';
import { untoldLines } from './file-lines.ts';
import { fuzz, PART_SECONDS } from './fuzz.ts';

/** One small file of each kind, and the ways files are put together. */
const SEEDS: readonly string[] = [
  '会员卡号,手机号,姓名,性别,生日,入会时间,积分\nA1,13900010001,王小明,男,1990-01-02,2024-01-02 03:04:05,12\nA2,13900010002,"李,四",女,,2024-01-03,\n共2条\n',
  '门店编码|机号|小票号|销售日期|会员卡号|商品编码|数量|实收|状态\nS1|01|0001|2026-01-15|V1|P1|1|12.50|正常\nS1|01|0002|2026-01-15|V1|P1|-1|-12.50|已退\n',
  'member_no,channel,id_type,id_value,scope,bound_at\nM1,wechat,openid,o7df930a76961f5af20db0a89d62,wxapp,2024-01-02\n',
  'member_no,delta,at\nM1,10,2024-01-02\nM2,-3,2024-01-02 10:00:00\n',
  'member_no,to_level,at\nM1,金卡,2024-01-02\n',
  'member_no,purpose,via,granted\nM1,marketing,sms,1\nM2,marketing,sms,0\n',
  '门店编码,门店名称\nS1,广州正佳店\n',
  '{"member_no":"M1","phone":"13900010001","name":"王小明"}\n{"member_no":"M2","phone":"+86 139 0001 0002"}\n',
];
const ENDS = ['\n', '\r\n', '\r'];
const ENCODINGS = ['utf-8', 'utf-8-bom', 'gb18030', 'utf-16le'] as const;
const SETTINGS: readonly Partial<FilesSettings>[] = [{}, { complete: 'store_day' }, { encoding: 'gb18030' }];

const file = fc
  .tuple(fc.constantFrom(...SEEDS), fc.constantFrom(...ENDS), fc.constantFrom(...ENCODINGS))
  .chain(([text, end, encoding]) => damaged(encoded(text.replaceAll('\n', end), encoding)));

/** A digest beside a file: none, its own, or another's. */
const digest = fc.constantFrom('none', 'none', 'none', 'right', 'wrong');
const delivery = fc.record({
  settings: fc.constantFrom(...SETTINGS),
  files: fc.array(fc.record({ bytes: file, digest }), { minLength: 1, maxLength: 3 }),
});
type Delivery = typeof delivery extends fc.Arbitrary<infer Case> ? Case : never;

/** Runs a test in a folder that holds the delivery. */
function delivered({ settings, files }: Delivery, test: (folder: Folder) => Promise<void>): Promise<void> {
  return inFolder({ ...settings, programme: 'club' }, async (folder) => {
    for (const [n, { bytes, digest }] of files.entries()) {
      const md5 = createHash('md5').update(bytes).digest('hex');
      if (digest !== 'none')
        await writeFile(join(folder.path, `${n}.csv.md5`), digest === 'right' ? md5 : '0'.repeat(32));
      await folder.put(`${n}.csv`, bytes);
    }
    await test(folder);
  });
}

const readable = ({ files }: Delivery) => files.filter(({ digest }) => digest !== 'wrong');

describe('fuzz: damaged files in a folder', function () {
  this.timeout(0);
  let test: TestStore;
  let writer: Writer;
  const clock = { now: () => NOW };

  before(async () => {
    test = await openTestStore();
    writer = await openWriter({ ...test, clock, mixMobileKeys: [] });
  });
  after(() => test.close());

  it('are read without a crash, and every line is an item or told', async () => {
    await fuzz(
      delivery.map((one) => ({ ...one, files: readable(one) })),
      (one) =>
        delivered(one, async (folder) => {
          const first = await folder.pull();
          for (const item of first.items) {
            const mapped = filesCollector.map(item, { source: folder.source });
            assertMapped(mapped, filesCollector);
            const told = mapped.records.length + mapped.rejections.length;
            if (item.kind.endsWith('_row')) assert.ok(told > 0, `nothing is told of ${item.payload}`);
          }
          for (const { bytes } of one.files) {
            const untold = await untoldLines(bytes, { items: first.items, folder });
            assert.deepEqual(untold, [], 'lines that are no item and are not told');
          }
          assert.deepEqual((await folder.pull(first.cursor)).items, [], 'a second pull brings nothing');
        }),
      PART_SECONDS / 2,
    );
  });

  it('are written, and a file that is not what its digest says is a fault with words', async () => {
    let n = 0;
    await fuzz(
      delivery,
      (one) =>
        delivered(one, async (folder) => {
          const source = { ...folder.source, id: `fuzz-${n++}` };
          const signal = new AbortController().signal;
          const collector = filesCollector as never;
          const view = await runSource({ store: test.store, writer, clock, collector, source, signal });
          const wrong = one.files.length - readable(one).length;
          assert.equal(view.status, wrong > 0 ? 'failed' : 'done', `${view.fault} ${view.advice}`);
          if (wrong > 0) {
            assert.match(view.fault, new RegExp(`${wrong} of the files in .* could not be read: .*md5`));
            assert.notEqual(view.advice, '');
          }
          await Promise.all(readable(one).map(({ bytes }, at) => writeFile(join(folder.path, `${at}.csv`), bytes)));
        }),
      PART_SECONDS / 2,
    );
  });
});
