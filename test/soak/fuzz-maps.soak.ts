import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import type { Collector, Source } from '../../ingest/collectors/collector.ts';
import { collectors, openWriter, runSource, type Writer } from '../../ingest/index.ts';
import type { SourceItem } from '../../ingest/record.ts';
import { contracts } from '../contracts/collector.ts';
import { consume } from '../contracts/collector-driver.ts';
import { assertMapped } from '../contracts/mapped.ts';
import { mutatedPayload } from '../contracts/mutate.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';
import { fuzz, PART_SECONDS } from './fuzz.ts';

const FOLDER = join(import.meta.dirname, '../ingest/collectors');
for (const file of readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })) {
  const path = join(FOLDER, file);
  if (file.endsWith('.test.ts') && readFileSync(path, 'utf8').includes('describeCollector'))
    await import(pathToFileURL(path).href);
}
const SECONDS = PART_SECONDS / contracts.length;

/** An item whose payload was changed once or twice. */
function mutated(items: readonly SourceItem[]): fc.Arbitrary<SourceItem> {
  return fc
    .constantFrom(...items)
    .chain((item) => mutatedTwice(item.payload).map((payload) => ({ ...item, payload: asDecoded(payload) })));
}

/** What an item holds was decoded from bytes: no half of a surrogate pair stands in it but by an escape of JSON. */
const asDecoded = (payload: string) => Buffer.from(payload).toString();

function mutatedTwice(payload: string): fc.Arbitrary<string> {
  const once = mutatedPayload(payload);
  return fc.oneof(
    once,
    once.chain((first) => (first.length > 20_000 ? fc.constant(first) : mutatedPayload(first))),
  );
}

/** One of each kind, and some more. */
function samplesOf(items: readonly SourceItem[]): SourceItem[] {
  const kinds = new Map(items.map((item) => [item.kind, item]));
  return [...kinds.values(), ...items.slice(0, 20)];
}

/** The collector with one page of these items instead of what its platform holds. */
function giving(collector: Collector, items: readonly SourceItem[]): Collector {
  const stream = 'fuzz';
  return {
    ...collector,
    streams: () => [stream],
    async *pull() {
      yield { stream, id: 'page', items, cursor: null };
    },
  };
}

describe('fuzz: items that no platform should send', function () {
  this.timeout(0);
  let test: TestStore;
  let writer: Writer;

  before(async () => {
    test = await openTestStore();
    const clock = { now: () => new Date('2026-03-01T04:00:00Z') };
    writer = await openWriter({ ...test, clock, mixMobileKeys: [] });
  });
  after(() => test.close());

  it('are those of every collector', () => {
    const platforms = contracts.map(({ collector }) => collector.platform);
    assert.deepEqual([...new Set(platforms)].sort(), [...collectors.keys()].sort());
  });

  for (const { name, collector, makeDriver } of contracts) {
    let samples: readonly SourceItem[];
    let source: Source;

    describe(name, () => {
      before(async () => {
        const driver = await makeDriver({ malformed: true });
        source = driver.source;
        samples = samplesOf([...driver.samples, ...(await consume({ collector, driver }, { cursor: null })).items]);
        await driver.close();
      });

      it('are mapped to records and rejections', async () => {
        await fuzz(mutated(samples), (item) => assertMapped(collector.map(item, { source }), collector), SECONDS);
      });

      it('are written, whatever of them became a record', async () => {
        let n = 0;
        const clock = { now: () => new Date('2026-03-01T04:00:00Z') };
        const items = fc.array(mutated(samples), { minLength: 1, maxLength: 100 });
        const signal = new AbortController().signal;
        await fuzz(
          items,
          async (page) => {
            const keyed = page.map((item, position) => ({ ...item, key: `${item.key}-${position}`, position }));
            const view = await runSource({
              ...{ store: test.store, writer, clock, signal, collector: giving(collector, keyed) },
              source: { ...source, id: `${name}-${n++}` },
            });
            assert.equal(view.status, 'done', view.fault);
            assert.equal(view.counts.items, page.length);
          },
          SECONDS,
        );
      });
    });
  }
});
