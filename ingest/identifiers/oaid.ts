/** oaid: a receiver, made anew by shop, app, address and week. It groups parcels and never names a person. */
import { OPAQUE_128, platformId } from './platform-id.ts';

export const oaid = platformId({
  type: 'oaid',
  scope: 'order',
  title: { zh: '收件人密文号 (OAID)', en: 'Receiver of an order (oaid)' },
  shape: OPAQUE_128,
  joins: false,
});
