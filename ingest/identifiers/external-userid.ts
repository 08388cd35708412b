/** external_userid: a WeChat user as the contact of one company, as one of its WeCom apps sees them. */
import { OPAQUE_64, platformId } from './platform-id.ts';

export const externalUserid = platformId({
  type: 'external_userid',
  scope: 'corp_app',
  title: { zh: '企业微信外部联系人', en: 'WeCom external contact' },
  shape: OPAQUE_64,
});
