/** openid: a WeChat user within one app (mini-program, official account and shop each have their own). */
import { platformId, WECHAT_28 } from './platform-id.ts';

export const openid = platformId({
  type: 'openid',
  scope: 'appid',
  title: { zh: '微信 OpenID', en: 'WeChat openid' },
  shape: WECHAT_28,
});
