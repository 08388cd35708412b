/** Receives copies of 会员通 calls: both signatures and the time are checked before anything is taken in. */
import { createHash } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import type { MapContext, PushAnswer, PushRequest } from '../collector.ts';
import { COPY_SIGN_HEADER, copySignature } from '../kit/call-copy.ts';
import { sameSignature } from '../kit/same-signature.ts';
import { readPlatformTime } from '../kit/time.ts';
import type { DouyinSettings } from './settings.ts';
import { spiSignatures } from './sign.ts';
import { checkSpiCopy, type SpiCopy, spiParamJson } from './spi-copy.ts';

/** A call may reach the loyalty system this long after the platform signed it. */
const OLDEST_CALL_MS = 5 * 60_000;
/** How far the loyalty system's clock may be ahead of ours. */
const CLOCK_TOLERANCE_MS = 10 * 60_000;

export function receiveSpi(
  request: PushRequest,
  { source, clock }: MapContext<DouyinSettings> & { readonly clock: Clock },
): PushAnswer {
  const { app_secret, spi_secret = app_secret } = source.settings;
  if (!sameSignature(request.headers[COPY_SIGN_HEADER] ?? '', copySignature(request.body, spi_secret)))
    return refused(401);
  const payload = request.body.toString('utf8');
  const checked = checkSpiCopy(payload);
  if (!checked.ok) return refused(400);
  const { call, answer, received_at } = checked.value;
  const receivedAt = Date.parse(received_at);
  const signedAt = signedTime(call.query.timestamp ?? '');
  const now = clock.now();
  const inTime = Math.abs(receivedAt - signedAt) <= OLDEST_CALL_MS && receivedAt <= now.getTime() + CLOCK_TOLERANCE_MS;
  if (!inTime || !isSigned(checked.value, source.settings)) return refused(401);
  const key = createHash('sha256')
    .update(
      `${checked.value.interface} ${call.query.sign} ${call.query.sign_v2} ${call.query.timestamp} ${answer.body}`,
    )
    .digest('hex')
    .slice(0, 32);
  return {
    status: 200,
    contentType: JSON_TYPE,
    body: '{"code":0,"message":"success","data":{}}',
    items: [{ kind: 'spi_call', key, payload, position: 0, deliveredAt: now }],
  };
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** The platform signs twice, in the old way (`sign`) and the new one (`sign_v2`): one that stands is enough. */
function isSigned({ call }: SpiCopy, settings: DouyinSettings): boolean {
  const { app_key, sign = '', sign_v2 = '', sign_method = '', timestamp = '' } = call.query;
  const { spi_app_key: appKey = settings.app_key, spi_secret: secret = settings.app_secret } = settings;
  if (app_key !== appKey) return false;
  // One of the platform's own kits writes 2 for the HMAC.
  const signMethod = sign_method === 'hmac-sha256' || sign_method === '2' ? 'hmac-sha256' : 'md5';
  try {
    const expected = spiSignatures({ paramJson: spiParamJson(call), timestamp }, { appKey, secret, signMethod });
    return [sign, sign_v2].some((given) => expected.some((one) => sameSignature(given, one)));
  } catch {
    return false;
  }
}

/** Milliseconds since 1970 of a call's `timestamp`, in the platform's time or as seconds; NaN for what is neither. */
function signedTime(timestamp: string): number {
  return /^\d{10}$/.test(timestamp) ? Number(timestamp) * 1000 : (readPlatformTime(timestamp)?.getTime() ?? Number.NaN);
}

/** The platform's own words for a call whose signature does not stand. */
function refused(status: 400 | 401): PushAnswer {
  const body = JSON.stringify({ code: 10001, message: '验证签名失败', data: {} });
  return { status, contentType: JSON_TYPE, body, items: [] };
}
