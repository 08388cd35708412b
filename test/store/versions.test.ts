import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { SourcePage } from '../../ingest/collectors/collector.ts';
import { mapGroup } from '../../ingest/write/group.ts';
import { openWriter, type Writer } from '../../ingest/write/writer.ts';
import { raw, sql } from '../../store/index.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';
import { type Bill, type Card, toy, toySource } from '../helpers/toy-collector.ts';

const clock = { now: () => new Date('2026-06-01T00:00:00Z') };
const TABLES = [
  'accounts',
  'account_records',
  'identifier_index',
  'vault',
  'source_items',
  'shop_customers',
  'order_lines',
];
const MERGED = ['account_records', 'vault', 'shop_customers', 'order_lines', 'source_items'];

type Given = Card | Bill;

/** One version of one card or bill. `age`: the later is the newer, by the source's own clock or else by delivery. */
const version = fc.record({
  of: fc.constantFrom('C1', 'C2', 'C3', 'B1', 'B2'),
  age: fc.nat({ max: 30 }),
  stamped: fc.boolean(),
  phone: fc.option(fc.constantFrom('+8613900000001', '+8613900000002', '+8613900000003'), { nil: undefined }),
  silent: fc.boolean(),
  deleted: fc.boolean(),
  amount: fc.nat({ max: 9_999 }),
});
type Version = typeof version extends fc.Arbitrary<infer V> ? V : never;

const instant = (age: number) => new Date(Date.UTC(2026, 2, 1, age)).toISOString();

function given({ of, age, stamped, phone, silent, deleted, amount }: Version): Given {
  // Unstamped versions count by their delivery; stamped ones arrive long after they were made.
  const when = stamped ? { modified: instant(age), delivered: instant(1_000) } : { delivered: instant(age) };
  if (of.startsWith('B')) return { bill: of, card: 'C1', paid_fen: amount, deleted, ...when };
  return {
    card: of,
    points: amount,
    deleted,
    ...when,
    ...(silent ? { birth: null } : { ...(phone ? { phone } : {}), birth: '1958-11-30' }),
  };
}

const nameOf = (one: Given) => ('bill' in one ? one.bill : one.card);
const timeOf = (one: Given) => one.modified ?? one.delivered!;

/** One version for each instant: which of two contents of one instant is the newer is not for the test to say. */
function distinct(versions: readonly Version[]): Given[] {
  const seen = new Map<string, Given>();
  for (const one of versions.map(given)) {
    const key = `${nameOf(one)} ${timeOf(one)}`;
    if (!seen.has(key)) seen.set(key, one);
  }
  return [...seen.values()];
}

/** What a plain reading of the versions says must be there in the end. */
function expected(all: readonly Given[]) {
  const newest = new Map<string, Given>();
  for (const one of [...all].sort((a, b) => (timeOf(a) < timeOf(b) ? -1 : 1))) newest.set(nameOf(one), one);
  const live = [...newest.values()].filter((one) => !one.deleted).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const cards = live.filter((one): one is Card => !('bill' in one));
  return {
    cards: cards.map(({ card, points }) => `${card} ${points}`),
    people: cards.map(({ card, phone, birth }) => `${card} ${phone ?? 'no phone'} ${birth ?? 'no birth'}`),
    bills: live.flatMap((one) => ('bill' in one ? [`${one.bill} ${one.paid_fen}`] : [])),
  };
}

