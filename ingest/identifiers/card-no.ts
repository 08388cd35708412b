/** The number of a card within its issuer. Text: leading zeros count. Walk-in cards (散客卡, 0000, 8888) are nobody’s. */
import { NUMBER_ON_CARD, platformId } from './platform-id.ts';

export const cardNo = platformId({
  type: 'card_no',
  scope: 'issuer',
  title: { zh: '会员卡号', en: 'Card number' },
  shape: NUMBER_ON_CARD,
});
