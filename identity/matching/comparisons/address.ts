/** Addresses as bags of words (letters) or of neighbouring characters (Han), compared by how many they share (Jaccard). */
import { isBlank } from '../../../ingest/identifiers/index.ts';
import { type Comparison, same } from '../comparison.ts';
import { plain } from './text.ts';

const MOST_GRAMS = 60;

/** FNV-1a, 32 bits: grams only have to be told apart. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

export function gramsOf(text: string): number[] {
  const grams = new Set<number>();
  for (const word of text.split(' ')) {
    const han = Array.from(word).filter((character) => /\p{Script=Han}/u.test(character));
    if (han.length < 2) grams.add(hash(word));
    else {
      for (let i = 1; i < han.length; i++) grams.add(hash(han[i - 1]! + han[i]!));
      for (const digits of word.match(/[0-9a-z]+/g) ?? []) grams.add(hash(digits));
    }
  }
  return [...grams].sort((a, b) => a - b).slice(0, MOST_GRAMS);
}

export function address(id: string, words: string, column: number): Comparison {
  const share = `length(arrayIntersect(l.grams, r.grams)) / length(arrayDistinct(arrayConcat(l.grams, r.grams)))`;
  return {
    id,
    words,
    features: [
      { name: 'text', type: 'String' },
      { name: 'grams', type: 'Array(UInt32)' },
    ],
    counted: [],
    known: `l.text != '' AND r.text != ''`,
    levels: [
      { words: 'the same', sql: same('text'), frequency: 'text', key: 'text' },
      {
        words: 'most of it the same',
        sql: `${share} >= 0.6 OR (match(l.text, '^[ -~]+$') AND jaroWinklerSimilarity(l.text, r.text) >= 0.95)`,
      },
      { words: 'some of it the same', sql: `${share} >= 0.3` },
      { words: 'another', sql: null },
    ],
    keys: [
      { name: 'text', sql: 'k.text' },
      { name: 'start', sql: 'substringUTF8(k.text, 1, 8)' },
    ],
    read(cells) {
      const text = isBlank(cells[column]!) ? '' : plain(cells[column]!);
      return [text, text === '' ? [] : gramsOf(text)];
    },
  };
}
