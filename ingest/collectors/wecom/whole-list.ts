/** Lists that can only be read whole: once in so many hours, from where a stop left them. */
import { createHash } from 'node:crypto';
import type { SourceItem } from '../../record.ts';
import type { Json, PullContext, SourcePage } from '../collector.ts';
import { isObject } from '../kit/json.ts';
import type { WecomSettings } from './settings.ts';

const HOUR_MS = 3_600_000;

/** Every answer says that it is no error; empty lists may be left out of it. */
export function isAnswered({ errcode }: Readonly<Record<string, unknown>>): boolean {
  return errcode === 0;
}

/** A page that leads to itself is another one than was asked for. */
export function leadsOn({ next_cursor }: Readonly<Record<string, unknown>>, asked: string): boolean {
  return asked === '' || next_cursor !== asked;
}

/** Where a list stands: null = it was read whole less than `everyHours` ago; empty = it begins. */
export function placeIn(
  { checkpoint, clock }: PullContext<WecomSettings>,
  everyHours: number,
): Readonly<Record<string, unknown>> | null {
  const kept = isObject(checkpoint) ? checkpoint : ({} as Readonly<Record<string, unknown>>);
  if (typeof kept.whole_at !== 'number') return kept;
  return clock.now().getTime() < kept.whole_at + everyHours * HOUR_MS ? null : {};
}

/** A page of the list; `next` = where it goes on, null at its end. `beganAt` counts for the next time. */
export function pageOf(
  { clock, stream }: PullContext<WecomSettings>,
  of: {
    items: readonly Pick<SourceItem, 'kind' | 'key' | 'payload'>[];
    next: Readonly<Record<string, Json>> | null;
    beganAt: Date;
    done: number;
  },
): SourcePage {
  const deliveredAt = clock.now();
  const hash = createHash('sha256').update(stream);
  for (const { payload } of of.items) hash.update('\n').update(payload);
  return {
    stream,
    id: hash.digest('hex').slice(0, 32),
    items: of.items.map((item, position) => ({ ...item, position, deliveredAt })),
    cursor: of.next ?? { whole_at: of.beganAt.getTime() },
    progress: { done: of.done, total: of.next === null ? of.done : null },
  };
}
