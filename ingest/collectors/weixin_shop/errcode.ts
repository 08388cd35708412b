/** Errors of the WeChat API by what happens next. Codes: 全局返回码 of the platform's documentation. */
import { errcodesOf } from '../tencent/errcodes.ts';

const PER_MINUTE = 45011;
const PER_DAY = 45009;
const MINUTE_S = 60;
const DAY_S = 86_400;
const CHINA_OFFSET_S = 8 * 3600;

/** The quota of a day comes back at midnight in China, the platform's zone. */
function bannedSeconds(errcode: number, now: Date): number | null {
  if (errcode === PER_MINUTE) return MINUTE_S;
  if (errcode !== PER_DAY) return null;
  const toMidnight = DAY_S - ((Math.floor(now.getTime() / 1000) + CHINA_OFFSET_S) % DAY_S);
  return Math.max(MINUTE_S + 1, toMidnight);
}

export const errcodes = errcodesOf({
  bannedSeconds,
  known: [
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
  ],
});
