/** Receives the app's pushes: signed by MD5 with the secret, as the platform does; answered within its five seconds. */
import { createHash } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import type { MapContext, PushAnswer, PushRequest } from '../collector.ts';
import { sameSignature } from '../kit/same-signature.ts';
import { type PushBody, readPushBody } from './push-body.ts';
import type { YouzanSettings } from './settings.ts';

const SIGN_HEADER = 'event-sign';

export function receive(
  request: PushRequest,
  { source, clock }: MapContext<YouzanSettings> & { readonly clock: Clock },
): PushAnswer {
  const { settings } = source;
  const payload = request.body.toString('utf8');
  const body = readPushBody(payload);
  if (body === null) return answer(400, 'failed');
  const inHeader = settings.push_signature === 'header';
  const given = inHeader ? (request.headers[SIGN_HEADER] ?? '') : body.sign;
  const expected = md5(settings, inHeader ? request.body : Buffer.from(body.rawMessage));
  if (!sameSignature(given, expected) || body.clientId !== settings.client_id) return answer(401, 'failed');
  // A test from the console tells of nothing that happened.
  if (body.isTest) return answer(200, 'success');
  const item = { kind: 'message', key: keyOf(body), payload, position: 0, deliveredAt: clock.now() };
  return { ...answer(200, 'success'), items: [item] };
}

function md5({ client_id, client_secret }: YouzanSettings, signed: Buffer): string {
  return createHash('md5').update(client_id).update(signed).update(client_secret).digest('hex');
}

/** The platform takes a push as delivered only where the answer holds the word success. */
function answer(status: number, msg: 'success' | 'failed'): PushAnswer {
  const body = JSON.stringify({ code: 0, msg });
  return { status, contentType: 'application/json; charset=utf-8', body, items: [] };
}

/** A push is sent again until it is answered: its number tells it, or what it is about where it has none. */
function keyOf({ messageId, type, subject, version, rawMessage }: PushBody): string {
  const parts = messageId === '' ? [type, subject, version, rawMessage] : [messageId];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
