import { createHash } from 'node:crypto';
import { startSftpSimulator } from '../../../../fixtures/simulators/sftp/index.ts';
import { type SftpSettings, sftpCollector } from '../../../../ingest/collectors/sftp/index.ts';
import { describeCollector } from '../../../contracts/collector.ts';
import type { CollectorDriver } from '../../../contracts/collector-driver.ts';
import { encoded } from '../files/folder.ts';
import { LOGIN, Server } from './server.ts';

const HEADER = '会员卡号,手机号,姓名,入会时间';
const rows = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${prefix}${n},${13900010001 + n * 37},王小明,2024-01-02 03:04:05`);

const MALFORMED = [
  { row: 'SHORT,13912341234', path: 'line 2', expected: /4 cells/ },
  { row: ',139****1234,王小明,2024-01-02', path: 'card_no', expected: /card number/ },
];

/** One driver is one server; its files hold more than a page's rows, and less. */
async function makeDriver({ malformed }: { malformed: boolean }): Promise<CollectorDriver<SftpSettings>> {
  const simulator = await startSftpSimulator(LOGIN);
  const server = new Server(simulator, {});
  const expected: string[] = [];
  const put = (name: string, lines: readonly string[]): string => {
    const bytes = encoded(`${[HEADER, ...lines].join('\r\n')}\r\n`, 'gb18030');
    server.put(name, bytes);
    const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
    expected.push(...lines.map((_, n) => `member_row ${digest}:${n + 2}`));
    return digest;
  };
  put('a.csv', rows('A', 4500));
  put('b.csv', rows('B', 10));
  put('c.csv', rows('C', 300));
  const bad = malformed
    ? put(
        'bad.csv',
        MALFORMED.map(({ row }) => row),
      )
    : '';
  return {
    ...{ source: server.source, stream: 'inbox', clock: server.clock, sleep: server.sleep },
    expected: () => expected,
    malformed: MALFORMED.map(({ path, expected: words }, n) => ({ key: `${bad}:${n + 2}`, path, expected: words })),
    samples: [],
    misbehave: (fault, times) => simulator.misbehave(fault, times),
    calls: () => simulator.stats.connections,
    close: () => simulator.close(),
  };
}

describeCollector<SftpSettings>({
  name: 'sftp',
  collector: sftpCollector,
  capabilities: { rateLimited: false, windowed: false, authorised: true, networked: true },
  makeDriver,
});
