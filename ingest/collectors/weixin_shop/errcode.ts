/** Errors of the WeChat API by what happens next. Codes: 全局返回码 of the platform's documentation. */
import type { Outcome } from '../kit/call-failure.ts';

const PER_MINUTE_SECONDS = 60;
const CHINA_OFFSET_S = 8 * 3600;
const DAY_S = 86_400;

/** What an `errcode` asks for. The quota of a day (45009) comes back at midnight in China, the platform's zone. */
export function outcomeOf(errcode: number, now: Date): Outcome {
  if (errcode === -1) return { next: 'again' };
  if (errcode === 45011) return { next: 'banned', seconds: PER_MINUTE_SECONDS };
  if (errcode === 45009) return { next: 'banned', seconds: Math.max(PER_MINUTE_SECONDS + 1, secondsToMidnight(now)) };
  const known = KNOWN.find(({ codes }) => codes.includes(errcode));
  return known
    ? { next: 'stop', kind: known.kind, advice: known.advice }
    : { next: 'stop', kind: 'misconfigured', advice: REFUSED };
}

function secondsToMidnight(now: Date): number {
  return DAY_S - ((Math.floor(now.getTime() / 1000) + CHINA_OFFSET_S) % DAY_S);
}

/** Whether the code tells of the app or its rights, and not of the one object that was asked for. */
export function isOfTheApp(errcode: number): boolean {
  return KNOWN.some(({ codes }) => codes.includes(errcode));
}

const REFUSED =
  'The platform refuses this call as it stands; calling again does not help. Look the code up in 全局返回码 of the platform’s documentation.';

const KNOWN: readonly {
  readonly codes: readonly number[];
  readonly kind: 'reauthorise' | 'misconfigured';
  readonly advice: string;
}[] = [
  {
    codes: [40001, 40014, 42001],
    kind: 'reauthorise',
    advice:
      'A token that was just issued is refused. Some other program forces new tokens (force_refresh) for this appid, or its secret was reset: stop the one, or put the new secret where `app_secret` names it.',
  },
  {
    codes: [48001],
    kind: 'reauthorise',
    advice:
      'The shop has not granted this API, or no longer does. Grant it to the appid in the shop’s console (服务市场 / 开发配置); the source goes on where it stopped.',
  },
  {
    codes: [40002, 40013, 40125, 41002, 41004],
    kind: 'misconfigured',
    advice: 'The platform does not know this appid with this secret. Check `app_id` and `app_secret` of this source.',
  },
  {
    codes: [40164, 61004],
    kind: 'misconfigured',
    advice: 'The address of this machine is not on the white list. Add it under 开发配置 of the appid (IP 白名单).',
  },
];
