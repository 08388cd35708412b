import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { access, chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { QuanyuError } from '../../errors.ts';
import {
  checkVaultKeys,
  loadVaultKeys,
  openDocuments,
  p,
  saveVaultKeys,
  sql,
  type VaultKeys,
  vaultKnown,
  withNewSealingKey,
} from '../../store/index.ts';
import { openTestStore, TEST_KEYS, type TestStore } from '../helpers/store.ts';

const clock = { now: () => new Date('2026-03-01T04:00:00Z') };
const TOKEN = 'ab'.repeat(16);
const SEALING = ['cd'.repeat(32), 'ef'.repeat(32)] as const;

describe('the keys of the vault', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'quanyu-test-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  const file = () => join(dataDir, 'keys.json');
  const load = (of: { env?: Record<string, string>; known?: boolean } = {}) =>
    loadVaultKeys({ env: of.env ?? {}, dataDir, known: of.known ?? false });
  const env = (sealing: string, token = TOKEN) => ({ QUANYU_TOKEN_KEY: token, QUANYU_SEALING_KEYS: sealing });
  const saysNoKey = (code: string) => (error: QuanyuError) => {
    assert.equal(error.code, code);
    const told = `${error.message} ${error.stack} ${JSON.stringify(error.details)} ${error.cause}`;
    assert.ok(!/abab|cdcd|efef/.test(told), told);
    return true;
  };

  it('are made once, at the first start, for the eyes of the owner only', async () => {
    const made = await load();
    assert.match(made.token, /^[0-9a-f]{32}$/);
    assert.match(made.sealing[made.current] ?? '', /^[0-9a-f]{64}$/);
    assert.equal((await stat(file())).mode & 0o777, 0o600);
    assert.deepEqual(await load(), made);
    assert.deepEqual(await load({ known: true }), made);
  });

  it('differ from one installation to the next', async () => {
    const made = await load();
    await rm(file());
    const again = await load();
    assert.notEqual(again.token, made.token);
    assert.notEqual(again.sealing[1], made.sealing[1]);
  });

  it('are closed to others again when a file that was open to them is written', async () => {
    await load();
    await chmod(file(), 0o644);
    await saveVaultKeys(file(), TEST_KEYS);
    assert.equal((await stat(file())).mode & 0o777, 0o600);
  });

  it('come from the environment when they are there, and no file is made', async () => {
    const keys = await load({ env: env(`1:${SEALING[0]}, 2:${SEALING[1]}`) });
    assert.deepEqual(keys, { token: TOKEN, sealing: { 1: SEALING[0], 2: SEALING[1] }, current: 2 });
    await assert.rejects(access(file()));
  });

  it('are refused from an environment that holds only half of them', async () => {
    await assert.rejects(load({ env: { QUANYU_TOKEN_KEY: TOKEN } }), saysNoKey('vault.key-missing'));
    await assert.rejects(load({ env: { QUANYU_SEALING_KEYS: `1:${SEALING[0]}` } }), saysNoKey('vault.key-missing'));
    await assert.rejects(access(file()));
  });

  for (const [what, given] of Object.entries({
    'a token key that is too short': env(`1:${SEALING[0]}`, 'abababab'),
    'a sealing key that is too short': env('1:cdcdcdcd'),
    'a sealing key without a number': env(SEALING[0]),
    'a sealing key with number 0': env(`0:${SEALING[0]}`),
    'a comma too many': env(`1:${SEALING[0]},`),
    'one number twice': env(`1:${SEALING[0]},1:${SEALING[1]}`),
    'empty variables': env('', ''),
  })) {
    it(`are refused without being repeated: ${what}`, async () => {
      await assert.rejects(load({ env: given }), saysNoKey('vault.key-wrong'));
    });
  }

  for (const [what, text] of Object.entries({
    'cut off': JSON.stringify({ token: TOKEN, sealing: { 1: SEALING[0] }, current: 1 }).slice(0, 80),
    empty: '',
    'of something else': '{"cdcdcdcd": [1]}',
    null: 'null',
    'with a current key it does not hold': JSON.stringify({ token: TOKEN, sealing: { 1: SEALING[0] }, current: 2 }),
  })) {
    it(`are neither guessed nor overwritten when the file is ${what}`, async () => {
      await writeFile(file(), text);
      await assert.rejects(load(), saysNoKey('vault.key-wrong'));
      assert.equal(await readFile(file(), 'utf8'), text);
    });
  }

  it('are never made anew for a database that was sealed before', async () => {
    await assert.rejects(load({ known: true }), (error: QuanyuError) => {
      assert.equal(error.code, 'vault.key-missing');
      assert.match(error.message, /keys\.json/);
      return true;
    });
    await assert.rejects(access(file()));
  });

  it('are whole in the file at every moment of a change, whenever the process is killed', async () => {
    await saveVaultKeys(file(), TEST_KEYS);
    const vault = JSON.stringify(import.meta.resolve('../../store/vault.ts'));
    const program = `const { saveVaultKeys } = await import(${vault});
      for (let n = 0; ; n++) await saveVaultKeys(${JSON.stringify(file())}, ${JSON.stringify(TEST_KEYS)});`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      stdio: 'ignore',
    });
    const ended = new Promise((done) => child.once('exit', done));
    try {
      const began = (await stat(file())).mtimeMs;
      while ((await stat(file())).mtimeMs === began) assert.equal(child.exitCode, null);
      for (let look = 0; look < 3_000; look++) {
        assert.deepEqual(JSON.parse(await readFile(file(), 'utf8')), TEST_KEYS);
        assert.equal((await stat(file())).mode & 0o777, 0o600);
      }
    } finally {
      child.kill('SIGKILL');
      await ended;
    }
    assert.deepEqual(await load({ known: true }), TEST_KEYS);
  });
});

