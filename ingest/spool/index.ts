/** Front door of the spool: where calls wait, sealed and synced, that were acknowledged before they are written. */
export { ERASED, readCall } from './call.ts';
export { spoolForgets } from './forget.ts';
export { dropSpool, readSpool, type SpoolPosition } from './reader.ts';
export { type SpoolKeys, spoolKeysOf } from './seal.ts';
export { rewriteSegment, type SpooledCall, type SpoolPlace, segmentsIn } from './segment.ts';
export { openSpoolWriter, type SpoolWriter } from './writer.ts';
