/** Segments as documents: named, saved conditions. Each change names the revision it was made against. */
import { randomBytes } from 'node:crypto';
import { messageOf, QuanyuError } from '../errors.ts';
import { type Condition, describeCondition, readCondition, SEGMENTS, type Segment } from '../segments/index.ts';
import type { Document, Documents } from '../store/index.ts';

export interface SegmentView extends Segment {
  readonly id: string;
  readonly revision: number;
  /** The condition in words. */
  readonly sentence: { readonly zh: string; readonly en: string };
  /** Why the condition cannot be run any more (it names a tag that is gone …); '' = it can. */
  readonly fault: string;
  readonly changed_at: string;
  readonly changed_by: string;
}

/** Newest change first. */
export function listSegments(documents: Documents): SegmentView[] {
  return documents
    .list<Segment>(SEGMENTS)
    .map(viewOf)
    .sort((a, b) => (a.changed_at > b.changed_at ? -1 : 1));
}

/** The segment of an id; throws api.not-found. */
export function segmentOf(documents: Documents, id: string): SegmentView {
  const document = documents.get<Segment>(SEGMENTS, id);
  if (document !== undefined) return viewOf(document);
  throw new QuanyuError('api.not-found', 'No segment has this id. GET /api/v1/segments lists the segments there are.');
}

/** Saves a new segment. Throws condition.invalid, and nothing is saved. */
export async function createSegment(documents: Documents, body: Segment, by: string): Promise<SegmentView> {
  readCondition(body.condition);
  const id = `seg_${randomBytes(8).toString('hex')}`;
  return viewOf(await documents.put(SEGMENTS, id, body, { expected: 0, by }));
}

/** Replaces a segment that is at `expected`. Throws store.revision-moved, condition.invalid, api.not-found. */
export async function changeSegment(
  documents: Documents,
  change: {
    readonly id: string;
    readonly body: Segment;
    readonly expected: number | undefined;
    readonly by: string;
  },
): Promise<SegmentView> {
  segmentOf(documents, change.id);
  readCondition(change.body.condition);
  return viewOf(await documents.put(SEGMENTS, change.id, change.body, expecting(change)));
}

/** Removes a segment; its audiences stay. Throws store.revision-moved, api.not-found. */
export async function removeSegment(
  documents: Documents,
  change: { readonly id: string; readonly expected: number | undefined; readonly by: string },
): Promise<void> {
  segmentOf(documents, change.id);
  await documents.remove(SEGMENTS, change.id, expecting(change));
}

function expecting({ expected, by }: { readonly expected: number | undefined; readonly by: string }) {
  return { by, ...(expected === undefined ? {} : { expected }) };
}

function viewOf({ id, revision, body, changed_at, changed_by }: Document<Segment>): SegmentView {
  return { id, revision, ...body, ...wordsOf(body.condition), changed_at, changed_by };
}

function wordsOf(condition: Condition): Pick<SegmentView, 'sentence' | 'fault'> {
  try {
    return { sentence: { zh: describeCondition(condition, 'zh'), en: describeCondition(condition, 'en') }, fault: '' };
  } catch (thrown) {
    return { sentence: { zh: '', en: '' }, fault: messageOf(thrown) };
  }
}
