import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ExportRequest, exportAudience, runAudience } from '../../segments/index.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';
import {
  accountRecord,
  consent,
  empty,
  idOf,
  insertAccounts,
  insertLinks,
  profileRow,
  published,
  type Row,
} from './rows.ts';

const NOW = new Date('2026-06-29T16:30:00Z');
const EVERYBODY = { kind: 'trait', trait: 'member_status', operator: 'is_known' };

describe('who is in an exported file', () => {
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

  it('leaves out who refuses by this way or by any, whichever account said so, and the last word counts', async () => {
    await test.store.insert('consents', [
      consent({ account_ordinal: 1, record_id: '1', granted: 0 }),
      consent({ account_ordinal: 2, record_id: '2', granted: 0, via: 'any' }),
      consent({ account_ordinal: 3, record_id: '3', granted: 0, via: 'email' }),
      consent({ account_ordinal: 4, record_id: '4', granted: 0 }),
      consent({ account_ordinal: 4, record_id: '5', granted: 1, happened_at: '2026-02-01 00:00:00.000' }),
      consent({ account_ordinal: 5, record_id: '6', granted: 1 }),
      consent({ account_ordinal: 6, record_id: '7', granted: 0 }),
      consent({ account_ordinal: 3, record_id: '8', granted: 0, purpose: 'analysis' }),
    ]);
    const runId = await everybody();

    const sms = await exported(runId);
    assert.deepEqual(
      sms.lines,
      [3, 4].map((n) => `"${idOf(n)}"`),
    );
    assert.deepEqual([sms.receipt.row_count, sms.receipt.excluded_by_consent], [2, 3]);
    const anyWay = await exported(runId, { via: 'any' });
    assert.deepEqual(anyWay.lines, [`"${idOf(4)}"`]);
    const consented = await exported(runId, { require_consent: true });
    assert.deepEqual([consented.lines, consented.receipt.excluded_by_consent], [[`"${idOf(4)}"`], 4]);
  });

  it('leaves out the suppressed, by account or by an identifier they now give, consent or not', async () => {
    await test.store.insert('account_records', [
      accountRecord({
        account_ordinal: 2,
        record_id: '2',
        id_type: ['phone'],
        id_scope: [''],
        id_token: ['77'],
        id_strength: ['stated'],
      }),
      accountRecord({
        account_ordinal: 4,
        record_id: '4',
        id_type: ['phone_md5'],
        id_scope: [''],
        id_token: ['78'],
        id_strength: ['stated'],
      }),
    ]);
    await test.store.insert('identifier_index', [
      { token: '77', account_ordinal: 2 },
      { token: '77', account_ordinal: 3 },
      { token: '78', account_ordinal: 4 },
    ]);
    await test.store.insert('phone_hashes', [{ hash_token: '78', phone_token: '77', commit_seq: 1 }]);
    const since = '2026-01-01 00:00:00.000';
    await test.store.insert('suppressed', [
      { token: '77', kind: 'identifier', request_id: 'r', since },
      { token: '1006', kind: 'account', request_id: 'r', since },
    ]);
    const { lines, receipt } = await exported(await everybody());
    assert.deepEqual(
      lines,
      [1, 3].map((n) => `"${idOf(n)}"`),
    );
    assert.equal(receipt.excluded_by_suppression, 3);
  });
});
