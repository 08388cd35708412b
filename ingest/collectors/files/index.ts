/**
 * Files in a folder: tills' members and sales, the loyalty system's memberships, bindings, points, levels
 * and consents; products, stock, prices, coupons, services and surveys of any system.
 */
import type { Collector } from '../collector.ts';
import { mapItem } from './map.ts';
import { pullFiles, STREAM } from './pull.ts';
import { type FilesSettings, settingsSchema } from './settings.ts';

export type { FilesSettings } from './settings.ts';

export const filesCollector: Collector<FilesSettings> = {
  platform: 'files',
  title: { zh: '文件夹', en: 'Files in a folder' },
  settingsSchema,
  kinds: [
    'membership',
    'shop_customer',
    'order_line',
    'refund',
    'binding',
    'points_entry',
    'level_change',
    'consent',
    'store',
    'product',
    'stock',
    'price',
    'coupon',
    'service',
    'survey',
    'statement',
  ],
  limits: [
    'CSV, TSV, pipe and other separated text, NDJSON; plain or .gz; UTF-8, GB18030 or UTF-16. Archives and workbooks are refused.',
    'A line is at most 1 MB; a row with line breaks within quotes at most 64 KB.',
    'A file is read once it is whole: unchanged for 30 s, or its marker stands beside it. Subfolders are not read.',
  ],
  mapperVersion: 2,
  streams: () => [STREAM],
  pull: (context) => pullFiles(context),
  map: mapItem,
};
