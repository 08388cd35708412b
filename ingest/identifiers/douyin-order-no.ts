/** The number of a Douyin order: the one thing that says which member (open_id) the buyer of an order (doudian_open_id) is. */
import { INTEGER_64, platformId } from './platform-id.ts';

export const douyinOrderNo = platformId({
  type: 'douyin_order_no',
  scope: 'shop',
  title: { zh: '抖店订单号', en: 'Douyin order number' },
  shape: INTEGER_64,
});
