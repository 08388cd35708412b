/** The WeChat API under the shop's stable token, which other programs may hold as well without ending it. */
import type { PullContext } from '../collector.ts';
import { openTokenGateway, type TokenGateway } from '../tencent/token-gateway.ts';
import { errcodes } from './errcode.ts';
import type { WeixinShopSettings } from './settings.ts';

/** How long one call may take, from connecting to the last byte. */
const TIMEOUT_MS = 30_000;

export function openGateway(context: PullContext<WeixinShopSettings>): TokenGateway {
  const { gateway, app_id, app_secret } = context.source.settings;
  return openTokenGateway(context, {
    url: gateway,
    token: {
      path: '/cgi-bin/stable_token',
      body: { grant_type: 'client_credential', appid: app_id, secret: app_secret, force_refresh: false },
    },
    outcomeOf: errcodes.outcomeOf,
    timeoutMs: TIMEOUT_MS,
  });
}
