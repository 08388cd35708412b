/** Jobs of the job worker: what reads or rewrites much, one at a time, away from the process that answers requests. */
import { type IdentityRules, identityForgets, resolve } from '../identity/index.ts';
import { ingestForgets, spoolForgets, spoolKeysOf } from '../ingest/index.ts';
import { findPerson, forgetPerson } from '../privacy/index.ts';
import { computeProfiles, exportAudience, runAudience, segmentsForget } from '../segments/index.ts';
import { type Published, publish, readPublished, reseal, type Store, sql, startRun } from '../store/index.ts';
import { mixMobileKeys } from './collect.ts';
import type { Handlers, JobContext } from './worker.ts';

const FORGETS = [ingestForgets, identityForgets, segmentsForget];

export function jobHandlers(): Handlers {
  return {
    refresh: async ({ full, runId, rules }, context) => {
      const run = await startRun(context.store, context.clock, { kind: 'refresh', id: runId });
      try {
        const { published, counts } = await refresh(context, { full, rules });
        run.count(counts);
        return { run: await run.finish({ status: 'done' }), published };
      } catch (thrown) {
        await run.finish({
          status: 'failed',
          fault: 'The refresh did not end; readers stay on the version before.',
          advice: 'It is tried again by the schedule; the log names the fault.',
        });
        throw thrown;
      }
    },
    audience: async (args, { store, clock, init }) =>
      runAudience({ ...args, store, published: await readPublished(store), now: clock.now(), zone: init.zone }),
    // No refresh runs meanwhile (one heavy job at a time), so the version it reads stays.
    export: async (request, context) =>
      exportAudience({
        ...context,
        request,
        published: await readPublished(context.store),
        dataDir: context.init.dataDir,
      }),
    forget: async ({ rules, ...person }, context) => {
      const privacy = { ...context, dataDir: context.init.dataDir };
      const { who, sharedIdentifiers } = await findPerson(privacy, person);
      const settle = async () => void (await refresh(context, { full: false, rules }));
      const participants = [spoolForgets(spoolKeysOf(context.init.keys)), ...FORGETS];
      return forgetPerson(privacy, { who, sharedIdentifiers, participants, settle });
    },
    reseal: (_args, { store, vault }) => reseal(store, vault),
  };
}

/** Resolves what changed, computes traits and tags of every profile, and makes both visible with one row. */
async function refresh(
  context: JobContext,
  { full, rules }: { full: boolean; rules: IdentityRules },
): Promise<{ published: Published; counts: Record<string, number> }> {
  const { store, clock, init } = context;
  const before = await readPublished(store);
  const data_up_to = await deliveredUpTo(store);
  const resolved = await resolve({ ...context, rules, mixMobileKeys: mixMobileKeys(init), full });
  context.signal.throwIfAborted();
  const tags_version = before.tags_version + 1;
  const { profiles } = await computeProfiles({
    store,
    identityVersion: resolved.identity_version,
    version: tags_version,
    now: clock.now(),
    zone: init.zone,
    signal: context.signal,
  });
  const { identity_version, rules_version, resolved_to, counts } = resolved;
  const published = await publish(store, clock, {
    identity_version,
    rules_version,
    resolved_to,
    tags_version,
    data_up_to,
  });
  return { published, counts: { ...counts, profiles } };
}

/** Read before anything else is: what is delivered meanwhile is not promised. */
async function deliveredUpTo(store: Store): Promise<string> {
  const [row] = await store.rows<{ at: string }>(sql`SELECT toString(max(delivered_up_to)) AS at FROM commits`);
  return row?.at ?? '1970-01-01 00:00:00.000';
}
