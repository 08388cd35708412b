import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type GenderCodes, readGender } from '../../../ingest/identifiers/index.ts';

const NONE: GenderCodes = {};
const KERUYUN: GenderCodes = { '-1': 'unknown', '0': 'female', '1': 'male' };
const DAMAI: GenderCodes = { '0': 'unknown', '1': 'male', '2': 'female' };

function outcome(given: string, codes: GenderCodes): string | null {
  const { gender, rejections } = readGender({ path: '性别', given, codes });
  return rejections[0]?.code ?? gender;
}

describe('a gender', () => {
  const cases: readonly (readonly [string, string, GenderCodes, string | null])[] = [
    ...['男', '男性', '先生', 'M', 'm', 'Male', 'MALE', 'Ｍ'].map(
      (word) => [`is male: ${word}`, word, NONE, 'male'] as const,
    ),
    ...['女', '女性', '女士', 'F', 'female', ' 女 '].map(
      (word) => [`is female: ${word}`, word, NONE, 'female'] as const,
    ),
    ...['未知', '保密', '', 'NULL', 'unknown'].map(
      (word) => [`is unknown: ${word || 'blank'}`, word, NONE, null] as const,
    ),
    ['is no number by itself', '1', NONE, 'gender.unknown-code'],
    ['is the number its source maps (1 and 0)', '0', KERUYUN, 'female'],
    ['is the number its source maps (1 and 2)', '2', DAMAI, 'female'],
    ['is unknown where its source says so', '0', DAMAI, null],
    ['is unknown where its source says so with a negative number', '-1', KERUYUN, null],
    ['is refused for a number its source does not map', '2', KERUYUN, 'gender.unknown-code'],
    ['is a word beside mapped numbers', '女', KERUYUN, 'female'],
    ['is what its source says, against the word', 'M', { M: 'female' }, 'female'],
    ['is not found among what every object has', 'constructor', NONE, 'gender.unknown-code'],
  ];
  for (const [sentence, given, codes, expected] of cases)
    it(sentence, () => assert.equal(outcome(given, codes), expected));

  it('shows an unmapped code, so that it can be mapped, and masks anything longer', () => {
    const shown = (given: string) => readGender({ path: '性别', given, codes: NONE }).rejections[0]?.given;
    assert.deepEqual([shown('2'), shown('13900001234')], ['2', '13****34']);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (given) => void readGender({ path: '性别', given, codes: DAMAI })),
    );
  });
});
