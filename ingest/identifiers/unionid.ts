/** unionid: a WeChat user within one Open Platform account, across the apps bound to it. */
import { platformId, WECHAT_28 } from './platform-id.ts';

export const unionid = platformId({
  type: 'unionid',
  scope: 'open_account',
  title: { zh: '微信 UnionID', en: 'WeChat unionid' },
  shape: WECHAT_28,
});
