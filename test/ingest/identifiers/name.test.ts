import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readName } from '../../../ingest/identifiers/index.ts';

function outcome(given: string): string | null {
  const { name, rejections } = readName({ path: '姓名', given });
  assert.ok(name === null || rejections.length === 0);
  return rejections[0]?.code ?? name;
}

describe('a name', () => {
  const cases: readonly (readonly [string, string, string | null])[] = [
    ['is kept', '张某某', '张某某'],
    ['is kept when it is Latin', 'Anna  Example', 'Anna Example'],
    ['is kept with a form of address', '张先生', '张先生'],
    ['is kept masked', '张**', '张**'],
    ['is kept with characters outside the basic plane', '𠮷某', '𠮷某'],
    ['is kept with a digit behind it', '张某2', '张某2'],
    ['loses the spaces between Chinese characters', ' 张 某　某 ', '张某某'],
    ['loses zero-width characters', '张\u200b某\ufeff', '张某'],
    ['loses Excel’s apostrophe', "'张某", '张某'],
    ['is folded from full-width letters', 'Ａｎｎａ', 'Anna'],
    ['has one dot between the parts of a minority name (•)', '阿某•买某', '阿某·买某'],
    ['has one dot between the parts of a minority name (.)', '阿某.买某', '阿某·买某'],
    ['has one dot between the parts of a minority name (．)', '阿某．买某', '阿某·买某'],
    ['has one dot between the parts of a minority name (・)', '阿某・买某', '阿某·买某'],
    ['is unknown when the cell is blank', '无', null],
    ['is refused when it is any customer', '顾客', 'name.placeholder'],
    ['is refused when it is any customer with a number', '顾客12', 'name.placeholder'],
    ['is refused when it is a walk-in', '散客', 'name.placeholder'],
    ['is refused when it is WeChat’s default', '微信用户', 'name.placeholder'],
    ['is refused when it is anonymous', '匿名', 'name.placeholder'],
    ['is refused when it is a form of address alone', '女士', 'name.placeholder'],
    ['is refused when it is VIP', 'VIP001', 'name.placeholder'],
    ['is refused when it is a test', '测试', 'name.test'],
    ['is refused when it is a numbered test', '测试用户3', 'name.test'],
    ['is refused when it is a test in English', 'Test', 'name.test'],
    ['is refused when it holds a phone', '张某13900001234', 'name.phone'],
    ['is refused when it is a phone', '139-0000-1234', 'name.phone'],
    ['is refused when it is a digit', '1', 'name.no-letters'],
    ['is refused when it is stars', '***', 'name.no-letters'],
    ['is refused when it is an emoji', '🌸', 'name.no-letters'],
    ['is refused when its encoding was lost', '张\ufffd', 'name.garbled'],
    ['is refused when its encoding was lost twice', '锟斤拷', 'name.garbled'],
    ['is refused when it is a story', '张某'.repeat(60), 'name.too-long'],
  ];
  for (const [sentence, given, expected] of cases) it(sentence, () => assert.equal(outcome(given), expected));

  it('is told of without being told, when it is refused', () => {
    assert.deepEqual(readName({ path: '姓名', given: '张某13900001234' }).rejections, [
      { path: '姓名', given: '张**', code: 'name.phone', expected: 'a name without a number', wholeItem: false },
    ]);
  });

  it('never throws, and is read twice as it is read once', () => {
    const han = fc.string({ unit: fc.constantFrom('张', '某', ' ', '·', '.', '•', 'a', '1', '\u200b', '́', '🌸') });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), han), (text) => {
        const { name } = readName({ path: '姓名', given: text });
        if (name !== null) assert.equal(readName({ path: '姓名', given: name }).name, name);
      }),
      { numRuns: 5000 },
    );
  });
});
