import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ExportRequest, exportAudience, readExport, runAudience } from '../../segments/index.ts';
import { p, raw, sql } from '../../store/index.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';
import { empty, idOf, insertAccounts, insertLinks, profileRow, published, type Row } from './rows.ts';

const NOW = new Date('2026-06-29T16:30:00Z');
const EVERYBODY = { kind: 'trait', trait: 'member_status', operator: 'is_known' };

describe('export of an audience to CSV', () => {
  let test: TestStore;
  let exports = 0;

  before(async () => {
    test = await openTestStore();
  });
  after(() => test.close());
  beforeEach(async () => {
    await empty(
      test.store,
      ...['profiles', 'audiences', 'audience_members', 'accounts', 'identity_links', 'consents', 'suppressed', 'vault'],
      ...['account_records', 'identifier_index', 'exports', 'export_members', 'phone_hashes'],
    );
    await insertAccounts(test.store, Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [n, 'pos'])));
    await insertLinks(test.store, 1, { 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 5 });
  });

  const audience = async (rows: readonly Row[]) => {
    await test.store.insert('profiles', [...rows]);
    const runId = `run-${++exports}`;
    const { store } = test;
    const options = { segment: 's', condition: EVERYBODY, runId, now: NOW, zone: 'Asia/Shanghai' };
    await runAudience({ store, published: published(), ...options });
    return runId;
  };
  const everybody = () => audience([1, 2, 3, 4, 5].map((n) => profileRow({ profile_ordinal: n })));

  async function exported(runId: string, of: Partial<ExportRequest> = {}, version = published()) {
    const { store, vault, dataDir } = test;
    const request: ExportRequest = {
      export_id: `e-${++exports}`,
      audience: runId,
      columns: ['profile_id'],
      reveal: false,
      purpose: 'marketing',
      via: 'sms',
      require_consent: false,
      by: 'key-1',
      ...of,
    };
    const clock = { now: () => NOW };
    const receipt = await exportAudience({ store, vault, clock, published: version, request, dataDir });
    const bytes = await readFile(join(dataDir, 'exports', receipt.file));
    return { receipt, bytes, lines: bytes.toString('utf8').slice(1).trimEnd().split('\r\n').slice(1) };
  }

  it('gives each member once, with BOM and header, and a receipt that fits the file', async () => {
    const { receipt, bytes, lines } = await exported(await everybody());
    assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    assert.equal(bytes.toString('utf8').slice(1, 13), 'profile_id\r\n');
    assert.deepEqual(
      lines,
      [1, 2, 3, 4, 5].map((n) => `"${idOf(n)}"`),
    );
    assert.equal(receipt.sha256, createHash('sha256').update(bytes).digest('hex'));
    assert.deepEqual(
      [receipt.row_count, receipt.bytes, receipt.purpose, receipt.requested_by],
      [5, bytes.length, 'marketing', 'key-1'],
    );
    assert.deepEqual(await readExport(test.store, receipt.export_id), receipt);
  });

  it('gives the columns that were chosen, masked, with empty cells for what is unknown', async () => {
    const runId = await audience([
      profileRow({
        profile_ordinal: 1,
        name_masked: '张**',
        phone_masked: '138****5678',
        birth_date: '1904-05-06',
        birth_precision: 'month_day',
        channels: ['pos', 'tmall'],
        last_purchase: '2026-01-02',
        net_amount_fen: -1250,
      }),
    ]);
    const columns = [
      'phone_masked',
      'name_masked',
      'birth_date',
      'birth_month',
      'channels',
      'is_member',
      'last_purchase',
      'points',
      'net_amount_fen',
      'gender',
    ];
    const { lines } = await exported(runId, { columns });
    assert.deepEqual(lines, ['"138****5678","张**",,5,"pos|tmall",true,"2026-01-02",,-1250,""']);
  });

  it('leaves no formula, no line end and no control character in a cell', async () => {
    const hostile = [
      '=1+1',
      '+cmd|x',
      '-2+3',
      '@SUM(A1)',
      '\t=1',
      ' =1',
      '＝1',
      'a\r\nb',
      'say "hi", you',
      '-12.5',
      '普通',
    ];
    const runId = await audience(hostile.map((level, n) => profileRow({ profile_ordinal: n + 1, level })));
    const { lines } = await exported(runId, { columns: ['level'] });
    assert.deepEqual(lines, [
      `"'=1+1"`,
      `"'+cmd|x"`,
      `"'-2+3"`,
      `"'@SUM(A1)"`,
      `"' =1"`,
      `"' =1"`,
      `"'＝1"`,
      '"a  b"',
      '"say ""hi"", you"',
      '"-12.5"',
      '"普通"',
    ]);
  });

  it('tells members by the profiles they are in now and accounts for every one', async () => {
    const runId = await everybody();
    await insertLinks(test.store, 2, { 2: 1, 3: 4294967295 });
    await test.store.insert(
      'profiles',
      [1, 4, 5].map((n) => profileRow({ profile_ordinal: n, version: 2 })),
    );
    const now = published({ version: 2, identity_version: 2, tags_version: 2 });
    const { lines, receipt } = await exported(runId, {}, now);
    assert.deepEqual(
      lines,
      [1, 4, 5].map((n) => `"${idOf(n)}"`),
    );
    assert.deepEqual([receipt.row_count, receipt.no_longer_there], [3, 2]);
  });

  it('shows clear values only when told to, of the very record the masked one came from', async () => {
    const { store, vault } = test;
    const seal = (account: number, record: number, person: object) =>
      store.run(sql`INSERT INTO vault (account_ordinal, source, kind, record_id, key_id, iv, sealed, version, deleted)
        SELECT ${p('UInt32', account)}, 'till', 'membership', ${p('UInt128', String(record))}, ${p('UInt16', vault.currentKeyId)}, iv,
          ${vault.seal(sql`${p('String', JSON.stringify(person))}`, raw('iv'))}, 1, 0
        FROM (SELECT randomFixedString(12) AS iv)`);
    await seal(1, 11, { name: '张三', phone: '+8613800005678' });
    await seal(1, 12, { name: '张三丰', phone: '+8613900000000', email: '=evil@example.com' });
    await seal(2, 21, { name: '李四', phone: '+85298765432' });
    const record = (account_ordinal: number, record_id: string) => ({
      account_ordinal,
      source: 'till',
      kind: 'membership',
      record_id,
      seen_at: '2026-01-01 00:00:00.000',
    });
    const runId = await audience([
      profileRow({
        profile_ordinal: 1,
        records: [record(1, '11'), record(1, '12')],
        name_from: 1,
        phone_from: 1,
        email_from: 2,
      }),
      profileRow({ profile_ordinal: 2, records: [record(2, '21')], name_from: 1, phone_from: 1 }),
      profileRow({ profile_ordinal: 3, records: [record(3, '31')], name_from: 1 }),
    ]);
    const columns = ['profile_id', 'name', 'phone', 'email'];

    await assert.rejects(exported(runId, { columns }), { code: 'export.invalid' });
    const { lines, receipt } = await exported(runId, { columns, reveal: true });
    assert.deepEqual(lines, [
      `"${idOf(1)}","张三","13800005678","'=evil@example.com"`,
      `"${idOf(2)}","李四","+85298765432",""`,
      `"${idOf(3)}","","",""`,
    ]);
    assert.equal(receipt.revealed, true);
  });

  it('gives the same bytes again, over what a cut export left, which never looks whole', async () => {
    const runId = await everybody();
    const first = await exported(runId, { columns: ['profile_id', 'level'] });
    await mkdir(join(test.dataDir, 'exports'), { recursive: true });
    await writeFile(join(test.dataDir, 'exports', 'e-again.csv.part'), 'half');
    await test.store.insert('export_members', [{ export_id: 'e-again', profile_ordinal: 3, outcome: 'consent' }]);
    const second = await exported(runId, { export_id: 'e-again', columns: ['profile_id', 'level'] });
    assert.equal(second.receipt.sha256, first.receipt.sha256);
    assert.ok(!(await readdir(join(test.dataDir, 'exports'))).some((name) => name.endsWith('.part')));
  });

  it('leaves no file behind when it is stopped', async () => {
    const runId = await everybody();
    const { store, vault, dataDir } = test;
    const signal = AbortSignal.abort();
    const request: ExportRequest = {
      export_id: 'stopped',
      audience: runId,
      columns: ['level'],
      reveal: false,
      purpose: 'marketing',
      via: 'sms',
      require_consent: false,
      by: 'k',
    };
    await assert.rejects(
      exportAudience({ store, vault, clock: { now: () => NOW }, published: published(), request, dataDir, signal }),
    );
    assert.ok(
      !existsSync(join(dataDir, 'exports', 'stopped.csv')) && !existsSync(join(dataDir, 'exports', 'stopped.csv.part')),
    );
    assert.equal(await readExport(store, 'stopped'), null);
  });

  it('refuses columns that do not exist, are named twice or not at all, ids that are paths, and unknown audiences', async () => {
    const runId = await everybody();
    const invalid = { code: 'export.invalid' };
    await assert.rejects(exported(runId, { columns: ['password'] }), invalid);
    await assert.rejects(exported(runId, { columns: ['level', 'level'] }), invalid);
    await assert.rejects(exported(runId, { columns: [] }), invalid);
    await assert.rejects(exported(runId, { export_id: '../../etc/x' }), invalid);
    await assert.rejects(exported('run-unknown'), { code: 'audience.not-found' });
  });
});
