/** ouid: a Taobao buyer within one shop, the same in all apps of that shop; stable. */
import { OPAQUE_64, platformId } from './platform-id.ts';

export const ouid = platformId({
  type: 'ouid',
  scope: 'shop',
  title: { zh: '淘宝店铺买家号 (OUID)', en: 'Taobao buyer of one shop (ouid)' },
  shape: OPAQUE_64,
});
