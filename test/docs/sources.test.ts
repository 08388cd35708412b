import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkConfig } from '../../config.ts';
import { collectors } from '../../ingest/index.ts';

const FOLDER = join(import.meta.dirname, '../../docs/sources');
/** Every secret is set: what the pages name in the environment is there. */
const env = new Proxy({}, { get: () => 'A'.repeat(43) });

describe('pages of sources', () => {
  for (const page of readdirSync(FOLDER)) {
    const text = readFileSync(join(FOLDER, page), 'utf8');
    const platform = page.replace('.md', '');
    const examples = [...text.matchAll(/```json\n([\s\S]*?)```/g)]
      .map(([, json]) => JSON.parse(json!) as { platform?: string })
      .filter((one) => one.platform !== undefined);

    it(`${page} has an example that the configuration takes`, () => {
      assert.ok(examples.length > 0);
      for (const example of examples) {
        assert.equal(example.platform, platform);
        checkConfig({ brand: { name: 'Acme' }, sources: [example] }, { file: page, env });
      }
    });

    it(`${page} names every setting that can be given`, () => {
      const { properties } = collectors.get(platform)!.settingsSchema as { properties: object };
      assert.deepEqual(
        Object.keys(properties).filter((name) => !text.includes(`\`${name}\``)),
        [],
      );
    });
  }
});
