/** open_uid (buyer_open_uid): a Taobao buyer within one appkey; stable when the nick changes. No string of it equals an ouid. */
import { OPAQUE_64, platformId } from './platform-id.ts';

export const openUid = platformId({
  type: 'open_uid',
  scope: 'appkey',
  title: { zh: '淘宝应用买家号 (Open UID)', en: 'Taobao buyer of one app (open_uid)' },
  shape: OPAQUE_64,
});
