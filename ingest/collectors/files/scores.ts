/** Scores as people gave them: `4.5`, `5星`, `★★★★`. */
import type { Row } from './row.ts';

const NUMBER = /^(\d{1,3}(?:\.\d+)?)\s*[分星颗]?(?:\s*\/\s*(\d{1,3}))?$/;
const STARS = /^(★+)(☆*)$/;
const STARS_MOST = 5;
const NPS_MOST = 10;

export interface Score {
  readonly score: number | null;
  readonly score_max: number | null;
}

/** The score of a row and the best that could be given, from its own column, the cell, or what the header promises. */
export function scoreOf(row: Row): Score {
  const text = row.text('score');
  if (text === '') return { score: null, score_max: null };
  const [, given, of] = NUMBER.exec(text) ?? [];
  const [, stars, dark = ''] = STARS.exec(text) ?? [];
  const score = given !== undefined ? Number(given) : (stars?.length ?? null);
  if (score === null) row.refuse('score', { code: 'score.not-a-number', expected: 'a number, 5星 or ★★★★☆' });
  const header = row.path('score');
  const most = /nps/i.test(header) ? NPS_MOST : /星|star/i.test(header) || /星/.test(text) ? STARS_MOST : null;
  const shown =
    of !== undefined ? Number(of) : stars === undefined ? most : Math.max(STARS_MOST, (stars + dark).length);
  return { score, score_max: row.number('score_max') ?? shown };
}
