import { startPospalSimulator } from '../../../../fixtures/simulators/pospal/index.ts';
import { type PospalSettings, pospalCollector } from '../../../../ingest/collectors/pospal/index.ts';
import { describeCollector } from '../../../contracts/collector.ts';
import type { CollectorDriver, Fault } from '../../../contracts/collector-driver.ts';
import { ago, HandClock, many, NOW } from '../tmall/shop.ts';
import { APP, customerRow, sourceOf, ticketRow } from './store.ts';

const TICKETS = [
  ...many(230, (n) => ticketRow(n, { datetime: ago(400_000 + n * 7) })),
  ...many(20, (n) => ticketRow(300 + n, { datetime: ago(1000 + n) })),
];
const MALFORMED = [
  { row: ticketRow(900, { datetime: ago(5000), ticketType: 'BUY' }), path: '/ticketType', expected: /SELL/ },
  { row: ticketRow(901, { datetime: ago(5001), items: [] }), path: '/items', expected: /line/ },
  {
    row: ticketRow(902, { datetime: ago(5002), items: [{ name: 'x', quantity: 1, totalAmount: 'y' }] }),
    path: '/items/0/totalAmount',
    expected: /amount|paid/,
  },
];
const keyOf = (row: string): string => (JSON.parse(row) as { sn: string }).sn;

async function makeDriver({ malformed }: { malformed: boolean }): Promise<CollectorDriver<PospalSettings>> {
  const clock = new HandClock();
  const tickets = [...TICKETS, ...(malformed ? MALFORMED.map(({ row }) => row) : [])];
  const simulator = await startPospalSimulator({ ...APP, customers: [], tickets });
  const sample = { kind: 'customer', key: 'c', payload: customerRow(1), position: 0, deliveredAt: NOW };
  return {
    ...{ source: sourceOf(simulator.url), stream: 'tickets', clock, sleep: clock.sleep, samples: [sample] },
    expected: () => tickets.map((row) => `ticket ${keyOf(row)}`),
    malformed: MALFORMED.map(({ row, ...said }) => ({ key: keyOf(row), ...said })),
    misbehave: (fault: Fault, times) => simulator.misbehave(fault, times),
    calls: () => simulator.stats.calls,
    brokenRules: () => simulator.stats.broken,
    close: () => simulator.close(),
  };
}

describeCollector<PospalSettings>({
  name: 'pospal',
  collector: pospalCollector,
  capabilities: { rateLimited: false, windowed: true, authorised: true, networked: true },
  makeDriver,
});
