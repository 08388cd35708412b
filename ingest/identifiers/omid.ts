/** omid: a Tmall member within one brand, across its shops. */
import { OPAQUE_64, platformId } from './platform-id.ts';

export const omid = platformId({
  type: 'omid',
  scope: 'brand',
  title: { zh: '会员通品牌会员号 (OMID)', en: 'Tmall member of a brand (omid)' },
  shape: OPAQUE_64,
});
