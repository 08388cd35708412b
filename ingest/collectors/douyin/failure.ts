/** Failures of the gateway by what happens next: the retry table of the open platform's codes. */
import type { SourceFault } from '../collector.ts';
import { CallFailure, type Outcome } from '../kit/call-failure.ts';

/** A call that the platform refused. Codes of the old numbering come without a `sub_code`. */
export interface Refused {
  readonly code: number;
  readonly msg: string;
  readonly sub_code: string;
}

/** The failure that a refused call stands for. */
export function failureOf(method: string, refused: Refused): CallFailure {
  const { code, msg, sub_code } = refused;
  const said = `${method}: the gateway answered ${code} ${msg} ${sub_code}`.trim();
  return new CallFailure(said, { outcome: outcomeOf(refused), subCode: sub_code || String(code) });
}

/** Whether the access token has ended or another has taken its place: a new one may help. */
export function isStaleToken(failure: CallFailure): boolean {
  return failure.outcome.next === 'stop' && failure.outcome.advice === STALE;
}

/** Business failures (50002, `isv.`) that pass although they look as if they did not. */
const PASSING: readonly string[] = ['628145015', '628004002'];
/** The platform moves the shop's members, which takes hours. */
const MIGRATING = '628145010';
const HOUR_S = 3600;
/** The old numbering: 9 too frequent, 11 wrong signature. */
const TOO_FREQUENT = 9;

function outcomeOf({ code, sub_code }: Refused): Outcome {
  const detail = sub_code.split(':').at(-1) ?? '';
  if (code === 20000 || code === TOO_FREQUENT || sub_code.startsWith('isp.')) return { next: 'again' };
  if (PASSING.includes(detail)) return { next: 'again' };
  if (detail === MIGRATING) return { next: 'later', seconds: HOUR_S, advice: MOVING };
  const known = KNOWN.find(({ codes, subCodes }) => codes.includes(code) || subCodes?.test(sub_code));
  if (known) return { next: 'stop', kind: known.kind, advice: known.advice };
  return { next: 'stop', kind: 'misconfigured', advice: REFUSED };
}

const MOVING =
  "The platform is moving the shop's members. Nothing is to be done: the source goes on when that is over.";
const REFUSED =
  'The platform refuses this call as it stands; calling again does not help. Compare the code with the API documentation of the open platform.';
const STALE =
  "The shop's access token has ended and a new one is not accepted. Check in the shop's console (服务市场) that the app is still authorised, and that no other program uses the same app and shop.";

interface KnownCode {
  readonly codes: readonly number[];
  readonly subCodes?: RegExp;
  readonly kind: SourceFault['kind'];
  readonly advice: string;
}

const KNOWN: readonly KnownCode[] = [
  { codes: [30002, 30005], kind: 'reauthorise', advice: STALE },
  {
    codes: [30003],
    kind: 'reauthorise',
    advice:
      "The shop has ended the app's authorisation. Authorise the app for the shop again (服务市场 in the shop's console) and start Quanyu again; it goes on where it stopped.",
  },
  {
    // The code of a wrong signature is not documented; 11 is the old one.
    codes: [11],
    subCodes: /sign/,
    kind: 'misconfigured',
    advice:
      'The signature is wrong. Check that `app_secret` of this source is the secret of `app_key`, whole and without spaces, and that the clock of this machine is right (NTP).',
  },
  {
    codes: [30001, 30007],
    kind: 'misconfigured',
    advice: 'The platform does not know the app, or not for this shop. Check `app_key` and `shop_id` of this source.',
  },
  {
    codes: [30004, 30006],
    kind: 'misconfigured',
    advice: 'The app is switched off on the open platform. Look at its state there and switch it on again.',
  },
];
