/** open_id: a Douyin member within one shop (`1@#…`); Douyin re-issued them once, so old ones have successors. */
import { OPAQUE_64, platformId } from './platform-id.ts';

export const douyinOpenId = platformId({
  type: 'douyin_open_id',
  scope: 'shop',
  title: { zh: '抖店会员号 (open_id)', en: 'Douyin member of one shop (open_id)' },
  shape: OPAQUE_64,
});
