/** anonymousId: a browser or device of one source before login. Several people can share it. */
import { OWN_ID, platformId } from './platform-id.ts';

export const anonymousId = platformId({
  type: 'anonymous_id',
  scope: 'source',
  title: { zh: '匿名访客 ID', en: 'Anonymous visitor id' },
  shape: OWN_ID,
});
