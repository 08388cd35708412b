import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { p, sql } from '../../store/index.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';

const PROGRAM = join(import.meta.dirname, '../helpers/ingest-program.ts');

const MEMBERS = `卡号,姓名,手机号,性别,出生日期,开卡时间
C0001,甲一,13900000001,女,1958-11-30,2019-12-31 23:30:00
C0002,乙二,13900000002,男,1969-12-31,2026-03-08 02:30:00
C0003,丙三,13900000003,女,1920-02-29,2025-11-02 01:30:00
C0004,丁四,13900000004,男,2001-01-01,2026-03-01
`;
// 02:30 of 8 March 2026 does not exist in New York, 01:30 of 2 November 2025 exists twice.
const SALES = `门店编码,机号,小票号,营业日期,交易时间,行号,会员卡号,款号,品名,数量,实收金额
S1,1,B1,2026-03-01,2026-03-01 00:10:00,1,C0001,P1,衬衫,1,100.00
S1,1,B2,2026-03-08,2026-03-08 02:30:00,1,C0002,P1,衬衫,1,200.00
S1,1,B3,2026-03-08,2026-03-08 23:59:59,1,C0003,P2,裙子,1,300.00
`;

interface Printed {
  zone: string;
  run: object;
  people: { name_masked: string; birth: string }[];
  cards: { joined_at: string }[];
  lines: { bill_no: string; business_date: string; created_at: string }[];
}

describe('time', function () {
  this.timeout(60_000);
  let test: TestStore;
  before(async () => {
    test = await openTestStore();
  });
  after(() => test.close());

  it('makes the same rows of the same files, whatever the zone of the machine', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'quanyu-test-'));
    await mkdir(join(folder, 'files'));
    for (const [name, text] of Object.entries({ 'members.csv': MEMBERS, 'sales.csv': SALES })) {
      await writeFile(join(folder, 'files', name), text);
      await utimes(join(folder, 'files', name), new Date('2026-03-09T00:00:00Z'), new Date('2026-03-09T00:00:00Z'));
    }
    const ingest = async (TZ: string): Promise<Printed> => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--import', 'tsx', PROGRAM, join(folder, 'files')],
        { env: { ...process.env, TZ } },
      );
      return JSON.parse(stdout) as Printed;
    };
    const [{ zone: here, ...shanghai }, { zone: there, ...newYork }] = await Promise.all([
      ingest('Asia/Shanghai'),
      ingest('America/New_York'),
    ]);
    await rm(folder, { recursive: true, force: true });
    assert.deepEqual([here, there], ['Asia/Shanghai', 'America/New_York']);
    assert.deepEqual(newYork, shanghai);
    assert.deepEqual(
      shanghai.people.map((one) => one.birth).sort(),
      ['1920-02-29', '1958-11-30', '1969-12-31', '2001-01-01'],
      JSON.stringify(shanghai.run),
    );
    assert.deepEqual(
      shanghai.cards.map((one) => one.joined_at),
      ['2019-12-31 15:30:00.000', '2025-11-01 17:30:00.000', '2026-02-28 16:00:00.000', '2026-03-07 18:30:00.000'],
    );
    assert.deepEqual(
      shanghai.lines.map((one) => [one.bill_no, one.business_date, one.created_at]),
      [
        ['B1', '2026-03-01', '2026-02-28 16:10:00.000'],
        ['B2', '2026-03-08', '2026-03-07 18:30:00.000'],
        ['B3', '2026-03-08', '2026-03-08 15:59:59.000'],
      ],
    );
  });

  it('keeps every date of birth that a living person can have, as a day and not an instant', async () => {
    const days = ['1900-01-01', '1904-02-29', '1927-12-31', '1969-12-31', '1970-01-01', '2026-03-01'];
    await test.store.insert(
      'account_records',
      days.map((day, n) => ({ account_ordinal: n + 1, source: 's', kind: 'membership', birth_date: day, version: 1 })),
    );
    for (const zone of ['UTC', 'America/New_York', 'Asia/Shanghai', 'Pacific/Kiritimati']) {
      const settings = { session_timezone: zone };
      const found = await test.store.rows<{ birth: string; same: number }>(
        sql`SELECT birth_date AS birth, birth_date IN ${p('Array(Date32)', days)} AS same FROM account_records ORDER BY account_ordinal`,
        { settings },
      );
      assert.deepEqual(
        found,
        days.map((birth) => ({ birth, same: 1 })),
        zone,
      );
    }
  });

  it('knows nothing but UTC in the engine', async () => {
    const [row] = await test.store.rows<{ zone: string; at: string }>(
      sql`SELECT timezone() AS zone, toString(${p('DateTime64(3)', '2026-03-08 02:30:00.000')}) AS at`,
    );
    assert.deepEqual(row, { zone: 'UTC', at: '2026-03-08 02:30:00.000' });
  });
});
