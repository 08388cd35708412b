import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = join(import.meta.dirname, '../..');

describe('quanyu dedupe', function () {
  this.timeout(60_000);
  const dir = mkdtempSync(join(tmpdir(), 'quanyu-cli-'));
  const out = join(dir, 'clusters.csv');
  after(() => rmSync(dir, { recursive: true, force: true }));

  function dedupe(csv: string, args: readonly string[]) {
    const file = join(dir, 'in.csv');
    writeFileSync(file, csv);
    const tsx = pathToFileURL(join(ROOT, 'node_modules/tsx/dist/esm/index.mjs')).href;
    const all = ['--import', tsx, join(ROOT, 'cli.ts'), 'dedupe', file, '--out', out, ...args];
    return spawnSync(process.execPath, all, { encoding: 'utf8' });
  }

  it('writes id, cluster and confidence, and tells what it did on one line of JSON', () => {
    const csv = 'id,openid,appid\n1,oabc12345,wx1\n2,oabc12345,wx1\n3,oabc12345,wx2\n';
    const { status, stdout, stderr } = dedupe(csv, [
      '--id',
      'id',
      '--columns',
      'openid=id:own@appid',
      '--level',
      'exact',
    ]);
    assert.equal(status, 0, stderr);
    assert.equal(readFileSync(out, 'utf8'), 'id,cluster_id,confidence\n1,1,1.0000\n2,1,1.0000\n3,3,1.0000\n');
    const told = JSON.parse(stdout) as Record<string, number>;
    assert.deepEqual(Object.keys(told), ['rows', 'clusters', 'seconds', 'peak_memory_mb']);
    assert.equal(told.rows, 3);
    assert.equal(told.clusters, 2);
  });

  const csv = 'id,name\n1,张三\n2,李四\n';

  it('refuses an unknown column and an unknown level, and says what it expected', () => {
    const column = dedupe(csv, ['--id', 'id', '--columns', 'nome=full-name']);
    assert.equal(column.status, 1);
    assert.match(column.stderr, /match\.columns-invalid: .* has no column "nome".*id, name/);
    const level = dedupe(csv, ['--id', 'id', '--columns', 'name=full-name', '--level', 'sure']);
    assert.equal(level.status, 1);
    assert.match(level.stderr, /exact, strict, loose/);
  });
});
