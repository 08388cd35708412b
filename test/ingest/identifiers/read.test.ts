import assert from 'node:assert/strict';
import fc from 'fast-check';
import { IDENTIFIER_TYPES, identifierDefinition, readIdentifier } from '../../../ingest/identifiers/index.ts';

const phoneCell = { path: '手机号', type: 'phone', scope: '', strength: 'stated' } as const;
const OPENID = 'oGZUI0egBJY1zhBYw2KhdUfwVJJE';

describe('reading an identifier', () => {
  it('gives the identifier with the strength its source vouches for', () => {
    assert.deepEqual(readIdentifier({ ...phoneCell, given: '139 0000 1234', strength: 'verified' }), {
      identifiers: [{ type: 'phone', scope: '', value: '+8613900001234', strength: 'verified' }],
      rejections: [],
    });
  });

  it('gives nothing at all for a blank cell, not even a rejection', () => {
    for (const given of ['', 'NULL', '\\N', '-', '/', '无']) {
      assert.deepEqual(readIdentifier({ ...phoneCell, given }), { identifiers: [], rejections: [] });
      assert.deepEqual(readIdentifier({ ...phoneCell, type: 'openid', given }), { identifiers: [], rejections: [] });
    }
  });

  it('tells of junk where it stood, masked, with its code, and leaves the row to the caller', () => {
    assert.deepEqual(readIdentifier({ ...phoneCell, given: '138-0013-8000' }).rejections, [
      {
        path: '手机号',
        given: '138****8000',
        code: 'phone.junk',
        expected:
          'the number of one person, not one typed to fill the field (repeated digits, a sequence, an operator line)',
        wholeItem: false,
      },
    ]);
  });

  it('makes a masked phone a weak phone_masked, whatever the source vouches for', () => {
    for (const type of ['phone', 'phone_masked'] as const) {
      assert.deepEqual(readIdentifier({ ...phoneCell, type, given: '138****5678', strength: 'verified' }).identifiers, [
        { type: 'phone_masked', scope: '', value: '138****5678', strength: 'weak' },
      ]);
    }
  });

  it('makes both of two phones in a cell weak', () => {
    const { identifiers } = readIdentifier({ ...phoneCell, given: '13900001234/13900005678' });
    assert.deepEqual(
      identifiers.map(({ value, strength }) => [value, strength]),
      [
        ['+8613900001234', 'weak'],
        ['+8613900005678', 'weak'],
      ],
    );
  });

  it('tells of the landline beside a mobile and keeps the mobile', () => {
    const { identifiers, rejections } = readIdentifier({ ...phoneCell, given: '13900001234/021-63218888' });
    assert.deepEqual(identifiers, [{ type: 'phone', scope: '', value: '+8613900001234', strength: 'stated' }]);
    assert.deepEqual(
      rejections.map(({ code, given }) => [code, given]),
      [['phone.landline', '13****88']],
    );
  });

  it('says of virtual numbers, landlines and hotlines what they are', () => {
    const codes = ['18400913965-7576', '021-63218888', '400-820-8888'].map((given) => {
      const { identifiers, rejections } = readIdentifier({ ...phoneCell, given });
      assert.deepEqual([identifiers.length, rejections[0]?.wholeItem], [0, false]);
      return rejections[0]?.code;
    });
    assert.deepEqual(codes, ['phone.virtual', 'phone.landline', 'phone.hotline']);
  });

  it('keeps the scope with the value', () => {
    const cell = {
      path: '/openid',
      type: 'openid',
      scope: 'wx0000000000000001',
      given: OPENID,
      strength: 'verified',
    } as const;
    assert.deepEqual(readIdentifier(cell).identifiers, [
      { type: 'openid', scope: 'wx0000000000000001', value: OPENID, strength: 'verified' },
    ]);
  });

  it('refuses a value without the scope in which it means something, for every type that has one', () => {
    for (const type of IDENTIFIER_TYPES.filter((one) => identifierDefinition(one).scope !== 'none')) {
      for (const scope of ['', '  ', 'null']) {
        const { identifiers, rejections } = readIdentifier({
          path: '/id',
          type,
          scope,
          given: OPENID,
          strength: 'verified',
        });
        assert.deepEqual(identifiers, []);
        assert.deepEqual(
          rejections.map(({ code, given }) => [code, given]),
          [[`${type}.scope-missing`, 'oG****JE']],
        );
      }
    }
  });

  it('drops a scope from a value that means the same everywhere', () => {
    const [identifier] = readIdentifier({ ...phoneCell, scope: 'shop', given: '13900001234' }).identifiers;
    assert.equal(identifier?.scope, '');
  });

  it('never makes an oaid strong', () => {
    const cell = { path: '/oaid', type: 'oaid', scope: 'order', given: 'Demo0123Oaid', strength: 'verified' } as const;
    assert.equal(readIdentifier(cell).identifiers[0]?.strength, 'weak');
  });

  it('never throws, and never shows in a rejection what it was given', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.emailAddress(),
      fc.stringMatching(/^[0-9+*\-/ ]{8,30}$/),
    );
    fc.assert(
      fc.property(fc.constantFrom(...IDENTIFIER_TYPES), cell, (type, given) => {
        const { identifiers, rejections } = readIdentifier({
          path: '/id',
          type,
          scope: 's',
          given,
          strength: 'stated',
        });
        const alreadyMasked = /^[\d*]{11}$/.test(given);
        for (const rejection of rejections) {
          assert.ok(rejection.code.startsWith(type === 'phone_masked' ? 'phone.' : `${type}.`));
          assert.ok(alreadyMasked || given.length < 4 || !rejection.given.includes(given));
        }
        for (const identifier of identifiers) assert.notEqual(identifier.value, '');
      }),
      { numRuns: 5000 },
    );
  });
});
