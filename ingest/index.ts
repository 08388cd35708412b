/** Front door of ingest/: the contract types, the registry, and what runs a source. */

export type { Collector, Json, PushAnswer, PushRequest, Source } from './collectors/collector.ts';
export { collectors } from './collectors/registry.ts';
export {
  DEFAULT_EVENTS_PER_SECOND,
  MESSAGE_BYTES,
  MESSAGE_TYPES,
  type TrackSettings,
} from './collectors/track/index.ts';
export { type CoverageMonth, coverage } from './coverage.ts';
export { ingestForgets } from './forget.ts';
export { type PushReceiver, pushReceiver } from './push.ts';
export { rebuildSource } from './rebuild.ts';
export {
  type DayAsked,
  type DayReconciled,
  type DifferenceRow,
  differenceRows,
  differingDays,
  reconciled,
} from './reconciliation.ts';
export type { Channel, RecordKind } from './record.ts';
export { replayRejections } from './replay.ts';
export { type PullEnded, runSource } from './run.ts';
export { openSpoolWriter, type SpoolKeys, type SpoolWriter, spoolForgets, spoolKeysOf } from './spool/index.ts';
export type { MixMobileKey } from './write/statements.ts';
export { openWriter, type Writer } from './write/writer.ts';
