import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from '../errors.ts';

describe('docs/errors.md', () => {
  const page = readFileSync(join(import.meta.dirname, '../docs/errors.md'), 'utf8');
  const rows = new Map(
    [...page.matchAll(/^\| `([^`]+)` \| (\d+) \| (\S+) \| (.*) \|$/gm)].map((row) => [row[1]!, row.slice(2)]),
  );

  it('lists every code of the registry with its status, whether a retry helps, and its meaning', () => {
    for (const [code, { status, retry, meaning }] of Object.entries(ERRORS)) {
      assert.deepEqual(rows.get(code), [String(status), retry, meaning], `${code}: run npm run docs:errors`);
    }
  });

  it('lists no code that the registry does not have', () => {
    assert.deepEqual(
      [...rows.keys()].filter((code) => !(code in ERRORS)),
      [],
    );
  });
});
