/** Reads a spool from a position on, and drops what was read. */
import { rm } from 'node:fs/promises';
import { logFor } from '../../log.ts';
import { readSegment, type SpooledCall, type SpoolPlace, segmentFile, segmentsIn } from './segment.ts';

const log = logFor('spool');

/** The next byte to read. */
export interface SpoolPosition {
  readonly segment: number;
  readonly offset: number;
}

/** Every call from a position to the present, with the position behind it; without a call where a segment ends. */
export async function* readSpool(
  place: SpoolPlace,
  from: SpoolPosition | null,
): AsyncGenerator<{ call: SpooledCall | null; after: SpoolPosition }> {
  const segments = (await segmentsIn(place.folder)).filter((one) => one >= (from?.segment ?? 0));
  for (const [n, segment] of segments.entries()) {
    const offset = segment === from?.segment ? from.offset : 0;
    const { frames, whole } = await readSegment(place, { segment, offset });
    for (const { call, end } of frames) yield { call, after: { segment, offset: end } };
    const next = segments[n + 1];
    if (next === undefined) return;
    // Nothing is added to it any more: what a kill or a power cut left without an end was never acknowledged.
    if (!whole)
      log.warn({ count: frames.length }, 'a spool segment ends in bytes that are no call, as a kill leaves them');
    yield { call: null, after: { segment: next, offset: 0 } };
  }
}

/** Deletes the segments before a position that is kept. */
export async function dropSpool(folder: string, before: SpoolPosition): Promise<void> {
  for (const segment of await segmentsIn(folder))
    if (segment < before.segment) await rm(segmentFile(folder, segment), { force: true });
}
