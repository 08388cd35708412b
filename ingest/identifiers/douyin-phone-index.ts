/** The search index of an encrypted phone: equal for equal phones of one shop as far as is known; it never names a person. */
import { OPAQUE_128, platformId } from './platform-id.ts';

export const douyinPhoneIndex = platformId({
  type: 'douyin_phone_index',
  scope: 'shop',
  title: { zh: '抖店密文手机号索引', en: 'Search index of an encrypted phone (Douyin)' },
  shape: OPAQUE_128,
  joins: false,
});
