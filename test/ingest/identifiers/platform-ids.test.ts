import assert from 'node:assert/strict';
import fc from 'fast-check';
import { IDENTIFIER_TYPES, type IdentifierType, identifierDefinition } from '../../../ingest/identifiers/index.ts';

function outcome(type: IdentifierType, given: string): string {
  const read = identifierDefinition(type).normalise(given);
  return read.ok ? `${read.values[0]!.weak ? 'weak ' : ''}${read.values[0]!.value}` : read.code;
}

const OPENID = 'oGZUI0egBJY1zhBYw2KhdUfwVJJE';

describe('a platform’s id', () => {
  const cases: readonly (readonly [string, IdentifierType, string, string])[] = [
    ['is kept, case and all (openid)', 'openid', OPENID, OPENID],
    ['is kept (unionid)', 'unionid', 'ocMvos6NjeKLIBqg5Mr9QjxrP1FA', 'ocMvos6NjeKLIBqg5Mr9QjxrP1FA'],
    ['is kept (open_uid)', 'open_uid', 'AAHrb-fwAAgOrLpFIt9ATdjc', 'AAHrb-fwAAgOrLpFIt9ATdjc'],
    ['is kept with the signs of base64 (douyin_open_id)', 'douyin_open_id', '1@#Zm9v+/YmFy==', '1@#Zm9v+/YmFy=='],
    ['loses spaces and zero-width characters', 'ouid', ' AAOUdemo01\u200b\n', 'AAOUdemo01'],
    ['loses quotes', 'openid', `"${OPENID}"`, OPENID],
    ['is not folded: full-width letters are another id, and no id', 'ouid', 'ＡＡＯＵdemo', 'ouid.not-valid'],
    ['is refused as the app’s own id', 'openid', 'wx4f4bc4dec97d474b', 'openid.app-id'],
    ['is refused when it has not 28 characters', 'openid', OPENID.slice(1), 'openid.not-valid'],
    ['is refused with other characters', 'unionid', `${OPENID.slice(0, 27)}+`, 'unionid.not-valid'],
    ['is refused when it is one repeated character', 'openid', 'o'.repeat(28), 'openid.junk'],
    ['is refused with a space within', 'ouid', 'AAOU demo', 'ouid.not-valid'],
    ['is refused over 64 characters', 'ouid', 'Ab'.repeat(33), 'ouid.not-valid'],
    ['is kept up to 128 characters (oaid)', 'oaid', 'Ab'.repeat(64), 'Ab'.repeat(64)],
    ['is refused when it is a megabyte', 'oaid', 'Ab'.repeat(500_000), 'oaid.not-valid'],
  ];
  for (const [sentence, type, given, expected] of cases) {
    it(sentence, () => assert.equal(outcome(type, given), expected));
  }

  const placeholders = [
    ...[
      'null',
      'NULL',
      'undefined',
      'none',
      'nil',
      '0',
      '-1',
      '""',
      '[object Object]',
      'openid',
      'test',
      'anonymous',
      'NaN',
    ],
    ...[' Undefined ', '"null"', '00000000'],
  ];
  for (const given of placeholders) {
    it(`is refused when a broken sender put ${JSON.stringify(given)} in its place`, () => {
      for (const type of [
        'openid',
        'unionid',
        'ouid',
        'douyin_open_id',
        'user_id',
        'anonymous_id',
        'card_no',
      ] as const) {
        assert.equal(outcome(type, given), `${type}.junk`);
      }
    });
  }
});

