/** E-mail addresses: the whole, the same local part elsewhere, typing faults. */
import { identifierDefinition, isBlank } from '../../../ingest/identifiers/index.ts';
import { both, type Comparison, same } from '../comparison.ts';

/** An address that is not well formed still tells something when compared; one of a role or of nobody does not. */
export function readEmail(given: string): { readonly whole: string; readonly local: string } {
  if (isBlank(given)) return { whole: '', local: '' };
  const read = identifierDefinition('email').normalise(given);
  const known = read.ok || read.code === 'email.not-valid';
  const whole = read.ok ? read.values[0]!.value : known ? given.trim().toLowerCase() : '';
  const local = whole.split('@', 1)[0]!;
  return { whole, local: local.length >= 4 ? local : '' };
}

export function email(id: string, words: string, column: number): Comparison {
  return {
    id,
    words,
    features: [
      { name: 'whole', type: 'String' },
      { name: 'local', type: 'String' },
    ],
    counted: [],
    known: both('whole'),
    levels: [
      { words: 'the same address', sql: same('whole'), frequency: 'whole', key: 'whole' },
      { words: 'the same before the @', sql: same('local'), frequency: 'local', key: 'local' },
      { words: 'one or two characters off', sql: 'damerauLevenshteinDistance(l.whole, r.whole) <= 2' },
      {
        words: 'nearly the same before the @',
        sql: `${both('local')} AND jaroWinklerSimilarity(l.local, r.local) >= 0.9`,
      },
      { words: 'another address', sql: null },
    ],
    keys: [
      { name: 'whole', sql: 'k.whole' },
      { name: 'local', sql: 'k.local' },
      { name: 'start', sql: 'substring(k.local, 1, 4)' },
    ],
    read(cells) {
      const { whole, local } = readEmail(cells[column]!);
      return [whole, local];
    },
  };
}
