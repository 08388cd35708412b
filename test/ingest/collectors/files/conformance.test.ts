import { createHash } from 'node:crypto';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FilesSettings, filesCollector } from '../../../../ingest/collectors/files/index.ts';
import type { SourceItem } from '../../../../ingest/record.ts';
import { describeCollector } from '../../../contracts/collector.ts';
import type { CollectorDriver } from '../../../contracts/collector-driver.ts';
import { DELIVERED, encoded, fileOf, NOW } from './folder.ts';

const HEADER = '会员卡号,手机号,姓名,入会时间';
const rows = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${prefix}${n},${13900010001 + n * 37},王小明,2024-01-02 03:04:05`);

const MALFORMED = [
  { row: 'SHORT,13912341234', path: 'line 2', expected: /4 cells/ },
  { row: ',139****1234,王小明,2024-01-02', path: 'card_no', expected: /card number/ },
  { row: 'BAD1,13912341234,王小明,2024-02-31', path: '入会时间', expected: /a date such as/ },
  { row: 'BAD2,020-83351234,王小明,2024-01-02', path: '手机号', expected: /mobile/ },
];

const SAMPLES: Readonly<Record<string, string>> = {
  sale: '门店编码,机号,小票号,销售日期,会员卡号,数量,实收,状态\nS1,01,0001,2026-01-15,V1,-1,-12.50,已退\n',
  binding:
    'member_no,channel,id_type,id_value,scope,bound_at\nM1,wechat,openid,o7df930a76961f5af20db0a89d62,wxapp,2024-01-02\n',
  points: 'member_no,delta,at\nM1,10,2024-01-02\n',
  level: 'member_no,to_level,at\nM1,金卡,2024-01-02\n',
  consent: 'member_no,purpose,via,granted\nM1,marketing,sms,1\n',
  store: '门店编码,门店名称\nS1,广州正佳店\n',
  total: `${HEADER}\n共12条\n`,
};

async function samples(): Promise<SourceItem[]> {
  const pulled = await Promise.all(Object.values(SAMPLES).map((content) => fileOf(content, { programme: 'club' })));
  return pulled.flatMap(({ items }) => items);
}

/** One driver is one folder; its files hold more than a page's rows, and less. */
async function makeDriver({ malformed }: { malformed: boolean }): Promise<CollectorDriver<FilesSettings>> {
  const folder = await mkdtemp(join(tmpdir(), 'quanyu-conformance-'));
  const expected: string[] = [];
  const put = async (name: string, lines: readonly string[]): Promise<string> => {
    const bytes = encoded(`${[HEADER, ...lines].join('\r\n')}\r\n`, 'gb18030');
    await writeFile(join(folder, name), bytes);
    await utimes(join(folder, name), DELIVERED, DELIVERED);
    const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
    expected.push(...lines.map((_, n) => `member_row ${digest}:${n + 2}`));
    return digest;
  };
  await put('a.csv', rows('A', 4500));
  await put('b.csv', rows('B', 10));
  await put('c.csv', rows('C', 300));
  const digest = malformed
    ? await put(
        'bad.csv',
        MALFORMED.map(({ row }) => row),
      )
    : '';
  return {
    source: {
      id: 'till',
      platform: 'files',
      channel: 'pos',
      zone: 'Asia/Shanghai',
      settings: { folder, issuer: 'brand' },
    },
    stream: 'inbox',
    clock: { now: () => NOW },
    sleep: () => Promise.resolve(),
    expected: () => expected,
    malformed: MALFORMED.map(({ path, expected: words }, n) => ({ key: `${digest}:${n + 2}`, path, expected: words })),
    samples: await samples(),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

describeCollector<FilesSettings>({
  name: 'files',
  collector: filesCollector,
  capabilities: { rateLimited: false, windowed: false, authorised: false, networked: false },
  makeDriver,
});
