import assert from 'node:assert/strict';
import { TextDecoder } from 'node:util';
import fc from 'fast-check';
import { decodeText, EncodingWatch } from '../../../../ingest/collectors/files/encoding.ts';
import { type Encoded, encoded, fileOf } from './folder.ts';

const HEADER = '会员卡号,手机号,姓名,城市';
const rowsOf = (names: readonly string[]) => names.map((name, n) => `VIP${n},1390000${1000 + n},${name},广州市`);
const file = (...names: string[]) => `${[HEADER, ...rowsOf(names)].join('\r\n')}\r\n`;

async function namesIn(content: Buffer): Promise<string[]> {
  const { records } = await fileOf(content);
  return records.map(({ personal }) => personal.name ?? '');
}

describe('the encoding of a file', () => {
  const cases: readonly (readonly [string, Encoded, readonly string[]])[] = [
    ['is UTF-8 without a mark', 'utf-8', ['张伟', '欧阳娜娜']],
    ['is UTF-8 with a mark, which is no part of the first header', 'utf-8-bom', ['张伟', '欧阳娜娜']],
    ['is GB18030, characters that GBK lacks included', 'gb18030', ['张伟', '王䶮', '李㛃', '陈𠮷', '刘喆']],
    ['is UTF-16LE, as Excel calls Unicode text', 'utf-16le', ['张伟', '陈𠮷']],
  ];
  for (const [sentence, encoding, names] of cases) {
    it(sentence, async () => assert.deepEqual(await namesIn(encoded(file(...names), encoding)), names));
  }

  it('leaves lines that end with a lone CR, as old exports write them, whatever it is', async () => {
    const old = file('张伟', '欧阳娜娜').replaceAll('\r\n', '\r');
    for (const encoding of ['utf-8', 'gb18030', 'utf-16le'] as const)
      assert.deepEqual(await namesIn(encoded(old, encoding)), ['张伟', '欧阳娜娜'], encoding);
    assert.deepEqual(await namesIn(encoded(`${old}共2条\n`, 'utf-8')), ['张伟', '欧阳娜娜'], 'and one line with an LF');
  });

  it('is told by the whole file: Chinese may begin at line 20,000', async () => {
    const ids = Array.from({ length: 20_000 }, (_, n) => `V${n},1390000${1000 + (n % 9000)},,`);
    const text = [`card_no,phone,name,city`, ...ids, 'V20000,13900009999,王小明,广州市', ''].join('\n');
    const { records } = await fileOf(encoded(text, 'gb18030'));
    assert.equal(records.at(-1)?.personal.name, '王小明');
  });

  it('may change where files were put together: each line is read as what it is', async () => {
    const office = encoded(file('张伟', '王芳'), 'utf-8');
    const store = encoded(`${rowsOf(['李娜', '一些', '陈静']).join('\r\n')}\r\n`, 'gb18030');
    assert.deepEqual(await namesIn(Buffer.concat([office, store])), ['张伟', '王芳', '李娜', '一些', '陈静']);
  });

  it('costs a broken character its cell, not its row', async () => {
    const [before, after] = file('张伟', '王芳').split('王芳');
    const broken = Buffer.concat([encoded(before!, 'utf-8'), Buffer.from([0xff, 0xfe]), encoded(after!, 'utf-8')]);
    const { records, rejections } = await fileOf(broken);
    assert.deepEqual(
      records.map(({ personal }) => personal.name),
      ['张伟', undefined],
    );
    assert.equal(records[1]?.traits.city, '广州市');
    assert.deepEqual(
      rejections.map(({ code, path, wholeItem }) => ({ code, path, wholeItem })),
      [{ code: 'text.unrecoverable', path: '姓名', wholeItem: false }],
    );
  });

  it('takes 锟斤拷, which was lost before, for nothing', async () => {
    const { records, rejections } = await fileOf(encoded(file('锟斤拷'), 'gb18030'));
    assert.equal(records[0]?.personal.name, undefined);
    assert.equal(records[0]?.traits.city, '广州市');
    assert.equal(rejections[0]?.code, 'text.unrecoverable');
  });

  it('is decoded before it is split: the second byte of a GBK character can be a pipe', async () => {
    const text = '会员卡号|手机号|姓名|城市\nVIP1|13900001000|張珅|广州市\nVIP2|13900001001|倈傽|广州市\n';
    const bytes = encoded(text, 'gb18030');
    const lead = Buffer.from([0x81, 0x7c]); // 亅, whose second byte is |
    const at = bytes.indexOf(encoded('張', 'gb18030'));
    const { records } = await fileOf(Buffer.concat([bytes.subarray(0, at), lead, bytes.subarray(at)]));
    assert.equal(records[0]?.personal.name, `${new TextDecoder('gb18030').decode(lead)}張珅`);
    assert.equal(records[0]?.traits.city, '广州市');
  });

  it('gives the same text however the bytes are cut', async () => {
    const text = fc.array(fc.constantFrom('张', '䶮', '𠮷', 'a', ',', '|', '\n', '\r\n', '"', '·'), { maxLength: 60 });
    const encodings = fc.constantFrom('utf-8' as const, 'gb18030' as const);
    await fc.assert(
      fc.asyncProperty(text, encodings, fc.array(fc.nat(120), { maxLength: 8 }), async (parts, encoding, cuts) => {
        const bytes = encoded(parts.join(''), encoding);
        for (const how of [encoding, 'mixed'] as const) {
          assert.equal(await decoded(cutAt(bytes, cuts), how), await decoded([bytes], how));
        }
        assert.equal(await decoded(cutAt(bytes, cuts), encoding), parts.join(''));
      }),
      { numRuns: 200 },
    );
  });

  it('is found the same however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.array(fc.nat(60), { maxLength: 6 }), (array, cuts) => {
        const bytes = Buffer.from(array);
        assert.equal(watched(cutAt(bytes, cuts)), watched([bytes]));
      }),
    );
  });
});

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, n) => bytes.subarray(places[n]!, end));
}

function watched(chunks: readonly Buffer[]): string {
  const watch = new EncodingWatch();
  for (const chunk of chunks) watch.see(chunk);
  return watch.end();
}

async function decoded(chunks: readonly Buffer[], encoding: Parameters<typeof decodeText>[1]): Promise<string> {
  const parts: string[] = [];
  const bytes = (async function* () {
    yield* chunks;
  })();
  for await (const part of decodeText(bytes, encoding)) parts.push(part);
  return parts.join('');
}
