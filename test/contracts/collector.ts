/**
 * The conformance suite of collectors: one function, run against each. A driver stands for the platform (a simulator, a
 * folder) with a known number of items; a tiny consumer in memory stands for the writer.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Collector, type Json, SourceFault } from '../../ingest/collectors/collector.ts';
import type { SourceItem } from '../../ingest/record.ts';
import {
  type Capabilities,
  type CollectorDriver,
  type Consumed,
  consume,
  type MakeDriver,
  PASSING_FAULTS,
  type Stop,
  silent,
  throughJson,
} from './collector-driver.ts';
import { assertMapped } from './mapped.ts';
import { mutatedPayload } from './mutate.ts';

export interface CollectorContract<Settings> {
  readonly name: string;
  readonly collector: Collector<Settings>;
  readonly capabilities: Capabilities;
  readonly makeDriver: MakeDriver<Settings>;
}

/** Contracts for the soak, which imports the files that describe collectors and does more with them. */
export const contracts: CollectorContract<unknown>[] = [];

const named = ({ kind, key }: SourceItem): string => `${kind} ${key}`;

export function describeCollector<Settings>(contract: CollectorContract<Settings>): void {
  const { name, collector, capabilities, makeDriver } = contract;
  if (process.env.QUANYU_SOAK !== undefined) {
    contracts.push(contract as CollectorContract<never> as CollectorContract<unknown>);
    return;
  }

  /** Runs a test against a platform of its own. */
  const against = (malformed: boolean, test: (driver: CollectorDriver<Settings>) => Promise<void>) => async () => {
    const driver = await makeDriver({ malformed });
    try {
      await test(driver);
    } finally {
      await driver.close();
    }
  };
  const whole = (driver: CollectorDriver<Settings>, cursor: Json = null) => consume({ collector, driver }, { cursor });

  describe(`collector ${name}`, () => {
    describeDeclaration(collector);
    describePaging({ collector, against, whole });
    if (capabilities.windowed) {
      it(
        'keeps to the windows and pages of the platform',
        against(false, async (driver) => {
          await whole(driver);
          assert.deepEqual(driver.brokenRules!(), []);
        }),
      );
    }
    if (capabilities.networked) describePassingFaults({ against, whole });
    if (capabilities.rateLimited) describeBans({ against, whole });
    if (capabilities.authorised) describeRefusals({ against, whole });
    describeMap({ collector, against, whole });
  });
}

