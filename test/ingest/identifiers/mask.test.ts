import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mask, maskEmail, maskName, maskPhone } from '../../../ingest/identifiers/index.ts';

const LONE_SURROGATE = /\p{Cs}/u;

describe('masking', () => {
  const cases: readonly (readonly [string, (value: string) => string, string, string])[] = [
    ['shows a phone by 3 and 4', maskPhone, '+8613900001234', '139****1234'],
    ['shows a dirty phone alike', maskPhone, ' ０086-139 0000 1234', '139****1234'],
    ['shows a phone from abroad by 3 and 4', maskPhone, '+85261234568', '+852****4568'],
    ['leaves a masked phone as it is', maskPhone, '***0117****', '***0117****'],
    ['masks a half masked phone', maskPhone, '1390000*234', '13****34'],
    ['masks what is no phone like anything', maskPhone, '13900001234/13900005678', '13****78'],
    ['shows a name by its first character and two stars', maskName, '张某某', '张**'],
    ['hides how long a name is', maskName, '阿某某某某', '阿**'],
    ['does not cut a name’s rare character', maskName, '𠮷某', '𠮷**'],
    ['shows nothing of no name', maskName, '  ', ''],
    ['shows an e-mail by its first letter and its domain', maskEmail, 'abcdef@qq.com', 'a***@qq.com'],
    ['hides a local part of one letter', maskEmail, 'a@qq.com', '***@qq.com'],
    ['hides a domain made of digits', maskEmail, 'a@13900001234.com', 'a@****om'],
    ['masks what is no e-mail like anything', maskEmail, 'a@b@qq.com', 'a@****om'],
    ['shows an id by its ends', mask, 'oGZUI0egBJY1zhBYw2KhdUfwVJJE', 'oG****JE'],
    ['shows less of something short', mask, '12345', '1****'],
    ['shows nothing of something tiny', mask, '123', '****'],
    ['shows nothing of nothing', mask, '', ''],
    ['does not cut an emoji', mask, '🌸🌸小美的店🌸🌸', '🌸🌸****🌸🌸'],
    ['does not pass on line breaks', mask, 'a\nbcdefgh\ni', 'a?****?i'],
  ];
  for (const [sentence, masker, given, expected] of cases) {
    it(sentence, () => assert.equal(masker(given), expected));
  }

  it('gives something short, printable and well formed of anything', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary', size: '+4' }),
    );
    const broken = text.map((whole) => whole.slice(1, -1)); // may cut a surrogate pair at either end
    fc.assert(
      fc.property(fc.constantFrom(mask, maskPhone, maskName, maskEmail), fc.oneof(text, broken), (masker, value) => {
        const shown = masker(value);
        assert.ok(shown.length <= 80);
        assert.doesNotMatch(shown, /\p{Cc}/u);
        assert.doesNotMatch(shown, LONE_SURROGATE);
      }),
      { numRuns: 3000 },
    );
  });

  it('never gives back the whole of anything from four characters on', () => {
    const text = fc.string({ unit: 'grapheme-ascii', minLength: 4 }).filter((value) => !/[*@\s'"`=]/.test(value));
    fc.assert(
      fc.property(
        fc.constantFrom(mask, maskPhone, maskName, maskEmail),
        text,
        (masker, value) => !masker(value).includes(value),
      ),
    );
  });

  it('takes a megabyte in no time', () => {
    for (const value of ['1'.repeat(1_000_000), '🌸'.repeat(500_000), `${' '.repeat(1_000_000)}x`]) {
      for (const masker of [mask, maskPhone, maskName, maskEmail]) assert.ok(masker(value).length <= 12);
    }
  });
});
