/** Receives the shop's messages: JSON in safe mode, signed and encrypted; nothing else is taken. */
import { createHash } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import type { MapContext, PushAnswer, PushRequest } from '../collector.ts';
import { isObject, tryJson } from '../kit/json.ts';
import { sameSignature } from '../kit/same-signature.ts';
import { callbackSignature, decryptCallback } from '../tencent/callback-crypto.ts';
import type { WeixinShopSettings } from './settings.ts';

type ReceiveContext = MapContext<WeixinShopSettings> & { readonly clock: Clock };

/** A GET asks whether the URL is ours (its `echostr` is sent back); a POST brings one message. */
export function receive(request: PushRequest, { source, clock }: ReceiveContext): PushAnswer {
  const { callback_token: token, callback_aes_key: aesKey, app_id } = source.settings;
  if (token === undefined || aesKey === undefined) return plain(404, 'This source takes no messages.');
  const { signature = '', msg_signature = '', timestamp = '', nonce = '', echostr } = request.query;
  if (request.method === 'GET') {
    const stands = sameSignature(signature, callbackSignature([token, timestamp, nonce]));
    return stands && echostr !== undefined ? plain(200, echostr) : plain(401, 'The signature does not stand.');
  }
  const encrypted = fieldOf(request.body.toString('utf8'), 'Encrypt');
  if (encrypted === '') return plain(400, 'Messages are taken in safe mode (安全模式) and as JSON only.');
  if (!sameSignature(msg_signature, callbackSignature([token, timestamp, nonce, encrypted])))
    return plain(401, 'The signature does not stand.');
  const decrypted = decryptCallback(encrypted, { aesKey, receiver: app_id });
  if (!decrypted.ok) return plain(400, `The message cannot be decrypted (${decrypted.reason}).`);
  const payload = decrypted.message;
  return {
    ...plain(200, 'success'),
    items: [{ kind: 'message', key: messageKey(payload), payload, position: 0, deliveredAt: clock.now() }],
  };
}

function plain(status: number, body: string): PushAnswer {
  return { status, contentType: 'text/plain; charset=utf-8', body, items: [] };
}

function fieldOf(text: string, name: string): string {
  const value = tryJson(text);
  const field = isObject(value) ? value[name] : undefined;
  return typeof field === 'string' ? field : '';
}

/** The platform sends a message again, newly encrypted, until it is answered: sender, time, event and object tell it. */
function messageKey(payload: string): string {
  const message = tryJson(payload);
  const parts = isObject(message)
    ? [message.FromUserName, message.CreateTime, message.Event, JSON.stringify(objectOf(message))]
    : [payload];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** What the message is about: everything besides its envelope. */
function objectOf(message: Readonly<Record<string, unknown>>): unknown {
  const { ToUserName: _to, FromUserName: _from, CreateTime: _at, MsgType: _type, Event: _event, ...about } = message;
  return about;
}
