import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../clock.ts';
import { type DedupeOptions, dedupe } from '../../../identity/matching/index.ts';

describe('a file that cannot be matched', function () {
  this.timeout(30_000);
  const dir = mkdtempSync(join(tmpdir(), 'quanyu-refusals-'));
  after(() => rmSync(dir, { recursive: true, force: true }));

  const CSV = 'id,name\n1,张三\n2,李四\n';
  const cases: readonly [string, Partial<DedupeOptions>, RegExp, string?][] = [
    ['an unknown column', { columns: 'nome=full-name' }, /no column "nome".*id, name/],
    ['an unknown scope column', { columns: 'name=id:x@app' }, /no column "app"/],
    ['an unknown id column', { id: 'key' }, /no column "key"/],
    ['an unknown exclusive column', { exclusive: 'x' }, /no column "x"/],
    ['an unknown kind', { columns: 'name=surname' }, /"surname".*is no kind.*full-name/],
    ['an id without a name', { columns: 'name=id' }, /id:NAME/],
    ['no columns', { columns: ' ' }, /no column is named/],
    ['a missing id', {}, /record 2 has no value in "id"/, 'id,name\n1,a\n,b\n'],
    ['a repeated id', {}, /several records: 1 \(2 times\)/, 'id,name\n1,a\n1,b\n'],
    ['a header that stands twice', {}, /two columns named "name"/, 'id,name,name\n1,a,b\n'],
    ['no header', {}, /no header line/, ''],
    ['a file that is not there', { file: join(dir, 'none.csv') }, /cannot be read/],
    ['a folder that is not there', { out: join(dir, 'none', 'out.csv') }, /cannot be written/],
  ];
  for (const [what, options, expected, csv] of cases) {
    it(`is refused for ${what}, in words`, async () => {
      const file = join(dir, 'in.csv');
      writeFileSync(file, csv ?? CSV);
      const whole = { file, id: 'id', columns: 'name=full-name', level: 'strict' as const, out: join(dir, 'out.csv') };
      await assert.rejects(dedupe({ ...whole, ...options }, systemClock), expected);
    });
  }
});
