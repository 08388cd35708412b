/** Errors of the gateway by what happens next: the retry table of the open platform's error codes. */
import type { SourceFault } from '../collector.ts';
import { CallFailure, type Outcome } from '../kit/call-failure.ts';

/** The `error_response` of a call. */
export interface ErrorAnswer {
  readonly code: number;
  readonly msg: string;
  readonly sub_code: string;
  readonly sub_msg: string;
}

/** The failure that an `error_response` stands for. */
export function failureOf(method: string, answer: ErrorAnswer): CallFailure {
  const said = `${method}: the gateway answered ${answer.code} ${answer.msg} ${answer.sub_code}`.trim();
  return new CallFailure(said, { outcome: outcomeOf(answer), subCode: answer.sub_code });
}

const FREQUENCY_CODES = [4, 5, 6, 7, 8];
/** A ban that does not say for how long. */
const UNTOLD_BAN_SECONDS = 1;

function outcomeOf({ code, sub_code, sub_msg }: ErrorAnswer): Outcome {
  if (FREQUENCY_CODES.includes(code) || sub_code.startsWith('accesscontrol.')) {
    const seconds = /ban will last for (\d+) more second/.exec(sub_msg)?.[1];
    return { next: 'banned', seconds: seconds === undefined ? UNTOLD_BAN_SECONDS : Number(seconds) };
  }
  if (sub_code.startsWith('isp.') || code === 10) return { next: 'again' };
  const known = KNOWN.find(({ codes, subCodes }) => codes.includes(code) || subCodes?.test(sub_code));
  if (known) return { next: known.once ? 'once' : 'stop', kind: known.kind, advice: known.advice };
  if ((code === 15 || code === 50) && sub_code === '') return { next: 'again' };
  return { next: 'stop', kind: 'misconfigured', advice: REFUSED };
}

const REFUSED =
  'The platform refuses this call as it stands; calling again does not help. Compare the code with the API documentation of the open platform.';

interface KnownError {
  readonly codes: readonly number[];
  readonly subCodes?: RegExp;
  readonly kind: SourceFault['kind'];
  readonly advice: string;
  readonly once?: true;
}

const KNOWN: readonly KnownError[] = [
  {
    codes: [26, 27],
    subCodes: /^(invalid-sessionkey|session-expired|isv\.invalid-session)/,
    kind: 'reauthorise',
    advice:
      "The shop's authorisation has ended. Authorise the app for the shop again on the open platform, put the new session key where the setting `session` of this source names it, and start Quanyu again; it goes on where it stopped.",
  },
  {
    codes: [24, 25],
    kind: 'misconfigured',
    advice:
      'The signature is wrong. Check that `app_secret` of this source is the secret of `app_key`, whole and without spaces.',
  },
  {
    codes: [28, 29],
    kind: 'misconfigured',
    advice: 'The platform does not know the app. Check `app_key` of this source.',
  },
  {
    codes: [30, 31],
    kind: 'misconfigured',
    advice: "This machine's clock differs by more than ten minutes from the platform's. Set the clock (NTP).",
    once: true,
  },
  {
    codes: [11, 12, 13, 42, 53],
    subCodes: /^isv\.permission/,
    kind: 'misconfigured',
    advice:
      'The app may not call this API. Apply for its permission (and the security level it needs) on the open platform.',
  },
];