function describePaging<Settings>(of: Suite<Settings> & { collector: Collector<Settings> }): void {
  const { collector, against, whole } = of;
  it(
    'pages through everything, each item once',
    against(false, async (driver) => {
      const { items, pages } = await whole(driver);
      assert.ok(pages >= 3, `the driver must give at least three pages, not ${pages}`);
      assert.deepEqual(items.map(named).sort(), [...driver.expected()].sort());
    }),
  );

  it(
    'gives, when nothing has changed, nothing more than an overlap of what it gave',
    against(false, async (driver) => {
      const first = await whole(driver);
      const second = await whole(driver, first.cursor);
      const before = new Set(first.items.map(({ payload }) => payload));
      assert.ok(second.items.every(({ payload }) => before.has(payload)));
    }),
  );

  it('goes on from any page boundary without loss or doubling, whether the last page was kept or not', async () => {
    const stops = fc.array(fc.record({ pages: fc.integer({ min: 1, max: 4 }), lost: fc.boolean() }), {
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(stops, (chosen) => against(false, (driver) => resumesAt(chosen, { collector, driver }))()),
      { numRuns: 12 },
    );
  });

  it(
    'ends when it is told to stop, with what it gave still good to go on from',
    against(false, async (driver) => {
      const controller = new AbortController();
      const pull = collector.pull({
        ...{ source: driver.source, stream: driver.stream, checkpoint: null, clock: driver.clock, log: silent },
        signal: controller.signal,
        sleep: (ms) => driver.sleep(ms),
      });
      const items: SourceItem[] = [];
      let cursor: Json = null;
      for await (const page of pull) {
        items.push(...page.items);
        cursor = throughJson(page);
        await page.committed?.();
        controller.abort();
      }
      const rest = await whole(driver, cursor);
      assert.deepEqual([...items, ...rest.items].map(named).sort(), [...driver.expected()].sort());
    }),
  );
}

async function resumesAt<Settings>(
  stops: readonly Stop[],
  of: { collector: Collector<Settings>; driver: CollectorDriver<Settings> },
): Promise<void> {
  const kept: SourceItem[] = [];
  let cursor: Json = null;
  for (const stop of stops) {
    const part: Consumed = await consume(of, { cursor, stop });
    kept.push(...part.items);
    cursor = part.cursor;
    if (part.ended) break;
  }
  const before = kept.length;
  const rest = await consume(of, { cursor });
  // Once a pull has ended the next begins with an overlap: the same items again, told apart by their content.
  const payloads = new Set(kept.map(({ payload }) => payload));
  const overlap = (item: SourceItem) => kept.length === of.driver.expected().length && payloads.has(item.payload);
  kept.push(...rest.items.filter((item) => !overlap(item)));
  assert.deepEqual(
    kept.map(named).sort(),
    [...of.driver.expected()].sort(),
    `after ${before} items before the last stop`,
  );
}

function describeDeclaration<Settings>(collector: Collector<Settings>): void {
  it('declares its settings, each with a description', () => {
    const { properties, additionalProperties } = collector.settingsSchema as {
      properties: Record<string, { description?: string }>;
      additionalProperties?: boolean;
    };
    for (const [key, { description }] of Object.entries(properties)) assert.ok(description, `setting ${key}`);
    assert.equal(additionalProperties, false);
    assert.ok(collector.title.zh && collector.title.en && collector.kinds.length > 0 && collector.mapperVersion > 0);
  });
}

interface Suite<Settings> {
  readonly against: (
    malformed: boolean,
    test: (driver: CollectorDriver<Settings>) => Promise<void>,
  ) => () => Promise<void>;
  readonly whole: (driver: CollectorDriver<Settings>, cursor?: Json) => Promise<Consumed>;
}

function describePassingFaults<Settings>({ against, whole }: Suite<Settings>): void {
  for (const fault of PASSING_FAULTS) {
    it(
      `tries again after '${fault}' and loses nothing`,
      against(false, async (driver) => {
        driver.misbehave!(fault, 2);
        const { items } = await whole(driver);
        assert.deepEqual(items.map(named).sort(), [...driver.expected()].sort());
      }),
    );

    it(
      `gives up for now when '${fault}' lasts, and says so`,
      against(false, async (driver) => {
        driver.misbehave!(fault);
        const stopped = await faultOf(whole(driver));
        assert.equal(stopped.kind, 'later');
        assert.ok(driver.calls!() >= 3 && driver.calls!() <= 20, `${driver.calls!()} calls`);
      }),
    );
  }
}

function describeBans<Settings>({ against, whole }: Suite<Settings>): void {
  it(
    'waits for a short ban and makes no call within it',
    against(false, async (driver) => {
      driver.misbehave!('ban', 1);
      const { items } = await whole(driver);
      assert.deepEqual(items.map(named).sort(), [...driver.expected()].sort());
      assert.deepEqual(driver.brokenRules!(), []);
    }),
  );

  it(
    'ends at a long ban and says when to come back',
    against(false, async (driver) => {
      const before = driver.clock.now();
      driver.misbehave!('long-ban', 1);
      const stopped = await faultOf(whole(driver));
      assert.equal(stopped.kind, 'later');
      assert.ok(stopped.retryAt !== null && stopped.retryAt.getTime() - before.getTime() > 60_000);
      assert.equal(driver.calls!(), 1);
    }),
  );
}

function describeRefusals<Settings>({ against, whole }: Suite<Settings>): void {
  const REFUSALS = [
    { fault: 'refused', kind: 'misconfigured', what: 'a call the platform will never take' },
    { fault: 'wrong-signature', kind: 'misconfigured', what: 'a wrong signature' },
    { fault: 'expired', kind: 'reauthorise', what: 'an authorisation that has ended' },
  ] as const;
  for (const { fault, kind, what } of REFUSALS) {
    it(
      `stops at ${what} after one call, with advice`,
      against(false, async (driver) => {
        driver.misbehave!(fault);
        const stopped = await faultOf(whole(driver));
        assert.equal(stopped.kind, kind);
        assert.ok(stopped.advice.length > 40, 'the advice says what to do');
        assert.equal(driver.calls!(), 1);
      }),
    );
  }
}

async function faultOf(pull: Promise<unknown>): Promise<SourceFault> {
  const thrown = await pull.then(
    () => null,
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof SourceFault, `expected a SourceFault, got ${String(thrown)}`);
  assert.notEqual(thrown.message, '');
  assert.notEqual(thrown.advice, '');
  return thrown;
}

function describeMap<Settings>(of: Suite<Settings> & { collector: Collector<Settings> }): void {
  const { collector, against, whole } = of;
  it(
    'lands each malformed item as a rejection with path, given and expected, and the others as records',
    against(true, async (driver) => {
      assert.ok(driver.malformed.length > 0);
      const { items } = await whole(driver);
      const malformed = new Map(driver.malformed.map((one) => [one.key, one]));
      for (const item of items) {
        const mapped = collector.map(item, { source: driver.source });
        assertMapped(mapped, collector);
        const bad = malformed.get(item.key);
        malformed.delete(item.key);
        if (!bad) {
          assert.deepEqual(mapped.rejections, [], item.key);
          continue;
        }
        const said = mapped.rejections.find(({ path }) => path === bad.path);
        assert.ok(said, `${item.key}: no rejection at ${bad.path}, but ${JSON.stringify(mapped.rejections)}`);
        assert.match(said.expected, bad.expected);
      }
      assert.deepEqual([...malformed.keys()], [], 'malformed items that never came');
    }),
  );

  it(
    'maps the same item to the same records, however often',
    against(true, async (driver) => {
      const { items } = await whole(driver);
      for (const item of [...items, ...driver.samples]) {
        const frozen = Object.freeze({ ...item });
        const first = collector.map(frozen, { source: driver.source });
        assert.deepEqual(collector.map(frozen, { source: driver.source }), first);
        assertMapped(first, collector);
      }
    }),
  );

  it(
    'never throws, whatever an item holds',
    against(true, async (driver) => {
      const { items } = await whole(driver);
      const kinds = new Map([...items, ...driver.samples].map((item) => [item.kind, item]));
      const sample = fc.constantFrom(...kinds.values(), ...items.slice(0, 20));
      fc.assert(
        fc.property(
          sample.chain((item) => mutatedPayload(item.payload).map((payload) => ({ ...item, payload }))),
          (item) => {
            assertMapped(collector.map(item, { source: driver.source }), collector);
          },
        ),
        { numRuns: 800 },
      );
    }),
  );
}
