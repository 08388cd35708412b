import assert from 'node:assert/strict';
import fc from 'fast-check';
import { identifierDefinition } from '../../../ingest/identifiers/index.ts';

const { normalise } = identifierDefinition('national_id');

function outcome(given: string): string {
  const read = normalise(given);
  return read.ok ? read.values[0]!.value : read.code;
}

describe('a resident identity number', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['is kept when its check character is right (the standard’s example)', '11010519491231002X', '11010519491231002X'],
    ['is kept with a check digit (the standard’s other example)', '440524188001010014', '440524188001010014'],
    ['has its x raised', '11010519491231002x', '11010519491231002X'],
    ['loses spaces', '110105 19491231 002X', '11010519491231002X'],
    ['loses Excel’s apostrophe', "'11010519491231002X", '11010519491231002X'],
    ['is read from full-width characters', '１１０１０５１９４９１２３１００２Ｘ', '11010519491231002X'],
    ['is made 18 characters long when it is of the old form', '110105491231002', '11010519491231002X'],
    ['is refused with a wrong check character', '110105194912310021', 'national_id.not-valid'],
    ['is refused with an impossible date', '110105194902300025', 'national_id.not-valid'],
    ['is refused with a wrong length', '1101051949123100', 'national_id.not-valid'],
    ['is refused when Excel rounded it', '110105194912310000', 'national_id.excel-rounded'],
    ['is refused in scientific notation', '1.10105E+17', 'national_id.excel-rounded'],
    ['is refused when it is masked', '110105********002X', 'national_id.masked'],
    ['is refused when it is one repeated digit', '111111111111111111', 'national_id.junk'],
    ['is refused when it is words', '身份证', 'national_id.not-valid'],
  ];
  for (const [sentence, given, expected] of cases) it(sentence, () => assert.equal(outcome(given), expected));

  it('is refused after any one digit of it has changed', () => {
    fc.assert(
      fc.property(fc.nat(16), fc.integer({ min: 1, max: 9 }), (at, by) => {
        const right = '440524188001010014';
        const digit = (Number(right[at]) + by) % 10;
        assert.match(outcome(right.slice(0, at) + digit + right.slice(at + 1)), /^national_id\./);
      }),
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void normalise(text)));
  });
});