describe('keys that are not the ones a database was sealed with', () => {
  let test: TestStore;
  before(async () => {
    test = await openTestStore();
    const documents = await openDocuments(test.store, clock);
    assert.equal(vaultKnown(documents), false);
    await checkVaultKeys(documents, TEST_KEYS);
    assert.equal(vaultKnown(documents), true);
  });
  after(() => test.close());

  const documentRows = () => test.store.rows(sql`SELECT * FROM documents ORDER BY collection, id, revision`);
  const check = async (keys: VaultKeys) => checkVaultKeys(await openDocuments(test.store, clock), keys);

  it('are the same at the next start, which writes nothing', async () => {
    const before = await documentRows();
    await check(TEST_KEYS);
    assert.deepEqual(await documentRows(), before);
  });

  it('are told before anything is written', async () => {
    const before = await documentRows();
    const wrong: [string, RegExp, VaultKeys][] = [
      ['vault.key-wrong', /token key/, { ...TEST_KEYS, token: 'f'.repeat(32) }],
      ['vault.key-wrong', /sealing key 1/, { ...TEST_KEYS, sealing: { 1: 'f'.repeat(64) } }],
      ['vault.key-missing', /sealing key 1/, { ...TEST_KEYS, sealing: { 2: 'f'.repeat(64) }, current: 2 }],
      ['vault.key-wrong', /sealing key 1/, { ...TEST_KEYS, sealing: { 1: 'f'.repeat(64), 2: '1'.repeat(64) } }],
    ];
    for (const [code, message, keys] of wrong) {
      await assert.rejects(check(keys), (error: QuanyuError) => {
        assert.equal(error.code, code);
        assert.match(error.message, message);
        assert.ok(!/[f1]{16}/.test(`${error.message}${JSON.stringify(error.details)}`), 'no key in the text');
        return true;
      });
    }
    assert.deepEqual(await documentRows(), before);
  });

  it('keep no key in the database, only what tells it apart', async () => {
    const [row] = await test.store.rows<{ n: number }>(sql`
      SELECT countIf(position(body, ${p('String', TEST_KEYS.token)}) > 0 OR position(body, ${p('String', '11'.repeat(32))}) > 0) AS n
      FROM documents`);
    assert.equal(row?.n, 0);
  });

  it('take a new sealing key in beside the old ones', async () => {
    const keys = withNewSealingKey(TEST_KEYS);
    assert.deepEqual([keys.current, Object.keys(keys.sealing), keys.token], [2, ['1', '2'], TEST_KEYS.token]);
    await check(keys);
    await assert.rejects(check(TEST_KEYS), { code: 'vault.key-missing' }, 'the new key is needed from now on');
    assert.equal(withNewSealingKey(keys).current, 3);
  });
});
