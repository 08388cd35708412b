import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import {
  decryptMiniProgramData,
  miniProgramPhone,
  rawDataSignature,
} from '../../../../ingest/collectors/tencent/mini-program-data.ts';

const APP_ID = 'wx0000000000000001';
const AT_S = 1768449600;
const SESSION_KEY = 'MDEyMzQ1Njc4OWFiY2RlZg==';
const IV = 'ZmVkY2JhOTg3NjU0MzIxMA==';
const ENCRYPTED =
  '/zKksLWsmvxbw65eoGVnlCFnO8gFqiyNKG8NmnRiUj92LRB4iG2Lr9MgimU1ou1cYp7MyaOFBaMSJSgdTmcVDkquCb+xTEAZL7CtAfp1ALko+/siQxlUzQDNevNQ2F/hpHYRGfJPZ+0s+ynVCS4U5YsUvRNygNNPHe3jhTq5auAltDUyPlcbbwVT7OCfFw4X/vU1POwvJXQHZylh7FKeMw==';
const WITH = { appId: APP_ID, now: new Date((AT_S + 60) * 1000) };

function encrypt(text: string, { sessionKey = SESSION_KEY, iv = IV } = {}): string {
  const cipher = createCipheriv('aes-128-cbc', Buffer.from(sessionKey, 'base64'), Buffer.from(iv, 'base64'));
  return Buffer.concat([cipher.update(text), cipher.final()]).toString('base64');
}

describe('encrypted data of a mini-program', () => {
  it('is decrypted, watermark and all', () => {
    const read = decryptMiniProgramData({ encryptedData: ENCRYPTED, iv: IV, sessionKey: SESSION_KEY }, WITH);
    assert.ok(read.ok);
    assert.equal(read.data.purePhoneNumber, '13912345678');
    assert.equal(miniProgramPhone(read.data), '+8613912345678');
  });

  it('under a wrong iv is refused, although the phone stands readable behind the first 16 bytes', () => {
    const iv = Buffer.from('0123456789abcdef').toString('base64');
    const read = decryptMiniProgramData({ encryptedData: ENCRYPTED, iv, sessionKey: SESSION_KEY }, WITH);
    assert.deepEqual(read, { ok: false, reason: 'not-decrypted' });
  });

  it('under an old session_key is refused', () => {
    for (let n = 0; n < 1024; n += 1) {
      const sessionKey = Buffer.from(String(n).padStart(16, '0')).toString('base64');
      assert.equal(decryptMiniProgramData({ encryptedData: ENCRYPTED, iv: IV, sessionKey }, WITH).ok, false);
    }
  });

  it('of another app is refused', () => {
    const read = decryptMiniProgramData(
      { encryptedData: ENCRYPTED, iv: IV, sessionKey: SESSION_KEY },
      { ...WITH, appId: 'wx0000000000000002' },
    );
    assert.deepEqual(read, { ok: false, reason: 'other-app' });
  });

  it('without a watermark counts as of another app', () => {
    const encryptedData = encrypt('{"phoneNumber":"13912345678"}');
    const read = decryptMiniProgramData({ encryptedData, iv: IV, sessionKey: SESSION_KEY }, WITH);
    assert.deepEqual(read, { ok: false, reason: 'other-app' });
  });

  it('that is no longer fresh is refused', () => {
    const given = { encryptedData: ENCRYPTED, iv: IV, sessionKey: SESSION_KEY };
    const read = decryptMiniProgramData(given, { ...WITH, now: new Date((AT_S + 301) * 1000) });
    assert.deepEqual(read, { ok: false, reason: 'too-old' });
  });

  it('never makes it throw', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(text, text, text, (encryptedData, iv, sessionKey) => {
        return !decryptMiniProgramData({ encryptedData, iv, sessionKey }, WITH).ok;
      }),
    );
  });

  it('gives the phone whether the country is text or a number, and overseas ones with theirs', () => {
    assert.equal(miniProgramPhone({ purePhoneNumber: '13912345678', countryCode: 86 }), '+8613912345678');
    assert.equal(miniProgramPhone({ purePhoneNumber: '61234567', countryCode: '852' }), '+85261234567');
    assert.equal(miniProgramPhone({ purePhoneNumber: '' }), null);
  });

  it('rawData is signed with the session_key as the text it is', () => {
    const signature = rawDataSignature('{"nickName":"微信用户"}', SESSION_KEY);
    assert.equal(signature, '401a01c78803f2538b24b0273abac57cd9dacf0d');
  });
});
