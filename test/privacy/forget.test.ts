import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { ForgetReport, Forgotten } from '../../privacy/index.ts';
import { openVault, p, reseal, sql, withNewSealingKey } from '../../store/index.ts';
import { TEST_KEYS } from '../helpers/store.ts';
import { FAMILY, HER_CARDS, namesHer, OWN, opened, openWorld, PAGES, type World } from './world.ts';

const md5 = (phone: string) => createHash('md5').update(phone.slice(3)).digest('hex');

describe('a person who asked to be forgotten', function () {
  this.timeout(60_000);
  let world: World;
  let report: ForgetReport & { who: Forgotten };
  let totals: object;
  let wang: readonly number[];
  before(async () => {
    world = await openWorld();
    wang = await world.begin();
    totals = await world.totals();
    report = await world.forget(wang);
  });

  after(() => world.test.close());

  it('is told what was erased, and that nothing is left', () => {
    assert.equal(wang.length, 3);
    assert.deepEqual([report.accounts, report.shared_identifiers, report.left], [3, 1, {}]);
    for (const place of ['accounts', 'account_records', 'vault', 'source_items', 'shop_customers', 'order_lines'])
      assert.ok(report.erased[`ingest.${place}`]! > 0, place);
  });

  it('is in no table any more: not in clear, not sealed, not as a token', async () => {
    assert.deepEqual(namesHer(await world.everything()), []);
    const tokens = [...report.who.accountTokens, ...report.who.identifierTokens];
    assert.ok(tokens.length > 6);
    // What keeps them out, and nothing else.
    const kept = ['suppressed', 'item_tombstones'];
    for (const table of (await world.tables()).filter((name) => !kept.includes(name))) {
      const text = await world.dump(table);
      assert.deepEqual(
        tokens.filter((token) => text.includes(token)),
        [],
        table,
      );
    }
  });

  it('leaves the other holder of a shared phone as they were', async () => {
    const text = opened(world.test.vault);
    const [li] = await world.ordinalsOf(['L20001']);
    const [row] = await world.store.rows<{ phone: string }>(
      sql`SELECT JSONExtractString(${text}, 'phone') AS phone FROM vault FINAL
          WHERE account_ordinal = ${p('UInt32', li)} AND kind = 'shop_customer'`,
    );
    assert.equal(row?.phone, FAMILY);
    const [holders] = await world.store.rows<{ n: number; hashes: number; suppressed: number }>(sql`
      WITH (SELECT id_token[1] FROM account_records FINAL WHERE account_ordinal = ${p('UInt32', li)} AND kind = 'shop_customer') AS phone
      SELECT (SELECT uniqExact(account_ordinal) FROM identifier_index WHERE token = phone) AS n,
             (SELECT count() FROM phone_hashes FINAL WHERE phone_token = phone) AS hashes,
             (SELECT count() FROM suppressed WHERE token = phone) AS suppressed`);
    assert.deepEqual(holders, { n: 1, hashes: 3, suppressed: 0 });
    const archived = await world.everything();
    assert.ok(archived.includes('"L20001"') && archived.includes('"Z30001"'));
  });

  it('leaves the orders in the totals, with nobody and nothing of the brand’s own fields', async () => {
    const now = await world.totals();
    assert.deepEqual(now, { ...totals, nobody: 3 });
    const custom = await world.store.rows(
      sql`SELECT order_no FROM order_lines FINAL WHERE length(custom) > 0 ORDER BY order_no`,
    );
    assert.deepEqual(custom, [{ order_no: 'B-0-0001' }, { order_no: 'B-L-0001' }]);
  });

  it('does not come back when everything is pulled again', async () => {
    const before = await world.totals();
    const view = await world.collect(PAGES);
    assert.equal(view.counts.suppressed, 9);
    assert.deepEqual(namesHer(await world.everything()), []);
    assert.deepEqual(await world.totals(), before);
    const custom = await world.store.rows(sql`SELECT count() AS n FROM order_lines FINAL WHERE length(custom) > 0`);
    assert.deepEqual(custom, [{ n: 2 }]);
    assert.deepEqual(await world.ordinalsOf(HER_CARDS), []);
  });

  it('does not come back with a new card, a new bill or the hash of the phone, while others do come', async () => {
    const view = await world.collect([
      [
        { card: 'W10009', phone: OWN },
        { card: 'H10001', phone_md5: md5(OWN) },
        { card: 'L20002', phone: FAMILY },
        { bill: 'B-W-0009', card: 'W10009', paid_fen: 16_000 },
      ],
    ]);
    assert.equal(view.counts.suppressed, 3);
    assert.deepEqual(namesHer(await world.everything()), []);
    assert.deepEqual(await world.ordinalsOf(['W10009', 'H10001']), []);
    assert.equal((await world.ordinalsOf(['L20002'])).length, 1);
    const [bill] = await world.store.rows(
      sql`SELECT account_ordinal FROM order_lines FINAL WHERE order_no = 'B-W-0009'`,
    );
    assert.deepEqual(bill, { account_ordinal: 0 });
  });

  it('stays forgotten when the sealing key is rotated', async () => {
    const keys = withNewSealingKey(TEST_KEYS);
    const vault = openVault(keys);
    await reseal(world.store, vault);
    await world.collect([...PAGES, [{ card: 'W10010', phone: OWN }]], vault);
    assert.deepEqual(namesHer(await world.everything(vault)), []);
    const [accounts] = await world.store.rows<{ n: number }>(sql`SELECT uniqExact(account_id) AS n FROM accounts`);
    assert.equal(accounts?.n, 3, 'Li with two cards, and Zhao');
  });

  it('gives their number to nobody else: an ordinal is never used again', async () => {
    await world.begin();
    await world.collect([[{ card: 'NEWEST', phone: OWN }]]);
    const [newest] = await world.ordinalsOf(['NEWEST']);
    const [highest] = await world.store.rows<{ n: number }>(sql`SELECT max(account_ordinal) AS n FROM accounts`);
    assert.equal(newest, highest?.n);
    await world.forget([newest!]);
    await world.collect([[{ card: 'AFTER' }]]);
    const [after] = await world.ordinalsOf(['AFTER']);
    assert.ok(after! > newest!, `${after} was given after ${newest}`);
  });
});
