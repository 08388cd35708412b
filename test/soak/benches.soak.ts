/** Every bench once at its full size, each printing its JSON line; none of them in the minute. A slow one is no failure. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** `npm run bench`, as a child process. */
function bench(...args: string[]) {
  const command = ['scripts/run.mjs', 'test/bench/run.ts', ...args];
  return spawnSync(process.execPath, command, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
}

/** What the list of benches says when it is asked for none. */
function names(): string[] {
  return /The benches are: (.*)\./.exec(bench().stderr)![1]!.split(', ');
}

if (process.env.QUANYU_SOAK === 'full')
  describe('benches', function () {
    this.timeout(0);
    for (const name of names())
      it(`${name} comes to its end`, () => {
        const { status, stdout, stderr } = bench(name, '--json');
        assert.equal(status, 0, stderr);
        const line = stdout.trim().split('\n').at(-1)!;
        assert.equal((JSON.parse(line) as { name: string }).name, name);
        console.log(line);
      });
  });