describe('versions and deletions', function () {
  this.timeout(60_000);
  let test: TestStore;
  before(async () => {
    test = await openTestStore();
  });
  after(() => test.close());

  const each = (tables: readonly string[], statement: (table: string) => string) =>
    Promise.all(tables.map((table) => test.store.run(raw(statement(table)))));
  const commit = async (writer: Writer, items: readonly Given[]) => {
    const collector = toy([[...items]]);
    const pages: SourcePage[] = [];
    const context = { source: toySource, stream: 'cards', checkpoint: null } as never;
    for await (const page of collector.pull(context)) pages.push(page);
    await writer.commit(await mapGroup(collector, toySource, pages));
  };

  /** What is there, by the keys of the source: nothing in it depends on ordinals, commits or pages. */
  const state = async () => {
    const text = test.vault.open({ sealed: raw('sealed'), iv: raw('iv'), keyId: raw('key_id') });
    const named = sql`(SELECT account_ordinal, JSONExtractString(${text}, 'account', 'key') AS card
      FROM vault FINAL WHERE kind = 'account')`;
    const lines = async (query: ReturnType<typeof sql>) =>
      (await test.store.rows<{ line: string }>(sql`SELECT line FROM (${query}) ORDER BY line`)).map((row) => row.line);
    const [cards, people, bills, details] = await Promise.all([
      lines(
        sql`SELECT concat(card, ' ', toString(points)) AS line FROM shop_customers FINAL INNER JOIN ${named} AS n USING account_ordinal`,
      ),
      lines(sql`
        SELECT concat(card, ' ', if(phone = '', 'no phone', phone), ' ', ifNull(toString(said.birth_date), 'no birth')) AS line
        FROM (SELECT * FROM account_records FINAL WHERE kind = 'shop_customer') AS said
        INNER JOIN ${named} AS n USING account_ordinal
        LEFT JOIN (SELECT account_ordinal, record_id, JSONExtractString(${text}, 'phone') AS phone FROM vault FINAL WHERE kind = 'shop_customer')
          AS clear USING (account_ordinal, record_id)`),
      lines(sql`
        SELECT concat(order_no, ' ', toString(paid_fen)) AS line FROM order_lines FINAL
        INNER JOIN ${named} AS n USING account_ordinal WHERE card = 'C1'`),
      lines(sql`
        SELECT toString(tuple(account_id, kind, record_id, id_type, id_token, gender, birth_date, phone_masked, seen_at, version)) AS line
        FROM account_records FINAL INNER JOIN accounts ON accounts.account_ordinal = account_records.account_ordinal
        UNION ALL SELECT toString(tuple(item_id, item_hash, max(delivered_at))) FROM source_items FINAL GROUP BY item_id, item_hash
        UNION ALL SELECT DISTINCT toString(tuple(token, account_id)) FROM identifier_index
          INNER JOIN accounts ON accounts.account_ordinal = identifier_index.account_ordinal
        UNION ALL SELECT toString(tuple(kind, record_id, ${text}, version)) FROM vault FINAL`),
    ]);
    return { cards, people, bills, details };
  };

  const arrive = async (batches: readonly (readonly Given[])[], mergeAfter: ReadonlySet<number> = new Set()) => {
    await each(TABLES, (table) => `TRUNCATE TABLE ${table}`);
    const writer = await openWriter({ ...test, clock, mixMobileKeys: [] });
    for (const [n, batch] of batches.entries()) {
      if (batch.length > 0) await commit(writer, batch);
      if (mergeAfter.has(n)) await each(MERGED, (table) => `OPTIMIZE TABLE ${table} FINAL`);
    }
    return state();
  };

  it('give one final state, whatever the order, the batches, the repeats and the merges', async () => {
    const versions = fc.array(version, { minLength: 4, maxLength: 14 });
    await fc.assert(
      fc.asyncProperty(versions, fc.infiniteStream(fc.nat()), async (drawn, dice) => {
        const roll = (below: number) => (dice.next().value as number) % below;
        const all = distinct(drawn);
        const repeated = [...all, ...all.filter(() => roll(3) === 0)];
        const shuffled = repeated.map((one) => [roll(1_000_000), one] as const).sort(([a], [b]) => a - b);
        const batches: Given[][] = [[], [], []];
        for (const [, one] of shuffled) batches[roll(3)]!.push(one);
        const mergeAfter = new Set([0, 1, 2].filter(() => roll(2) === 0));
        const { details, ...there } = await arrive(batches, mergeAfter);
        assert.deepEqual(there, expected(all), JSON.stringify(batches));
        const inOrder = await arrive([all]);
        assert.deepEqual(details, inOrder.details, JSON.stringify(batches));
      }),
      { numRuns: 4 },
    );
  });

  const old: Card = { card: 'C1', phone: '+8613900000001', points: 1, modified: instant(1), delivered: instant(20) };
  const nothing = { card: 'C1', birth: null } as const;

  it('let a newer version that says nothing of the person take back what an older one said', async () => {
    const bare: Card = { ...nothing, points: 2, modified: instant(2), delivered: instant(21) };
    for (const batches of [
      [[old], [bare]],
      [[bare], [old]],
    ]) {
      const { people, cards } = await arrive(batches);
      assert.deepEqual([cards, people], [['C1 2'], ['C1 no phone no birth']], JSON.stringify(batches));
    }
  });

  it('let a deletion that names only the card take back what an older version said', async () => {
    const gone: Card = { ...nothing, deleted: true, modified: instant(2), delivered: instant(21) };
    for (const batches of [[[old], [gone]], [[gone, old]]]) {
      const { people, cards } = await arrive(batches);
      assert.deepEqual([cards, people], [[], []], JSON.stringify(batches));
    }
  });

  it('let a thing live again that was deleted and then changed', async () => {
    const gone: Card = { ...nothing, deleted: true, modified: instant(2), delivered: instant(21) };
    const back: Card = { ...old, points: 3, modified: instant(3), delivered: instant(22) };
    for (const batches of [
      [[old], [gone], [back]],
      [[back], [gone], [old]],
    ]) {
      const { people, cards } = await arrive(batches, new Set([1]));
      assert.deepEqual([cards, people], [['C1 3'], ['C1 +8613900000001 1965-03-01']]);
    }
  });
});
