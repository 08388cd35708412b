/** Who a fact of the shop is about: the openid within the shop's appid, joined by the unionid of its Open Platform account. */

import type { SourceAccount } from '../../record.ts';
import { type Named, nameAccount, type Rung } from '../kit/account.ts';
import type { WeixinShopSettings } from './settings.ts';

export interface BuyerIds {
  readonly openid: unknown;
  readonly unionid: unknown;
  /** Paths of both in the item. */
  readonly paths: readonly [openid: string, unionid: string];
}

/** Without the name of an account that the shop is bound to, a unionid means nothing and is not read. */
export function buyerRungs({ openid, unionid, paths }: BuyerIds, settings: WeixinShopSettings): Rung[] {
  const own: Rung = { type: 'openid', scope: settings.app_id, given: openid, path: paths[0] };
  if (settings.open_account === undefined) return [own];
  return [own, { type: 'unionid', scope: settings.open_account, given: unionid, path: paths[1] }];
}

export function nameBuyer<Guest extends SourceAccount | null>(
  ids: BuyerIds,
  { settings, guest }: { settings: WeixinShopSettings; guest: Guest },
): Named<Guest> {
  return nameAccount(buyerRungs(ids, settings), guest);
}
