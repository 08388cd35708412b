/** A program: reads a folder of till files into a fresh store and prints the rows. Tests run it under other time zones. */
import type { Source } from '../../ingest/collectors/collector.ts';
import { filesCollector } from '../../ingest/collectors/files/index.ts';
import { runSource } from '../../ingest/run.ts';
import { openWriter } from '../../ingest/write/writer.ts';
import { raw } from '../../store/index.ts';
import { openTestStore } from './store.ts';

const [folder] = process.argv.slice(2);
const clock = { now: () => new Date('2026-03-10T00:00:00Z') };
const settings = { folder: folder!, issuer: 'brand', completion: 'rename' as const };
const source: Source = { id: 'till', platform: 'files', channel: 'pos', settings, zone: 'Asia/Shanghai' };

const test = await openTestStore();
const writer = await openWriter({ ...test, clock, mixMobileKeys: [] });
const view = await runSource({
  ...test,
  writer,
  clock,
  collector: filesCollector as never,
  source,
  signal: new AbortController().signal,
});
const rows = (query: string) => test.store.rows(raw(query));
const printed = {
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  run: { status: view.status, fault: view.fault, counts: view.counts.records, rejections: view.counts.rejections },
  people: await rows(`
    SELECT name_masked, toString(birth_date) AS birth, birth_precision, toString(seen_at) AS seen_at, toString(version) AS version
    FROM account_records FINAL WHERE kind = 'shop_customer' ORDER BY name_masked, birth`),
  cards: await rows(`
    SELECT toString(joined_at) AS joined_at, toString(last_trade_at) AS last_trade_at, toString(version) AS version
    FROM shop_customers FINAL ORDER BY joined_at`),
  lines: await rows(`
    SELECT bill_no, toString(business_date) AS business_date, toString(created_at) AS created_at, toString(paid_at) AS paid_at
    FROM order_lines FINAL ORDER BY bill_no`),
};
console.log(JSON.stringify(printed));
await test.close();
