/** doudian_open_id: the buyer as orders name them; another id than the member's open_id, and never to be decrypted. */
import { OPAQUE_128, platformId } from './platform-id.ts';

export const doudianOpenId = platformId({
  type: 'doudian_open_id',
  scope: 'shop',
  title: { zh: '抖店买家号 (doudian_open_id)', en: 'Douyin buyer of orders (doudian_open_id)' },
  shape: OPAQUE_128,
});
