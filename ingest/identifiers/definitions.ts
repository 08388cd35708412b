/** All identifier types by name: one without its file does not compile. */
import { anonymousId } from './anonymous-id.ts';
import { cardNo } from './card-no.ts';
import { doudianOpenId } from './doudian-open-id.ts';
import { douyinOpenId } from './douyin-open-id.ts';
import { douyinOrderNo } from './douyin-order-no.ts';
import { douyinPhoneIndex } from './douyin-phone-index.ts';
import { douyinUnionId } from './douyin-union-id.ts';
import { email } from './email.ts';
import { externalUserid } from './external-userid.ts';
import { memberNo } from './member-no.ts';
import { mixMobile } from './mix-mobile.ts';
import { nationalId } from './national-id.ts';
import { oaid } from './oaid.ts';
import { omid } from './omid.ts';
import { openUid } from './open-uid.ts';
import { openid } from './openid.ts';
import { ouid } from './ouid.ts';
import { phone } from './phone.ts';
import { phoneMasked } from './phone-masked.ts';
import { phoneMd5 } from './phone-md5.ts';
import { phoneSha256 } from './phone-sha256.ts';
import { posCustomerUid } from './pos-customer-uid.ts';
import type { IdentifierDefinition, IdentifierType } from './types.ts';
import { unionid } from './unionid.ts';
import { userId } from './user-id.ts';
import { youzanOpenId } from './youzan-open-id.ts';

export const IDENTIFIER_DEFINITIONS: Readonly<Record<IdentifierType, IdentifierDefinition>> = {
  phone,
  phone_md5: phoneMd5,
  phone_sha256: phoneSha256,
  mix_mobile: mixMobile,
  phone_masked: phoneMasked,
  email,
  national_id: nationalId,
  ouid,
  open_uid: openUid,
  omid,
  oaid,
  douyin_open_id: douyinOpenId,
  douyin_union_id: douyinUnionId,
  doudian_open_id: doudianOpenId,
  douyin_order_no: douyinOrderNo,
  douyin_phone_index: douyinPhoneIndex,
  openid,
  unionid,
  external_userid: externalUserid,
  youzan_open_id: youzanOpenId,
  member_no: memberNo,
  card_no: cardNo,
  pos_customer_uid: posCustomerUid,
  user_id: userId,
  anonymous_id: anonymousId,
};

/** The definition of one type. */
export function identifierDefinition(type: IdentifierType): IdentifierDefinition {
  return IDENTIFIER_DEFINITIONS[type];
}
