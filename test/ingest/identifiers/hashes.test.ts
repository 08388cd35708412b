import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { deriveFromPhone, type IdentifierType, identifierDefinition } from '../../../ingest/identifiers/index.ts';

const MD5 = '535381ec9d5ab7a390db0a30860600f2';
const SHA256 = 'ba6c167e885ea4be8252fb01c61fc55439089f389ee1b0592fc8c4f417196403';
/** Digests of a number that is no junk, for what is accepted. */
const digestOf = (algorithm: string, text = '13900001234') => createHash(algorithm).update(text).digest('hex');

describe('what follows from a raw phone', () => {
  it('is its md5, its sha256 and one mix_mobile per key, of the national digits in lower hex', () => {
    assert.deepEqual(deriveFromPhone('+8613912345678', [{ scope: 'flagship', key: 'demoKey' }]), [
      { type: 'phone_md5', scope: '', value: MD5 },
      { type: 'phone_sha256', scope: '', value: SHA256 },
      { type: 'mix_mobile', scope: 'flagship', value: 'cfa3372701636a345789031a2f107523' },
    ]);
  });

  it('is another mix_mobile in each shop', () => {
    const keys = ['one', 'two'].map((scope) => ({ scope, key: `key of ${scope}` }));
    const mixes = deriveFromPhone('+8613900001234', keys).slice(2);
    assert.deepEqual(
      mixes.map(({ scope }) => scope),
      ['one', 'two'],
    );
    assert.equal(new Set(mixes.map(({ value }) => value)).size, 2);
  });

  it('is nothing for a number from abroad', () => {
    assert.deepEqual(deriveFromPhone('+85261234568', [{ scope: 'flagship', key: 'demoKey' }]), []);
  });
});

describe('a hashed phone', () => {
  const cases: readonly (readonly [string, IdentifierType, string, string])[] = [
    ['is kept as it is', 'phone_md5', digestOf('md5'), digestOf('md5')],
    ['is lowered when it comes in upper case', 'phone_md5', digestOf('md5').toUpperCase(), digestOf('md5')],
    ['is lowered when it is a sha256', 'phone_sha256', digestOf('sha256').toUpperCase(), digestOf('sha256')],
    [
      'is lowered when it is a mix_mobile',
      'mix_mobile',
      'CFA3372701636A345789031A2F107523',
      'cfa3372701636a345789031a2f107523',
    ],
    ['loses spaces and quotes', 'phone_md5', ` "${digestOf('md5')}" `, digestOf('md5')],
    ['is refused when it is the md5 of 13800138000', 'phone_md5', '7945bd83237335e5376ff44d62e4f0ae', 'phone_md5.junk'],
    [
      'is refused when it is the sha256 of 13800138000',
      'phone_sha256',
      'a6942f9771d67f34034d2f1926988ed3fad3bf1b4e7cedb9a31f31398dea43bc',
      'phone_sha256.junk',
    ],
    ['is refused when it is the md5 of 13912345678', 'phone_md5', MD5, 'phone_md5.junk'],
    [
      'is refused when it is the md5 of eleven zeros',
      'phone_md5',
      '645a8aca5a5b84527c57ee2f153f1946',
      'phone_md5.junk',
    ],
    ['is refused when it is the md5 of "null"', 'phone_md5', '37a6259cc0c1dae299a7866489dff0bd', 'phone_md5.junk'],
    ['is refused when it is the md5 of nothing', 'phone_md5', 'D41D8CD98F00B204E9800998ECF8427E', 'phone_md5.junk'],
    [
      'is refused when it is the sha256 of nothing',
      'phone_sha256',
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      'phone_sha256.junk',
    ],
    ['is refused when it is one repeated digit', 'mix_mobile', '0'.repeat(32), 'mix_mobile.junk'],
    ['is refused when it is too short', 'phone_sha256', digestOf('md5'), 'phone_sha256.not-a-hash'],
    ['is refused when it is a phone in clear', 'phone_md5', '13900001234', 'phone_md5.not-a-hash'],
    ['is refused when it is not hexadecimal', 'phone_md5', 'z'.repeat(32), 'phone_md5.not-a-hash'],
    ['is refused when it is a megabyte', 'phone_md5', 'a'.repeat(1_000_000), 'phone_md5.not-a-hash'],
  ];
  for (const [sentence, type, given, expected] of cases) {
    it(sentence, () => {
      const read = identifierDefinition(type).normalise(given);
      assert.equal(read.ok ? read.values[0]?.value : read.code, expected);
    });
  }

  it('is refused exactly when the phone in clear would be, for phones that come near to junk', () => {
    const digit = fc.constantFrom(...'0123456789');
    const mostlyOne = fc
      .tuple(digit, fc.array(fc.tuple(fc.nat(8), digit), { maxLength: 4 }))
      .map(([most, others]) =>
        others.reduce((tail, [at, other]) => tail.slice(0, at) + other + tail.slice(at + 1), most.repeat(9)),
      );
    const counting = fc
      .tuple(fc.nat(9), fc.constantFrom(1, 9), fc.nat(4), fc.string({ unit: digit, minLength: 9, maxLength: 9 }))
      .map(([first, step, cut, other]) =>
        Array.from(other, (own, i) => (i < cut - 2 ? own : (first + step * i) % 10)).join(''),
      );
    const tail = fc.oneof(mostlyOne, counting);
    fc.assert(
      fc.property(fc.constantFrom(...'3456789'), tail, (second, rest) => {
        const phone = `1${second}${rest}`;
        const clear = identifierDefinition('phone').normalise(phone);
        const hashed = identifierDefinition('phone_md5').normalise(digestOf('md5', phone));
        assert.equal(hashed.ok, clear.ok);
      }),
      { numRuns: 3000 },
    );
  });
});
