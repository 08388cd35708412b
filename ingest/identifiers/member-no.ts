/** The number of a membership in the brand’s loyalty programme: the strongest of the brand’s own ids. */
import { NUMBER_ON_CARD, platformId } from './platform-id.ts';

export const memberNo = platformId({
  type: 'member_no',
  scope: 'programme',
  title: { zh: '会员号', en: 'Member number' },
  shape: NUMBER_ON_CARD,
});
