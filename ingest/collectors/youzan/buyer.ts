/** Who a fact of Youzan is about: yz_open_id within the merchant's account, the openid of the app bought in, the phone. */
import type { Identifier, PersonalValues } from '../../record.ts';
import type { Rung } from '../kit/account.ts';
import type { YouzanSettings } from './settings.ts';

/** `$<base64>$<version>$`: encrypted under the shop's key. It is no phone, and nothing is to be complained of. */
const ENCRYPTED = /^\$[^$\s]+\$\d+\$+$/;
const WECHAT_OPENID = /^[A-Za-z0-9_-]{28}$/;

export interface BuyerIds {
  readonly yzOpenId: unknown;
  readonly phone: unknown;
  /** What the app it was bought in calls the buyer: an openid in WeChat, else the id of the merchant's own app. */
  readonly outerUserId?: unknown;
  /** `merchant_xcx` = the merchant's mini-program, `wx_gzh` = the official account, … */
  readonly entrance?: unknown;
  /** Paths of yz_open_id, phone and outer user id. */
  readonly paths: readonly [string, string, string];
}

export function buyerRungs(of: BuyerIds, settings: YouzanSettings): Rung[] {
  const rungs: Rung[] = [{ type: 'youzan_open_id', scope: settings.account, given: of.yzOpenId, path: of.paths[0] }];
  const appId = appIdOf(of.entrance, settings);
  if (appId !== undefined && typeof of.outerUserId === 'string' && WECHAT_OPENID.test(of.outerUserId))
    rungs.push({ type: 'openid', scope: appId, given: of.outerUserId, path: of.paths[2] });
  if (typeof of.phone === 'string' && !ENCRYPTED.test(of.phone))
    rungs.push({ type: 'phone', scope: '', given: of.phone, path: of.paths[1] });
  return rungs;
}

/** An openid means something within the app it was bought in; without that app's id it is not read. */
function appIdOf(entrance: unknown, settings: YouzanSettings): string | undefined {
  if (entrance === 'merchant_xcx') return settings.mini_program_app_id;
  return entrance === 'wx_gzh' ? settings.official_account_app_id : undefined;
}

/** The phone in clear, for the vault. */
export function phoneOf(identifiers: readonly Identifier[]): PersonalValues {
  const phone = identifiers.find(({ type, strength }) => type === 'phone' && strength !== 'weak')?.value;
  return phone === undefined ? {} : { phone };
}
