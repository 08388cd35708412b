import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { seal } from '../../../../fixtures/simulators/tencent/safe-mode.ts';
import { callbackSignature, decryptCallback } from '../../../../ingest/collectors/tencent/callback-crypto.ts';

const MODE = {
  token: 'pamtest',
  aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFE',
  receiver: 'wxb11529c136998cb6',
} as const;
const AT = { timestamp: '1714112445', nonce: '415670741' } as const;
const ENCRYPTED =
  'jn1L23DB+6ELqJ+6bruv2+kUe2H15/eqyy9FDqYwXapRWFi70jXnRNWFb1I0+/pO0rIaxjp1s1VqubERs0UcDB6rtWBQmxWeb/ZmXt2+pdyUo6kzBp6QXyzfcPs6bDrWv27mx0OD72oJTE7t/LV7sM83+23gRe+bBzUQuYAqNsU=';
const MESSAGE = '{"Event":"channels_ec_order_pay","order_info":{"order_id":"3705115058471208928"}}';

describe('callbacks of WeChat and WeCom', () => {
  it('are signed as in the example of the documentation', () => {
    assert.equal(callbackSignature(['AAAAA', '1714036504', '1514711492']), 'f464b24fc39322e44b38aa78f5edd27bd1441696');
  });

  it('sign the encrypted message with the rest, in order of the bytes', () => {
    assert.equal(
      callbackSignature([MODE.token, AT.timestamp, AT.nonce, ENCRYPTED]),
      'b0efe69a4d1b6a580388797d39aa6e5703402c51',
    );
  });

  it('are decrypted', () => {
    assert.deepEqual(decryptCallback(ENCRYPTED, MODE), { ok: true, message: MESSAGE });
  });

  it('the simulator seals as the platform does', () => {
    const sealed = seal(MESSAGE, MODE, { ...AT, random: Buffer.from('aaaabbbbccccdddd') });
    assert.equal(sealed.encrypted, ENCRYPTED);
  });

  it('come back whatever the text and its padding, which counts in blocks of 32', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
        assert.deepEqual(decryptCallback(seal(text, MODE, AT).encrypted, MODE), { ok: true, message: text });
      }),
    );
    const lengths = Array.from({ length: 40 }, (_, n) => '字'.repeat(n));
    for (const text of lengths)
      assert.deepEqual(decryptCallback(seal(text, MODE, AT).encrypted, MODE), { ok: true, message: text });
  });

  it('for another receiver are refused', () => {
    const other = seal(MESSAGE, { ...MODE, receiver: 'wx0000000000000002' }, AT).encrypted;
    assert.deepEqual(decryptCallback(other, MODE), { ok: false, reason: 'receiver' });
  });

  it('under another key are refused', () => {
    const read = decryptCallback(ENCRYPTED, { ...MODE, aesKey: MODE.aesKey.replace('a', 'b') });
    assert.equal(read.ok, false);
  });

  it('with a length beyond their end are refused', () => {
    const key = Buffer.from(`${MODE.aesKey}=`, 'base64');
    const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
    const plain = Buffer.concat([Buffer.alloc(16), Buffer.from([0xff, 0xff, 0xff, 0xff]), Buffer.alloc(12, 12)]);
    const encrypted = Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64');
    assert.deepEqual(decryptCallback(encrypted, MODE), { ok: false, reason: 'length' });
  });

  it('never make it throw, whatever they hold', () => {
    const sealed = Buffer.from(ENCRYPTED, 'base64');
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((some) => Buffer.from(some)),
      fc.nat(sealed.length - 1).chain((at) =>
        fc.nat(255).map((byte) => {
          const changed = Buffer.from(sealed);
          changed[at] = byte;
          return changed;
        }),
      ),
      fc.nat(sealed.length).map((end) => sealed.subarray(0, end)),
    );
    fc.assert(
      fc.property(bytes, fc.string({ maxLength: 50 }), (some, aesKey) => {
        const read = decryptCallback(some.toString('base64'), MODE);
        if (read.ok && some.equals(sealed)) assert.equal(read.message, MESSAGE);
        assert.equal(decryptCallback(some.toString('base64'), { ...MODE, aesKey }).ok, false);
      }),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !decryptCallback(text, MODE).ok));
  });
});
