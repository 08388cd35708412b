/** Pospal (银豹): customers and tickets of one store's account through its open platform. */
import type { Collector } from '../collector.ts';
import { map } from './map.ts';
import { pullCustomers, pullTickets } from './pull.ts';
import { type PospalSettings, settingsSchema } from './settings.ts';

export type { PospalSettings } from './settings.ts';

export const pospalCollector: Collector<PospalSettings> = {
  platform: 'pospal',
  title: { zh: '银豹收银', en: 'Pospal tills' },
  settingsSchema,
  kinds: ['shop_customer', 'order_line', 'refund'],
  limits: [
    'Tickets are given by their own time, a day at once; voided and late ones are met by reading the last days again.',
    'Customers are given whole.',
    'Calls are counted by the day.',
  ],
  mapperVersion: 1,
  streams: () => ['customers', 'tickets'],
  pull: (context) => (context.stream === 'customers' ? pullCustomers(context) : pullTickets(context)),
  map,
};
