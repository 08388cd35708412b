import { startRestSimulator } from '../../../../fixtures/simulators/rest/index.ts';
import { type RestSettings, restCollector } from '../../../../ingest/collectors/rest/index.ts';
import { describeCollector } from '../../../contracts/collector.ts';
import type { CollectorDriver } from '../../../contracts/collector-driver.ts';
import { ago, HandClock, many, NOW } from '../tmall/shop.ts';
import { bindingRow, memberRow, pointsRow, sourceOf, storeRow, TOKEN } from './club.ts';

const MALFORMED = [
  { row: memberRow(900, ago(5000), { contact: '020-83351234' }), path: 'contact', expected: /mobile/ },
  {
    row: memberRow(901, ago(5001), { updated_at: ago(5001), birthday: '2026-02-31' }),
    path: 'birthday',
    expected: /./,
  },
];

const MEMBERS = [
  ...many(170, (n) => memberRow(n, ago(200_000 + n * 7))),
  ...many(30, (n) => memberRow(300 + n, ago(1000 + n))),
  ...many(60, (n) => memberRow(400 + n, ago(2_900_000 + n * 3))),
];

const SAMPLES = Object.entries({ points: pointsRow(1, ago(60)), stores: storeRow(1), bindings: bindingRow(1) }).map(
  ([kind, row], position) => ({ kind, key: 'sample', payload: JSON.stringify(row), position, deliveredAt: NOW }),
);

async function makeDriver({ malformed }: { malformed: boolean }): Promise<CollectorDriver<RestSettings>> {
  const clock = new HandClock();
  const rows = [...MEMBERS, ...(malformed ? MALFORMED.map(({ row }) => row) : [])];
  const simulator = await startRestSimulator({ rows: { '/members': rows }, clock, token: TOKEN });
  return {
    ...{ source: sourceOf(simulator.url), stream: 'members', clock, sleep: clock.sleep, samples: SAMPLES },
    expected: () => rows.map(({ id }) => `members ${String(id)}`),
    malformed: MALFORMED.map(({ row, path, expected }) => ({ key: String(row.id), path, expected })),
    misbehave: (fault, times) => simulator.misbehave(fault, times),
    calls: () => simulator.stats.calls,
    brokenRules: () => simulator.stats.broken,
    close: () => simulator.close(),
  };
}

describeCollector<RestSettings>({
  name: 'rest',
  collector: restCollector,
  capabilities: { rateLimited: true, windowed: true, authorised: true, networked: true },
  makeDriver,
});
