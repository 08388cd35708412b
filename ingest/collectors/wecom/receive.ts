/** Receives the company's messages: XML around an encrypted XML; even the question whether the URL is ours is encrypted. */
import { createHash } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import type { MapContext, PushAnswer, PushRequest } from '../collector.ts';
import { sameSignature } from '../kit/same-signature.ts';
import { callbackSignature, decryptCallback } from '../tencent/callback-crypto.ts';
import { readFlatXml } from '../tencent/flat-xml.ts';
import type { WecomSettings } from './settings.ts';

type ReceiveContext = MapContext<WecomSettings> & { readonly clock: Clock };

export function receive(request: PushRequest, { source, clock }: ReceiveContext): PushAnswer {
  const { callback_token: token, callback_aes_key: aesKey, corp_id } = source.settings;
  if (token === undefined || aesKey === undefined) return plain(404, 'This source takes no messages.');
  const { msg_signature = '', timestamp = '', nonce = '', echostr = '' } = request.query;
  const asks = request.method === 'GET';
  const encrypted = asks ? echostr : (readFlatXml(request.body.toString('utf8'))?.Encrypt ?? '');
  if (encrypted === '') return plain(400, 'Messages are taken encrypted and as XML only.');
  if (!sameSignature(msg_signature, callbackSignature([token, timestamp, nonce, encrypted])))
    return plain(401, 'The signature does not stand.');
  const decrypted = decryptCallback(encrypted, { aesKey, receiver: corp_id });
  if (!decrypted.ok) return plain(400, `The message cannot be decrypted (${decrypted.reason}).`);
  const payload = decrypted.message;
  if (asks) return plain(200, payload);
  // The platform sends a message again, newly encrypted, until it is answered; the message itself stays the same.
  const key = createHash('sha256').update(payload).digest('hex').slice(0, 32);
  return {
    ...plain(200, 'success'),
    items: [{ kind: 'message', key, payload, position: 0, deliveredAt: clock.now() }],
  };
}

function plain(status: number, body: string): PushAnswer {
  return { status, contentType: 'text/plain; charset=utf-8', body, items: [] };
}
