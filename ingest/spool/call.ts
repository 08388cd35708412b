/** A call's body cut into its messages: each keeps its own text, which nobody has interpreted. */
import { cutAnswer, isObject } from '../collectors/kit/json.ts';
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
  const { batch, ...head } = parsed(body);
  if (!Array.isArray(batch)) return NOTHING;
  const texts = textsOf(body);
  // Where the name of the list is spelled with escapes or stands twice, what JSON makes of it counts.
  return { head, messages: texts.length === batch.length ? texts : batch.map((one: unknown) => JSON.stringify(one)) };
}

function parsed(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function textsOf(body: string): readonly string[] {
  try {
    return cutAnswer(body, 'batch').items;
  } catch {
    return [];
  }
}
