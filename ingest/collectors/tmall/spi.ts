/** Receives copies of 会员通 calls: both signatures and the time are checked before anything is taken in. */
import { createHash } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import type { MapContext, PushAnswer, PushRequest } from '../collector.ts';
import { COPY_SIGN_HEADER, checkCopy, copySignature } from '../kit/call-copy.ts';
import { sameSignature } from '../kit/same-signature.ts';
import { readPlatformTime } from '../kit/time.ts';
import type { TmallSettings } from './settings.ts';
import { spiSignature } from './spi-sign.ts';

/** A call may reach the loyalty system this long after the platform signed it. */
const OLDEST_CALL_MS = 5 * 60_000;
/** How far the loyalty system's clock may be ahead of ours. */
const CLOCK_TOLERANCE_MS = 10 * 60_000;

export function receiveSpi(
  request: PushRequest,
  context: MapContext<TmallSettings> & { readonly clock: Clock },
): PushAnswer {
  const { app_secret, spi_secret = app_secret } = context.source.settings;
  if (!sameSignature(request.headers[COPY_SIGN_HEADER] ?? '', copySignature(request.body, spi_secret)))
    return refused(401);
  const payload = request.body.toString('utf8');
  const checked = checkCopy(payload);
  if (!checked.ok) return refused(400);
  const { call, answer, received_at } = checked.value;
  const receivedAt = Date.parse(received_at);
  const signedAt = readPlatformTime(call.query.timestamp ?? '')?.getTime() ?? Number.NaN;
  const now = context.clock.now();
  const inTime = Math.abs(receivedAt - signedAt) <= OLDEST_CALL_MS && receivedAt <= now.getTime() + CLOCK_TOLERANCE_MS;
  if (!inTime || !sameSignature(call.query.sign ?? '', spiSignature(call, spi_secret))) return refused(401);
  const key = createHash('sha256')
    .update(`${call.query.method} ${call.query.sign} ${answer.body}`)
    .digest('hex')
    .slice(0, 32);
  return {
    status: 200,
    contentType: 'application/json; charset=utf-8',
    body: '{"success":true}',
    items: [{ kind: 'spi_call', key, payload, position: 0, deliveredAt: now }],
  };
}

/** The platform's own words for a call whose signature does not stand. */
function refused(status: 400 | 401): PushAnswer {
  const failure = {
    success: false,
    sub_code: 'sign-check-failure',
    failCode: 'sign-check-failure',
    sub_message: 'Illegal request',
  };
  return { status, contentType: 'application/json; charset=utf-8', body: JSON.stringify(failure), items: [] };
}
