/** userId: a user of the brand’s own app or site, as its server names them. */
import { OWN_ID, platformId } from './platform-id.ts';

export const userId = platformId({
  type: 'user_id',
  scope: 'source',
  title: { zh: '自有用户 ID', en: 'Own user id' },
  shape: OWN_ID,
});
