import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { DEFAULT_RULES } from '../../identity/index.ts';
import { p, raw, readPublished, type Store, sql } from '../../store/index.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';
import { type Fact, Facts } from './facts.ts';

class Killed extends Error {}

/** A row of identity_links in RowBinary. */
const LINK_BYTES = 28;

/** A store whose process is killed at its nth write: half of the rows are there, and nothing comes after. */
function killedAt(store: Store, nth: number): { store: Store; survived: () => boolean } {
  let left = nth;
  const dying = async (half: () => Promise<unknown>, whole: () => Promise<void>): Promise<void> => {
    if (left <= 0) throw new Killed();
    if (--left > 0) return whole();
    await half();
    throw new Killed();
  };
  return {
    survived: () => left > 0,
    store: {
      ...store,
      run: (statement, options) =>
        dying(
          async () => undefined,
          () => store.run(statement, options),
        ),
      insert: (table, rows, options) => {
        const all = rows as object[];
        return dying(
          () => store.insert(table, all.slice(0, Math.ceil(all.length / 2)), options),
          () => store.insert(table, all, options),
        );
      },
      async insertStream(target, format, bytes, options) {
        const all = Buffer.concat((await bytes.toArray()) as Buffer[]);
        const half = all.subarray(0, Math.ceil(all.length / LINK_BYTES / 2) * LINK_BYTES);
        return dying(
          () => store.insertStream(target, format, Readable.from([half]), options),
          () => store.insertStream(target, format, Readable.from([all]), options),
        );
      },
    },
  };
}

const phone = (last: number) => ({ type: 'phone' as const, value: `+861371204560${last}` });
const card = (n: number, ...phones: number[]): Fact => ({ account: `card_no till C-${n}`, gives: phones.map(phone) });
const shop = (n: number, ...phones: number[]): Fact => {
  return { account: `ouid shop-1 O-${n}`, gives: phones.map(phone), day: n };
};

/** Profiles that later merge and split, a held link, and a phone that becomes shared. */
const BEFORE: Fact[] = [card(1, 1), card(2, 1), card(3, 2), card(4, 3), shop(1, 4), shop(2, 4)];
const AFTER: Fact[] = [
  card(3, 1),
  { ...card(4, 4), version: 2 },
  { ...shop(2), version: 2 },
  shop(3, 5),
  shop(4, 5),
  ...Array.from({ length: 9 }, (_, n) => card(10 + n, 6)),
];

describe('a resolve that is killed', () => {
  let test: TestStore;
  let facts: Facts;

  before(async () => {
    test = await openTestStore();
    facts = new Facts(test);
  });
  beforeEach(() => facts.clear());
  after(() => test.close());

  /** What readers see: everything at the published version. */
  async function seen(): Promise<unknown> {
    const { identity_version: version } = await readPublished(test.store);
    const at = (column: string) => raw(`argMax(${column}, version)`);
    const held = await test.store.rows(sql`
      SELECT account_a, account_b, ${at('reason')} AS reason, ${at('cleared')} AS cleared FROM held_links
      WHERE version <= ${p('UInt32', version)} GROUP BY account_a, account_b, id_token ORDER BY account_a, account_b`);
    const statuses = await test.store.rows(sql`
      SELECT toString(id_token) AS token, ${at('status')} AS status FROM identifier_status
      WHERE version <= ${p('UInt32', version)} GROUP BY id_token ORDER BY token`);
    return { profiles: await facts.profiles(version), held, statuses };
  }

  for (const full of [false, true]) {
    it(`at any write leaves readers on the old version, and the next equals an undisturbed ${full ? 'full run' : 'increment'}`, async () => {
      await facts.commit(BEFORE);
      await facts.resolveAndPublish();
      await facts.commit(AFTER);
      const old = await seen();
      let killed = 0;
      for (let nth = 1; ; nth++) {
        const faulty = killedAt(test.store, nth);
        const outcome = facts.resolve({ full, store: faulty.store });
        if (
          await outcome.then(
            () => true,
            () => false,
          )
        )
          break;
        await assert.rejects(outcome, Killed);
        killed++;
        assert.deepEqual(await seen(), old);
      }
      assert.ok(killed >= 3, `${killed} writes`);
      const { identity_version } = await facts.resolveAndPublish({ full });
      const { counts } = await facts.resolve({ full: true, rules: DEFAULT_RULES });
      assert.deepEqual([counts.links_changed, counts.held_changed, counts.statuses_changed], [0, 0, 0]);
      const profiles = await facts.profiles(identity_version);
      const together = (a: string, b: string) => profiles.some((one) => one.includes(a) && one.includes(b));
      assert.ok(together('card_no till C-1', 'card_no till C-3'));
      assert.ok(together('card_no till C-4', 'ouid shop-1 O-1'));
      assert.ok(!together('card_no till C-10', 'card_no till C-11'));
    });
  }
});
