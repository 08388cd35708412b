import assert from 'node:assert/strict';
import fc from 'fast-check';
import { identifierDefinition } from '../../../ingest/identifiers/index.ts';

const { normalise } = identifierDefinition('email');

function outcome(given: string): string {
  const read = normalise(given);
  return read.ok ? read.values[0]!.value : read.code;
}

describe('an e-mail address', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['is kept', 'wang.mou@example-brand.cn', 'wang.mou@example-brand.cn'],
    ['is lowered whole', 'Wang.Mou@QQ.COM', 'wang.mou@qq.com'],
    ['loses outer spaces and quotes', " 'wang.mou@qq.com' ", 'wang.mou@qq.com'],
    ['loses zero-width characters', 'wang\u200bmou@qq.com\ufeff', 'wangmou@qq.com'],
    ['is read from full-width letters', 'ｗａｎｇ＠ｑｑ．ｃｏｍ', 'wang@qq.com'],
    ['is read with a Chinese full stop', 'wangmou@qq。com', 'wangmou@qq.com'],
    ['loses mailto:', 'mailto:wangmou@qq.com', 'wangmou@qq.com'],
    ['loses angle brackets', '<wangmou@qq.com>', 'wangmou@qq.com'],
    ['has its domain in punycode', 'wang@例子.中国', 'wang@xn--fsqu00a.xn--fiqs8s'],
    ['keeps dots and tags, which not every provider ignores', 'wang.mou+shop@gmail.com', 'wang.mou+shop@gmail.com'],
    ['is kept with a QQ number', '3900001234@qq.com', '3900001234@qq.com'],
    ['is refused without @', 'wangmou.qq.com', 'email.not-valid'],
    ['is refused with two @', 'wang@mou@qq.com', 'email.not-valid'],
    ['is refused without a top level', 'wang@qq', 'email.not-valid'],
    ['is refused with spaces within', 'wang mou@qq.com', 'email.not-valid'],
    ['is refused with a Chinese local part', '王某@qq.com', 'email.not-valid'],
    ['is refused with an IP address', 'wang@127.0.0.1', 'email.not-valid'],
    ['is refused over 254 characters', `${'a1'.repeat(30)}@${'b1.'.repeat(80)}com`, 'email.not-valid'],
    ['is refused when it is masked', 'a***@qq.com', 'email.masked'],
    ['is refused when it is a megabyte', `a@${'b'.repeat(1_000_000)}.com`, 'email.not-valid'],
  ];
  for (const [sentence, given, expected] of cases) it(sentence, () => assert.equal(outcome(given), expected));

  for (const junk of [
    ...['test@qq.com', 'admin@brand.cn', 'noreply@brand.cn', 'no-reply@brand.cn', 'a@a.com', '123@qq.com'],
    ...['123456@qq.com', '111@163.com', 'aaaa@163.com', 'wang@example.com', 'wang@test.com', 'null@qq.com'],
  ]) {
    it(`is refused as junk: ${junk}`, () => assert.equal(outcome(junk), 'email.junk'));
  }

  it('never throws, and is read twice as it is read once', () => {
    const typed = fc.tuple(fc.string({ unit: 'binary' }), fc.domain()).map(([local, domain]) => `${local}@${domain}`);
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.emailAddress(), typed), (text) => {
        const read = normalise(text);
        if (read.ok) assert.equal(outcome(read.values[0]!.value), read.values[0]!.value);
      }),
      { numRuns: 3000 },
    );
  });
});
