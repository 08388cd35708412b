/** A given or a family name in a column of its own; swapped parts are seen where both are there. */
import { readName } from '../../../ingest/identifiers/index.ts';
import { type Comparison, same } from '../comparison.ts';
import { isHan, plain, soundOf } from './text.ts';

/** One part of a name in a column of its own. With `other`, the id of the other part's comparison, swapped parts are seen. */
export function namePart(
  id: string,
  words: string,
  of: { column: number; other?: string; swapped: boolean },
): Comparison {
  const far = `${of.other}:text`;
  const crossed =
    of.other === undefined
      ? null
      : `l.text = r.${far} AND l.${far} = r.text AND l.text != r.text AND l.text != '' AND r.text != ''`;
  const known = `l.text != '' AND r.text != ''`;
  const letters = `l.sound = '' AND r.sound = ''`;
  return {
    id,
    words,
    features: [
      { name: 'text', type: 'String' },
      { name: 'sound', type: 'String' },
    ],
    counted: [],
    // Swapped parts are counted once: by the part that has the level.
    known: crossed === null || of.swapped ? known : `${known} AND NOT (${crossed})`,
    levels: [
      { words: 'the same', sql: same('text'), frequency: 'text', key: 'text' },
      { words: 'sounds the same', sql: same('sound'), frequency: 'sound', key: 'sound' },
      ...(crossed !== null && of.swapped ? [{ words: 'given and family name swapped', sql: crossed }] : []),
      {
        words: 'nearly the same letters',
        sql: `${letters} AND (jaroWinklerSimilarity(l.text, r.text) >= 0.92 OR damerauLevenshteinDistance(l.text, r.text) = 1)
          OR l.sound != '' AND lengthUTF8(l.text) >= 2 AND editDistanceUTF8(l.text, r.text) = 1`,
      },
      { words: 'similar letters', sql: `${letters} AND jaroWinklerSimilarity(l.text, r.text) >= 0.8` },
      { words: 'another', sql: null },
    ],
    keys: [
      { name: 'text', sql: 'k.text' },
      { name: 'sound', sql: 'k.sound' },
      { name: 'start', sql: `if(k.sound = '', substring(k.text, 1, 3), '')` },
      { name: 'like', sql: `if(k.sound = '', soundex(k.text), '')` },
    ],
    read(cells) {
      const name = readName({ path: '', given: cells[of.column]! }).name;
      const text = plain(name ?? '').replaceAll('*', '');
      return [text, isHan(text) ? soundOf(text) : ''];
    },
  };
}
