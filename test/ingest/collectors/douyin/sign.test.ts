import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  callSignature,
  eventSignature,
  sortedJson,
  sortedJsonText,
  spiSignatures,
} from '../../../../ingest/collectors/douyin/sign.ts';
import { SHOP } from './shop.ts';

const signing = { appKey: SHOP.app_key, secret: SHOP.app_secret };

describe('signing of Douyin calls', () => {
  // Digests made with another program (openssl) over the text that the documentation describes.
  const body = sortedJson({ z: null, a: { b: [{ d: 2, c: '<&>中' }, 1] } });
  const call = { method: 'order.searchList', body, timestamp: '1768449600' };

  it('sorts keys at every depth, leaves lists in their order and escapes nothing that JSON does not demand', () => {
    assert.equal(body, '{"a":{"b":[{"c":"<&>中","d":2},1]},"z":null}');
  });

  it('signs with HMAC-SHA256, the secret around the text and as its key', () => {
    const signature = callSignature(call, { ...signing, signMethod: 'hmac-sha256' });
    assert.equal(signature, 'fb1a212ed9c95e6ba920d54720dc09edfdd15fd231b76c1ed1b93f46959dc644');
  });

  it('signs with MD5', () => {
    assert.equal(callSignature(call, { ...signing, signMethod: 'md5' }), 'fe7a84b85e69dc8b1b55ae950693f6f8');
  });

  it('sorts keys that look like whole numbers as text, as the platform does', () => {
    assert.equal(sortedJson({ b: 1, 10: 2, 9: 3 }), '{"10":2,"9":3,"b":1}');
  });

  it('keeps every digit of a number of another’s JSON', () => {
    assert.equal(sortedJsonText('{ "b": 7012345678901234567, "a": 1.50 }'), '{"a":1.50,"b":7012345678901234567}');
  });

  it('gives the same text whatever the order of the keys was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const sorted = sortedJson(value);
        assert.equal(sortedJsonText(sorted), sorted);
        assert.deepEqual(JSON.parse(sorted), JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('knows the signatures of the platform’s own calls, as the text is and HTML-escaped', () => {
    const spi = { paramJson: '{"open_id":"1@#x","mobile":"a<b"}', timestamp: '2026-01-15 12:00:00' };
    const [plain, escaped] = spiSignatures(spi, { ...signing, signMethod: 'md5' });
    assert.equal(plain, 'c5edb9e2c1b8104df88a1c954ee20d47');
    assert.notEqual(escaped, plain);
    const [hmac] = spiSignatures(spi, { ...signing, signMethod: 'hmac-sha256' });
    assert.equal(hmac, 'd09361d62cde31021a0613b6e8f7a50fd8011022fdf2807e925fe81014fd5e8e');
  });

  it('knows the signature of messages', () => {
    assert.equal(eventSignature(Buffer.from('[{"tag":"0"}]'), signing), 'c0cba41eb38c1d5e9844dfe8c7b51258');
  });
});
