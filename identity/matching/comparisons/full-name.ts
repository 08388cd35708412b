/**
 * Whole names, in Han characters (whole, masked as 张**, or with a form of address as 张先生) or in letters.
 * Jaro–Winkler: Winkler, "String Comparator Metrics and Enhanced Decision Rules in the Fellegi–Sunter Model", 1990.
 */
import { readName } from '../../../ingest/identifiers/index.ts';
import { type Comparison, same } from '../comparison.ts';
import { plain, soundOf } from './text.ts';

const TITLE = /^(\p{Script=Han}{1,2})(?:先生|女士|小姐|太太|男士|老师|阿姨|师傅|经理|总)$/u;
const HAN_AND_STARS = /^[\p{Script=Han}·*]+$/u;
const LETTERS = /\p{L}/u;

interface NameRead {
  /** The whole name; '' when it is masked or only a form of address. */
  readonly name: string;
  readonly sound: string;
  /** Letters: the parts in order of the alphabet. */
  readonly parts: string;
  /** Han: first and last character, '' where masked. */
  readonly first: string;
  readonly last: string;
  /** Characters; 0 = unknown. */
  readonly size: number;
}

const NOTHING: NameRead = { name: '', sound: '', parts: '', first: '', last: '', size: 0 };

export function readFullName(given: string): NameRead {
  const cleaned = readName({ path: '', given: given.replaceAll('＊', '*') }).name;
  const text = plain(cleaned ?? '').replace(/ (?=\p{Script=Han})/gu, '');
  if (!LETTERS.test(text)) return NOTHING;
  const title = TITLE.exec(text)?.[1];
  if (title !== undefined) return { ...NOTHING, first: title[0]! };
  if (HAN_AND_STARS.test(text)) return readHan(Array.from(text));
  if (text.includes('*')) return NOTHING;
  return { ...NOTHING, name: text, parts: text.split(' ').sort().join(' '), size: text.length };
}

function readHan(characters: readonly string[]): NameRead {
  const whole = !characters.includes('*');
  const open = (character: string | undefined) => (character === undefined || character === '*' ? '' : character);
  const name = whole ? characters.join('') : '';
  return {
    name,
    sound: soundOf(name),
    parts: '',
    first: open(characters[0]),
    last: characters.length > 1 ? open(characters.at(-1)) : '',
    size: Math.min(characters.length, 255),
  };
}

const FITS = `(l.first = r.first OR l.first = '' OR r.first = '') AND (l.last = r.last OR l.last = '' OR r.last = '')
  AND (${same('first')} OR ${same('last')}) AND (l.name = '' OR r.name = '')`;
const LATIN = `l.sound = '' AND r.sound = '' AND l.name != '' AND r.name != ''`;

export function fullName(id: string, words: string, column: number): Comparison {
  return {
    id,
    words,
    features: [
      { name: 'name', type: 'String' },
      { name: 'sound', type: 'String' },
      { name: 'parts', type: 'String' },
      { name: 'first', type: 'String' },
      { name: 'last', type: 'String' },
      { name: 'size', type: 'UInt8' },
    ],
    counted: [],
    known: `concat(l.name, l.first, l.last) != '' AND concat(r.name, r.first, r.last) != ''`,
    levels: [
      { words: 'the same whole name', sql: same('name'), frequency: 'name', key: 'name' },
      { words: 'sounds the same', sql: same('sound'), frequency: 'sound', key: 'sound' },
      { words: 'the same parts in another order', sql: same('parts'), frequency: 'parts', key: 'parts' },
      {
        words: 'one character off, or nearly the same letters',
        sql: `(l.sound != '' AND l.size = r.size AND l.size >= 3 AND editDistanceUTF8(l.name, r.name) = 1)
          OR (${LATIN} AND jaroWinklerSimilarity(l.name, r.name) >= 0.92)`,
      },
      { words: 'similar letters', sql: `${LATIN} AND jaroWinklerSimilarity(l.name, r.name) >= 0.85` },
      { words: 'the masked name fits, length too', sql: `${FITS} AND l.size = r.size`, frequency: 'first' },
      { words: 'the masked name or form of address fits', sql: FITS, frequency: 'first' },
      { words: 'only the first character is the same', sql: same('first'), frequency: 'first' },
      { words: 'another name', sql: null },
    ],
    keys: [
      { name: 'name', sql: 'k.name' },
      { name: 'sound', sql: 'k.sound' },
      { name: 'parts', sql: 'k.parts' },
      { name: 'first', sql: 'k.first' },
      { name: 'start', sql: `if(k.first = '', substringUTF8(k.name, 1, 4), '')` },
    ],
    read(cells) {
      const { name, sound, parts, first, last, size } = readFullName(cells[column]!);
      return [name, sound, parts, first, last, size];
    },
  };
}
