/** Windows of days, in the brand's zone. */
import { businessDay, dayWindow } from '../../clock.ts';
import { p, type SqlFragment, sql } from '../../store/index.ts';
import type { Language } from '../words.ts';
import { CONDITION_LIMITS, type Window } from './condition.ts';
import type { CompileContext, NoteFault } from './kind.ts';
import { DAY_EXPECTED, isDay } from './operators/operands.ts';

const DAY = { type: 'string', description: 'A day as yyyy-MM-dd, included.' };

const windowSchema = (kind: Window['kind'], properties: Readonly<Record<string, object>>, description: string) => ({
  type: 'object',
  description,
  properties: { kind: { const: kind }, ...properties },
  required: ['kind', ...Object.keys(properties)],
  additionalProperties: false,
});

export const WINDOW_SCHEMA = {
  type: 'object',
  properties: { kind: { type: 'string' } },
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: [
    windowSchema(
      'rolling',
      { days: { type: 'integer', minimum: 1, maximum: CONDITION_LIMITS.days } },
      "The last days; today counts, in the brand's zone.",
    ),
    windowSchema('fixed', { from: DAY, to: DAY }, 'From one day to another, both included.'),
    windowSchema('ever', {}, 'All time up to today.'),
  ],
} as const;

/** Notes days that are none and windows that run backwards. */
export function checkWindow(window: Window, fault: NoteFault): void {
  if (window.kind !== 'fixed') return;
  const wrong = (['from', 'to'] as const).filter((end) => !isDay(window[end]));
  for (const end of wrong) fault(`/window/${end}`, `expected ${DAY_EXPECTED}`);
  if (wrong.length === 0 && window.from > window.to)
    fault('/window/to', `${window.to} lies before from (${window.from}); expected from ≤ to`);
}

/** Condition on a Date32 expression: the day lies in the window. */
export function inWindow(day: SqlFragment, window: Window, { now, zone }: CompileContext): SqlFragment {
  if (window.kind === 'ever') return sql`${day} <= ${p('Date32', businessDay(now, zone))}`;
  const { from, to } = window.kind === 'fixed' ? window : dayWindow(now, window.days, zone);
  return sql`${day} >= ${p('Date32', from)} AND ${day} <= ${p('Date32', to)}`;
}

export function describeWindow(window: Window, language: Language): string {
  if (window.kind === 'ever') return language === 'zh' ? '截至今天' : 'up to today';
  if (window.kind === 'fixed')
    return language === 'zh' ? `${window.from} 至 ${window.to}` : `from ${window.from} to ${window.to}`;
  return language === 'zh' ? `近 ${window.days} 天` : `in the last ${window.days} days`;
}
