/** Errors of Youzan by what happens next: those of the token, of the gateway (4xxx, 5xxx) and of the business behind it. */
import type { Outcome } from '../kit/call-failure.ts';

/** The token is gone, has ended, or is not known: it is fetched anew once. 10003 stands in an unofficial copy only. */
const DEAD_TOKEN = [4201, 4202, 4203, 10003];
const TOO_FAST = [4101, 20001, 500100004, 123000042, 141500203];
const QUOTA = [20002];
/** Time-outs within the platform, and what its gateway does not recognise. */
const PASSING = [5001, 106000001, 106000003, 106100118];
/** The documentation advises pauses of 3 to 48 s; a pull waits this long each time. */
const TOO_FAST_SECONDS = 10;
const DAY_SECONDS = 86_400;

export function isDeadToken(code: number): boolean {
  return DEAD_TOKEN.includes(code);
}

/** Whether the code is about one object that was asked for, and not about the app, its rights or the platform's state. */
export function isOfObject(code: number): boolean {
  const known = [...DEAD_TOKEN, ...TOO_FAST, ...QUOTA, ...PASSING, ...KNOWN.flatMap(({ codes }) => codes)];
  return !known.includes(code);
}

/** What a failed call asks for. */
export function outcomeOf(code: number): Outcome {
  if (PASSING.includes(code)) return { next: 'again' };
  if (TOO_FAST.includes(code)) return { next: 'banned', seconds: TOO_FAST_SECONDS };
  if (QUOTA.includes(code)) return { next: 'banned', seconds: DAY_SECONDS };
  const { kind, advice } = KNOWN.find(({ codes }) => codes.includes(code)) ?? UNKNOWN;
  return { next: 'stop', kind, advice };
}

const UNKNOWN = {
  kind: 'misconfigured',
  advice:
    'The platform refuses this call as it stands; calling again does not help. Look the code up in the documentation of Youzan Cloud, or in the API log of its console.',
} as const;

const KNOWN: readonly {
  readonly codes: readonly number[];
  readonly kind: 'reauthorise' | 'misconfigured';
  readonly advice: string;
}[] = [
  {
    codes: [1004, ...DEAD_TOKEN],
    kind: 'reauthorise',
    advice:
      'The shop no longer authorises the app. Authorise it again in the shop’s console (设置 → 有赞服务), and renew the package of the app where it has run out; the source goes on where it stopped.',
  },
  {
    codes: [1000, 1103, 1105],
    kind: 'misconfigured',
    advice:
      'The platform does not know this app with this secret and shop. Check `client_id`, `client_secret` and `kdt_id` of this source; the app must be one of your own (自用型).',
  },
  {
    codes: [4204, 10004],
    kind: 'misconfigured',
    advice: 'The app may not call this API. Apply for the package of abilities (能力包) it belongs to in the console.',
  },
  {
    codes: [4001, 4005, 4007],
    kind: 'misconfigured',
    advice:
      'The gateway does not take the call. Check `gateway` of this source, and that the address of this machine is on the white list (IP 白名单) of the app.',
  },
];
