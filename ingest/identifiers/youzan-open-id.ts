/** yz_open_id: a Youzan user within one merchant’s account; Youzan merges them now and then. */
import { OPAQUE_64, platformId } from './platform-id.ts';

export const youzanOpenId = platformId({
  type: 'youzan_open_id',
  scope: 'account',
  title: { zh: '有赞用户号 (yz_open_id)', en: 'Youzan user (yz_open_id)' },
  shape: OPAQUE_64,
});
