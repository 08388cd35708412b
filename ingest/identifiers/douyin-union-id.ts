/** union_id: a Douyin member within one brand, given only to brands that set it up. Not the union id of Douyin’s mini-apps. */
import { OPAQUE_64, platformId } from './platform-id.ts';

export const douyinUnionId = platformId({
  type: 'douyin_union_id',
  scope: 'brand',
  title: { zh: '抖店品牌会员号 (union_id)', en: 'Douyin member of a brand (union_id)' },
  shape: OPAQUE_64,
});
