/** Errors of the WeCom API by what happens next. Codes: 全局错误码 of the platform's documentation. */
import { errcodesOf } from '../tencent/errcodes.ts';

const AT_ONCE = 45033;
const TOO_MANY = 45009;
/** How long limits last is not documented; these are assumed. */
const SECONDS = { [AT_ONCE]: 10, [TOO_MANY]: 3600 } as const;

export const errcodes = errcodesOf({
  bannedSeconds: (errcode) => (errcode === AT_ONCE || errcode === TOO_MANY ? SECONDS[errcode] : null),
  known: [
    {
      codes: [40001, 40013, 40091, 41002, 41004],
      kind: 'misconfigured',
      advice:
        'The platform does not know this secret of this company. Check `corp_id` and `app_secret` of this source.',
    },
    {
      codes: [40014, 42001],
      kind: 'reauthorise',
      advice:
        'A token that was just issued is refused. The app was stopped or its secret was reset: start it again in the company’s console, or put the new secret where `app_secret` names it.',
    },
    {
      codes: [48002, 60011, 301002, 84074],
      kind: 'reauthorise',
      advice:
        'The app may not, or no longer, read contacts. Add it to 客户联系 → 可调用接口的应用 in the company’s console, with the guides in its visible range; the source goes on where it stopped.',
    },
    {
      codes: [60020],
      kind: 'misconfigured',
      advice: 'The address of this machine is not trusted. Add it to 企业可信 IP of the app.',
    },
  ],
});
