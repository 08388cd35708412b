/** Every collector, one line each: a platform is added here and in its own folder. */
import type { Collector } from './collector.ts';
import { douyinCollector } from './douyin/index.ts';
import { filesCollector } from './files/index.ts';
import { pospalCollector } from './pospal/index.ts';
import { restCollector } from './rest/index.ts';
import { sftpCollector } from './sftp/index.ts';
import { tmallCollector } from './tmall/index.ts';
import { trackCollector } from './track/index.ts';
import { wecomCollector } from './wecom/index.ts';
import { weixinShopCollector } from './weixin_shop/index.ts';
import { youzanCollector } from './youzan/index.ts';

const COLLECTORS: readonly Collector[] = [
  tmallCollector as Collector,
  douyinCollector as Collector,
  weixinShopCollector as Collector,
  wecomCollector as Collector,
  youzanCollector as Collector,
  filesCollector as Collector,
  sftpCollector as Collector,
  trackCollector as Collector,
  restCollector as Collector,
  pospalCollector as Collector,
];

export const collectors: ReadonlyMap<string, Collector> = new Map(COLLECTORS.map((one) => [one.platform, one]));
