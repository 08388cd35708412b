import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isBlank } from '../../../ingest/identifiers/index.ts';

describe('a blank cell', () => {
  for (const cell of [
    ...['', ' ', '\t\r\n', '\u00a0', '\u3000', '\u200b', '\ufeff', ' '.repeat(500)],
    ...['NULL', 'null', 'Null', ' null ', '(null)', '\\N', '\\n', 'nil', 'None', 'N/A', 'n/a', '#N/A'],
    ...['-', '--', '—', '——', '/', '／', '\\', '""', '无', ' 无 ', '空', '暂无', '未知', '未填写'],
  ]) {
    it(`is ${JSON.stringify(cell.length > 20 ? 'five hundred spaces' : cell)}`, () =>
      assert.equal(isBlank(cell), true));
  }

  for (const [why, cell] of [
    ['a zero, which is an amount', '0'],
    ['a default date, which a reader of dates knows', '1900-01-01'],
    ['what a broken program wrote, which is to be seen', 'undefined'],
    ['a word that begins like one', 'nullable'],
    ['a name that begins like one', '无名'],
    ['a negative number', '-1'],
    ['a star', '*'],
  ] as const) {
    it(`is not ${why}`, () => assert.equal(isBlank(cell), false));
  }

  it('never throws and never holds a letter or digit beyond eight characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (cell) => isBlank(cell) === false || !/[\p{L}\p{N}]{9}/u.test(cell)),
    );
  });
});