describe('a card or member number', () => {
  const cases: readonly (readonly [string, IdentifierType, string, string])[] = [
    ['keeps its leading zeros', 'card_no', '0012', '0012'],
    ['keeps them out of an Excel formula', 'card_no', '="0012"', '0012'],
    ['keeps them behind Excel’s apostrophe', 'member_no', "'0012", '0012'],
    ['loses the spaces it is printed with', 'card_no', '8888 0001 2345', '888800012345'],
    ['is read from full-width characters', 'card_no', 'ＶＩＰ００１２３', 'VIP00123'],
    ['loses the decimal Excel gave it', 'card_no', '880012.0', '880012'],
    ['may hold letters of any script', 'card_no', '沪A00123', '沪A00123'],
    ['may be a phone', 'card_no', '13900001234', '13900001234'],
    ['is refused when it is a junk phone', 'card_no', '13800138000', 'card_no.junk'],
    ['is refused when it is zeros', 'card_no', '0000', 'card_no.junk'],
    ['is refused when it is one repeated digit', 'card_no', '8888', 'card_no.junk'],
    ['is refused when it is the walk-in card', 'card_no', '散客卡', 'card_no.junk'],
    ['is refused when Excel rounded it', 'card_no', '8.80012E+15', 'card_no.excel-rounded'],
    ['is refused when Excel’s column was too narrow', 'card_no', '########', 'card_no.junk'],
    ['is refused when it is a sentence', 'card_no', '会员卡，已挂失', 'card_no.not-valid'],
    ['keeps 64 bits (pos_customer_uid)', 'pos_customer_uid', '9007199254740993', '9007199254740993'],
    [
      'does not join when it may have been rounded',
      'pos_customer_uid',
      '900719925474099000',
      'weak 900719925474099000',
    ],
    ['is a number at Pospal', 'pos_customer_uid', 'abc', 'pos_customer_uid.not-valid'],
  ];
  for (const [sentence, type, given, expected] of cases) {
    it(sentence, () => assert.equal(outcome(type, given), expected));
  }
});

describe('every identifier type', () => {
  it('is declared under its own name, with words in both languages', () => {
    for (const type of IDENTIFIER_TYPES) {
      const { type: declared, title } = identifierDefinition(type);
      assert.equal(declared, type);
      assert.ok(title.zh !== '' && title.en !== '');
    }
  });

  it('joins, except those that point at a parcel or at many', () => {
    const loose = IDENTIFIER_TYPES.filter((type) => !identifierDefinition(type).joins);
    assert.deepEqual(loose, ['phone_masked', 'oaid', 'douyin_phone_index']);
  });

  it('has the scope of channels’ own rules', () => {
    const scopes = Object.fromEntries(IDENTIFIER_TYPES.map((type) => [type, identifierDefinition(type).scope]));
    assert.deepEqual(scopes, {
      ...{
        phone: 'none',
        phone_md5: 'none',
        phone_sha256: 'none',
        phone_masked: 'none',
        email: 'none',
        national_id: 'none',
      },
      ...{ mix_mobile: 'shop', ouid: 'shop', open_uid: 'appkey', omid: 'brand', oaid: 'order' },
      ...{
        doudian_open_id: 'shop',
        douyin_open_id: 'shop',
        douyin_order_no: 'shop',
        douyin_phone_index: 'shop',
        douyin_union_id: 'brand',
        openid: 'appid',
        unionid: 'open_account',
      },
      ...{ external_userid: 'corp_app', youzan_open_id: 'account', pos_customer_uid: 'account' },
      ...{ member_no: 'programme', card_no: 'issuer', user_id: 'source', anonymous_id: 'source' },
    });
  });

  it('never throws, reads twice as it reads once, and shows at most eight characters of an id', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom(...'0123456789abcXx-_=@#*." \'') }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...IDENTIFIER_TYPES), text, (type, given) => {
        const definition = identifierDefinition(type);
        const shown = definition.mask(given);
        if (definition.mask === identifierDefinition('ouid').mask) assert.ok(Array.from(shown).length <= 8);
        const read = definition.normalise(given);
        for (const value of read.ok ? read.values : []) {
          const again = identifierDefinition(value.type).normalise(value.value);
          assert.ok(
            again.ok && again.values[0]?.value === value.value,
            `${type}: ${value.value} is read as something else`,
          );
        }
      }),
      { numRuns: 5000 },
    );
  });
});
