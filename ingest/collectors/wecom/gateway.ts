/** The WeCom API under the app's token, which stays the same for whoever asks for it while it lasts. */
import type { PullContext } from '../collector.ts';
import { openTokenGateway, type TokenGateway } from '../tencent/token-gateway.ts';
import { errcodes } from './errcode.ts';
import type { WecomSettings } from './settings.ts';

/** How long one call may take, from connecting to the last byte. */
const TIMEOUT_MS = 30_000;

export function openGateway(context: PullContext<WecomSettings>): TokenGateway {
  const { gateway, corp_id, app_secret } = context.source.settings;
  return openTokenGateway(context, {
    url: gateway,
    token: { path: '/cgi-bin/gettoken', query: { corpid: corp_id, corpsecret: app_secret } },
    outcomeOf: errcodes.outcomeOf,
    timeoutMs: TIMEOUT_MS,
  });
}
