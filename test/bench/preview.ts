/** Bench of the preview: four tag conditions over a million profiles, each time with other values, one after another. */
import { previewCondition } from '../../segments/index.ts';
import { p, type Store, sql } from '../../store/index.ts';
import type { Bench } from './bench.ts';
import { samplePeaks } from './measure.ts';
import { makeProfiles, NOW, PUBLISHED, withStore, ZONE } from './segment-data.ts';

const PROFILES = 1_000_000;
const WARM_UP = 10;
const TIMES = 200;
const PLAIN_TIMES = 3;

interface Values {
  readonly net: number;
  readonly days: number;
}

const valuesOf = (turn: number): Values => ({ net: 10_000 + 97 * turn, days: 90 + (turn % 90) });

/** Four conditions: an enumeration, a list, an amount and a date. */
function condition({ net, days }: Values): object {
  return {
    kind: 'and',
    of: [
      { kind: 'tag', tag: 'lifecycle_stage', operator: 'is', values: ['new', 'active', 'cooling'] },
      { kind: 'tag', tag: 'channels', operator: 'has_any', values: ['tmall', 'pos'] },
      { kind: 'tag', tag: 'net_amount_365d_fen', operator: 'gte', value: net },
      { kind: 'tag', tag: 'last_purchase', operator: 'in_last', days },
    ],
  };
}

/** The same without a snapshot: facts joined to links, folded to profiles, for every count anew. */
async function countPlainly(store: Store, { net, days }: Values): Promise<number> {
  const today = p('Date32', '2026-06-30');
  const [row] = await store.rows<{ found: number }>(sql`
    WITH links AS (SELECT account_ordinal, argMax(profile_ordinal, version) AS profile_ordinal FROM identity_links GROUP BY account_ordinal)
    SELECT count() AS found
    FROM (SELECT profile_ordinal, max(business_date) AS last,
            sumIf(paid_fen - refunded, business_date > ${today} - 365) AS net
          FROM (SELECT account_ordinal, business_date, paid_fen, refund.refunded_fen AS refunded
                FROM order_lines AS line FINAL
                LEFT ANY JOIN (SELECT source, order_no, line_no, sum(refunded_fen) AS refunded_fen FROM refunds FINAL
                               WHERE status = 'success' GROUP BY source, order_no, line_no) AS refund
                USING (source, order_no, line_no)
                WHERE state IN ('paid', 'part_shipped', 'shipped', 'finished', 'closed_refunded') AND line_kind = 'goods') AS bought
          INNER JOIN links USING account_ordinal GROUP BY profile_ordinal) AS purchases
    INNER JOIN (SELECT profile_ordinal, groupUniqArray(channel) AS channels
                FROM accounts INNER JOIN links USING account_ordinal GROUP BY profile_ordinal) AS held USING profile_ordinal
    WHERE last > ${today} - ${p('UInt16', days)} AND net >= ${p('Int64', net)} AND hasAny(channels, ['tmall', 'pos'])`);
  return row!.found;
}

const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
};

const preview: Bench = {
  name: 'preview',
  run: (context) =>
    withStore(context, async ({ store, enginePid }) => {
      const made = await makeProfiles(store, PROFILES);
      console.error(`profiles of ${PROFILES} people computed in ${made.toFixed(1)} s`);
      const count = (turn: number) =>
        previewCondition({ store, published: PUBLISHED, condition: condition(valuesOf(turn)), now: NOW, zone: ZONE });
      for (let turn = 0; turn < WARM_UP; turn++) await count(1000 + turn);
      const memory = samplePeaks({ node: process.pid, engine: enginePid });
      const times: number[] = [];
      for (let turn = 0; turn < TIMES; turn++) times.push(await secondsOf(() => count(turn)));
      const memory_mb = await memory.stop();
      const plain: number[] = [];
      for (let turn = 0; turn < PLAIN_TIMES; turn++)
        plain.push(await secondsOf(() => countPlainly(store, valuesOf(turn))));
      const seconds = times.reduce((sum, one) => sum + one, 0);
      times.sort((a, b) => a - b);
      return {
        name: 'preview',
        rows: PROFILES * TIMES,
        seconds,
        rate: (PROFILES * TIMES) / seconds,
        p95_ms: 1000 * times[Math.ceil(TIMES * 0.95) - 1]!,
        memory_mb,
        ratio: Math.min(...plain) / times[TIMES / 2]!,
        versus: 'the same count by joining facts and links in SQL, best of 3 against the median',
      };
    }),
};

export const benches: readonly Bench[] = [preview];
