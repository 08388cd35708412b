/** A call's body cut into its messages: each keeps its own text, which nobody has interpreted. */
import { cutAnswer, tryJson } from '../collectors/kit/json.ts';
import type { SpooledCall } from './segment.ts';

export interface CallParts {
  /** What stands beside the messages of a batch (`sentAt`, `context`); of a single message nothing does. */
  readonly head: Readonly<Record<string, unknown>>;
  readonly messages: readonly string[];
}

/** Stands where a message was erased, so that the others keep their places. */
export const ERASED = '"erased"';

const NOTHING: CallParts = { head: {}, messages: [] };

/** Reads a call. A body that is no JSON has no messages. */
export function readCall({ type, body }: Pick<SpooledCall, 'type' | 'body'>): CallParts {
  if (type !== '') return { head: {}, messages: [body.trim()] };
  try {
    const { head, items } = cutAnswer(body, 'batch');
    if (items.length > 0) return { head, messages: items };
  } catch {
    return NOTHING;
  }
  // The name of the list was spelled with escapes, or it is empty.
  const { batch, ...head } = (tryJson(body) ?? {}) as { batch?: unknown };
  return Array.isArray(batch) ? { head, messages: batch.map((one: unknown) => JSON.stringify(one)) } : NOTHING;
}
