import assert from 'node:assert/strict';
import { DEFAULT_RULES } from '../../identity/index.ts';
import type { IdentifierType } from '../../ingest/identifiers/index.ts';
import { type Claim, solveClaims } from './claims.ts';

const phone = (account: string, value: string, more: Partial<Claim> = {}): Claim => {
  return { account, type: 'phone', value, strength: 'stated', ...more };
};
const unionid = (account: string, value: string): Claim => {
  return { account, type: 'unionid', scope: 'wx-account', value };
};
const own = (account: string, type: IdentifierType, scope: string): Claim => {
  return { account, type, scope, value: account, own: true };
};

describe('solving identities', () => {
  it('makes accounts one that give the same phone, and keeps others apart', () => {
    const { profiles } = solveClaims([phone('card', '138'), phone('shop', '138'), phone('other', '139')]);
    assert.deepEqual(profiles, [['card', 'shop'], ['other']]);
  });

  it('joins along a chain of different identifiers', () => {
    const { profiles } = solveClaims([
      phone('card', '138'),
      phone('shop', '138'),
      { account: 'shop', type: 'email', value: 'a@b.cn' },
      { account: 'app', type: 'email', value: 'a@b.cn' },
    ]);
    assert.deepEqual(profiles, [['app', 'card', 'shop']]);
  });

  it('names a profile after the account that was seen first', () => {
    const claims = [phone('card', '138'), phone('shop', '138')];
    assert.equal(solveClaims(claims, { arrival: ['shop', 'card'] }).founder.get('card'), 'shop');
    assert.equal(solveClaims(claims, { arrival: ['card', 'shop'] }).founder.get('shop'), 'card');
  });

  it('lets a scope part equal values: one openid in two apps is two openids', () => {
    const openid = (account: string, scope: string): Claim => ({ account, type: 'openid', scope, value: 'o-1' });
    const { profiles } = solveClaims([openid('a', 'app-1'), openid('b', 'app-2'), openid('c', 'app-1')]);
    assert.deepEqual(profiles, [['a', 'c'], ['b']]);
  });

  it('joins nobody through a phone that more accounts give than may, and says that it is shared', () => {
    const claims = Array.from({ length: 9 }, (_, i) => phone(`card-${i}`, 'family'));
    const { profiles, dead, held } = solveClaims(claims);
    assert.equal(profiles.length, 9);
    assert.deepEqual(dead, [{ value: 'family', status: 'shared', accounts: 9 }]);
    assert.deepEqual(held, []);
    assert.equal(solveClaims(claims.slice(1)).profiles.length, 1, 'eight may');
  });

  it('counts an account once, however many of its records give the phone', () => {
    const claims = Array.from({ length: 8 }, (_, i) => [phone(`card-${i}`, '138'), phone(`card-${i}`, '138')]).flat();
    assert.equal(solveClaims(claims).profiles.length, 1);
  });

  it('holds a link that would give a person two unionids of one open-platform account', () => {
    const { profiles, held } = solveClaims([
      unionid('wechat-1', 'u1'),
      unionid('wechat-2', 'u2'),
      phone('wechat-1', '138', { seen: 1 }),
      phone('wechat-2', '138', { seen: 2 }),
    ]);
    assert.deepEqual(profiles, [['wechat-1'], ['wechat-2']]);
    assert.deepEqual(held, [
      { account: 'wechat-2', other: 'wechat-1', value: '138', reason: 'limit', because: 'unionid wx-account' },
    ]);
  });

  it('holds two accounts of one shop by their own keys', () => {
    const { profiles, held } = solveClaims([
      own('buyer-1', 'ouid', 'shop-1'),
      own('buyer-2', 'ouid', 'shop-1'),
      own('buyer-3', 'ouid', 'shop-2'),
      phone('buyer-1', '138', { seen: 1 }),
      phone('buyer-2', '138', { seen: 2 }),
      phone('buyer-3', '138', { seen: 3 }),
    ]);
    assert.deepEqual(profiles, [['buyer-1', 'buyer-3'], ['buyer-2']]);
    assert.equal(held.length, 1);
    assert.equal(held[0]!.because, 'ouid shop-1');
  });

  it('lets the accounts after a refused one join as if it had not been there', () => {
    const { profiles } = solveClaims([
      unionid('a', 'u1'),
      unionid('b', 'u2'),
      phone('a', '138', { seen: 1 }),
      phone('b', '138', { seen: 2 }),
      phone('c', '138', { seen: 3 }),
      phone('d', '138', { seen: 4 }),
    ]);
    assert.deepEqual(profiles, [['a', 'c', 'd'], ['b']]);
  });

  it('keeps the stronger of two contradicting links: verified before stated, the stronger type, the earlier', () => {
    const claims = (first: Partial<Claim>, second: Partial<Claim>): Claim[] => [
      unionid('x', 'u1'),
      unionid('y', 'u2'),
      { ...phone('x', 'p-x', { seen: 5 }), ...first },
      { ...phone('card', 'p-x', { seen: 5 }), ...first, account: 'card' },
      { ...phone('y', 'p-y', { seen: 5 }), ...second },
      { ...phone('card', 'p-y', { seen: 5 }), ...second, account: 'card' },
    ];
    const joined = (first: Partial<Claim>, second: Partial<Claim>) =>
      solveClaims(claims(first, second)).profiles.find((profile) => profile.includes('card'));
    assert.deepEqual(joined({ strength: 'verified' }, { strength: 'stated' }), ['card', 'x']);
    assert.deepEqual(joined({ strength: 'stated' }, { strength: 'verified' }), ['card', 'y']);
    assert.deepEqual(joined({ type: 'email' }, { type: 'phone' }), ['card', 'y']);
    assert.deepEqual(joined({ seen: 1 }, { seen: 2 }), ['card', 'x']);
    assert.deepEqual(joined({ seen: 2 }, { seen: 1 }), ['card', 'y']);
  });

  it('takes the first of two unionids that one membership was bound to, and holds the other', () => {
    const { profiles, held } = solveClaims([
      { ...unionid('member', 'u1'), seen: 1 },
      { ...unionid('member', 'u2'), seen: 2 },
      unionid('wechat-1', 'u1'),
      unionid('wechat-2', 'u2'),
    ]);
    assert.deepEqual(profiles, [['member', 'wechat-1'], ['wechat-2']]);
    assert.deepEqual(
      held.map((one) => [one.account, one.other, one.value]),
      [['member', 'wechat-2', 'u2']],
    );
  });

  it('never makes two national ids one, not even by a decision', () => {
    const id = (account: string, value: string): Claim => ({ account, type: 'national_id', value });
    const claims = [id('a', 'n1'), id('b', 'n2'), phone('a', '138'), phone('b', '138')];
    const { profiles, held } = solveClaims(claims, { together: [['a', 'b']] });
    assert.deepEqual(profiles, [['a'], ['b']]);
    assert.deepEqual(new Set(held.map((one) => one.reason)), new Set(['exclusive']));
  });

  it('obeys a decision that two accounts are one, over a limit too, with all that belongs to both', () => {
    const claims = [unionid('a', 'u1'), unionid('b', 'u2'), unionid('w1', 'u1'), unionid('w2', 'u2')];
    const { profiles, held } = solveClaims(claims, { together: [['a', 'b']] });
    assert.deepEqual(profiles, [['a', 'b', 'w1', 'w2']]);
    assert.deepEqual(held, []);
  });

  it('obeys a decision that two accounts are not one, whatever leads from one to the other', () => {
    const claims = [
      phone('a', '138', { seen: 1 }),
      phone('b', '138', { seen: 2 }),
      phone('b', '139', { seen: 3 }),
      phone('c', '139', { seen: 4 }),
    ];
    const { profiles, held } = solveClaims(claims, { apart: [['a', 'c']] });
    assert.deepEqual(profiles, [['a', 'b'], ['c']]);
    assert.deepEqual(held, [{ account: 'c', other: 'b', value: '139', reason: 'decision', because: '' }]);
  });

  it('refuses a union over the size cap, so that a chain of strangers does not become a person', () => {
    const rules = { ...DEFAULT_RULES, max_accounts: 10 };
    const claims = Array.from({ length: 1000 }, (_, i) => [
      phone(`a${i}`, `p${i}`),
      phone(`a${i + 1}`, `p${i}`),
    ]).flat();
    const { profiles, held, components } = solveClaims(claims, { rules });
    assert.ok(Math.max(...profiles.map((profile) => profile.length)) <= 10);
    assert.equal(components.length, 1);
    assert.ok(held.length > 0 && held.every((one) => one.reason === 'size'));
  });
});
