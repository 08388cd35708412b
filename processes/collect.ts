/** Jobs of the collector worker: it holds the one writer. */

import type { ConfiguredSource } from '../config.ts';
import { QuanyuError } from '../errors.ts';
import {
  type Collector,
  collectors,
  type MixMobileKey,
  openWriter,
  type PushReceiver,
  pushReceiver,
  rebuildSource,
  replayRejections,
  runSource,
  spoolKeysOf,
} from '../ingest/index.ts';
import type { WorkerInit } from './jobs.ts';
import { spoolFolder } from './tracking.ts';
import type { Handlers, JobContext } from './worker.ts';

/** Opens the writer and gives the handlers of collect, push, replay and rebuild. */
export async function collectorHandlers(
  shared: Pick<JobContext, 'init' | 'store' | 'vault' | 'clock'>,
): Promise<Handlers> {
  const { init } = shared;
  const writer = await openWriter({ ...shared, mixMobileKeys: mixMobileKeys(init) });
  const of = (sourceId: string) => ({ writer, ...configured(init, sourceId) });
  const receivers = new Map<string, PushReceiver>();
  const receiver = (sourceId: string) => {
    const known = receivers.get(sourceId) ?? pushReceiver({ ...shared, ...of(sourceId) });
    receivers.set(sourceId, known);
    return known;
  };
  return {
    collect: ({ sourceId, runId }, context) => runSource({ ...context, ...of(sourceId), runId }),
    push: ({ sourceId, request }) => receiver(sourceId).receive({ ...request, body: Buffer.from(request.body) }),
    replay: ({ sourceId, runId }, context) => replayRejections({ ...context, ...of(sourceId), runId }),
    rebuild: ({ sourceId, runId }, context) => rebuildSource({ ...context, ...of(sourceId), runId }),
  };
}

function configured(init: WorkerInit, sourceId: string): { source: ConfiguredSource; collector: Collector } {
  const source = init.sources.find((one) => one.id === sourceId);
  const collector = source && collectors.get(source.platform);
  if (source === undefined || collector === undefined) {
    throw new QuanyuError(
      'config.invalid',
      `There is no source '${sourceId}'. Configured are: ${init.sources.map((one) => one.id).join(', ')}.`,
    );
  }
  const spool = { folder: spoolFolder(init.dataDir, sourceId), keys: spoolKeysOf(init.keys) };
  return { source: { ...source, spool }, collector };
}

/** Shop keys with which 会员通 hashes phones, wherever a source has one. */
export function mixMobileKeys(init: WorkerInit): MixMobileKey[] {
  return init.sources.flatMap((source) => {
    const { shop_id: scope, mix_mobile_key: key } = source.settings as { shop_id?: string; mix_mobile_key?: string };
    return scope !== undefined && key !== undefined ? [{ scope, key }] : [];
  });
}
