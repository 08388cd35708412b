/** What names a member of the shop, from an answer of the platform or one of its calls, better rungs first. */
import { type Named, nameAccount } from '../kit/account.ts';
import { phoneRung } from './phone.ts';
import type { DouyinSettings } from './settings.ts';

/** The fields that may name a member. */
export interface MemberIds {
  readonly open_id?: unknown;
  readonly union_id?: unknown;
  readonly mobile?: unknown;
  readonly mix_mobile?: unknown;
  readonly mask_mobile?: unknown;
}

/** Names the member; null where nothing does. `at`: where the fields stand in the item. */
export function nameMember(
  ids: MemberIds,
  { at, settings, shopId = settings.shop_id }: { at: string; settings: DouyinSettings; shopId?: string },
): Named<null> {
  const phone = (field: 'mobile' | 'mix_mobile' | 'mask_mobile') =>
    phoneRung(ids[field], { path: `${at}/${field}`, shopId });
  return nameAccount(
    [
      { type: 'douyin_open_id', scope: shopId, given: ids.open_id, path: `${at}/open_id` },
      { type: 'douyin_union_id', scope: settings.brand, given: ids.union_id, path: `${at}/union_id` },
      phone('mobile'),
      phone('mix_mobile'),
      phone('mask_mobile'),
    ],
    null,
  );
}

/** The phone in clear that the platform vouches for, as a personal value. */
export function personalPhone({ account, identifiers }: Named<null>): { readonly phone?: string } {
  if (account?.kind === 'phone') return { phone: account.key };
  const phone = identifiers.find(({ type, strength }) => type === 'phone' && strength === 'verified')?.value;
  return phone === undefined ? {} : { phone };
}
