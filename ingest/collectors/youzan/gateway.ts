/**
 * Calls of Youzan Cloud under the shop's token, in its three envelopes: `{success, code, data}`, the older `{response}` and
 * `{error_response}`, and `{gw_err_resp}` of the gateway. All of them come with HTTP 200.
 */
import type { PullContext } from '../collector.ts';
import { CallFailure } from '../kit/call-failure.ts';
import { fetchText, notWhole } from '../kit/fetch-text.ts';
import { type Answer, cutAnswer, isObject, members, readJson } from '../kit/json.ts';
import { tryAgain } from '../kit/try-again.ts';
import { isDeadToken, outcomeOf } from './errors.ts';
import type { YouzanSettings } from './settings.ts';

export interface YouzanCall {
  /** `youzan.trades.sold.get`, and its version `4.0.4`. */
  readonly api: string;
  readonly version: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** The member of the data that holds the items; '' = the data is the one item. */
  readonly items: string;
  readonly isWhole: (head: Answer['head']) => boolean;
}

export interface YouzanGateway {
  /** Throws SourceFault when the call fails for good, CallFailure's own reason as its cause. */
  call(call: YouzanCall): Promise<Answer>;
}

type GatewayContext = PullContext<YouzanSettings>;

/** How long one call may take, from connecting to the last byte. */
const TIMEOUT_MS = 30_000;
/** A token that ends sooner than this is not begun a call with. */
const ENDS_SOON_MS = 5 * 60_000;
const TOKEN = '/auth/token';

export function openGateway(context: GatewayContext): YouzanGateway {
  let token: { readonly text: string; readonly expires: number } | null = null;

  /** `anew` ends the old one: without it the platform gives the same token as long as it is good. */
  async function tokenText(anew = false): Promise<string> {
    if (token === null) token = await fetchToken(context, anew);
    if (token.expires - context.clock.now().getTime() < ENDS_SOON_MS) token = await fetchToken(context, true);
    return token.text;
  }

  async function attempt(call: YouzanCall): Promise<Answer> {
    const held = await tokenText();
    try {
      return await ask(context, call, held);
    } catch (error) {
      if (!(error instanceof CallFailure) || !isDeadToken(Number(error.subCode))) throw error;
      token = null;
    }
    return ask(context, call, await tokenText(true));
  }

  return { call: (call) => tryAgain(context, { method: call.api, attempt: () => attempt(call) }) };
}

async function fetchToken(context: GatewayContext, refresh: boolean): Promise<{ text: string; expires: number }> {
  const { client_id, client_secret, kdt_id } = context.source.settings;
  const body = { authorize_type: 'silent', client_id, client_secret, grant_id: kdt_id, refresh };
  const data = readJson(await dataOf(context, { name: TOKEN, path: TOKEN, body }));
  if (!isObject(data) || typeof data.access_token !== 'string' || typeof data.expires !== 'number')
    throw notWhole(TOKEN);
  return { text: data.access_token, expires: data.expires };
}

async function ask(context: GatewayContext, call: YouzanCall, token: string): Promise<Answer> {
  const path = `/api/${call.api}/${call.version}?${new URLSearchParams({ access_token: token }).toString()}`;
  const data = await dataOf(context, { name: call.api, path, body: call.body });
  const answer = read(call.api, () => cutAnswer(call.items === '' ? `{"data":${data}}` : data, call.items || 'data'));
  if (!call.isWhole(answer.head)) throw notWhole(call.api);
  return answer;
}

/** The text of the data in an answer's envelope. */
async function dataOf(
  context: GatewayContext,
  { name, path, body }: { name: string; path: string; body: object },
): Promise<string> {
  const text = await fetchText(context, {
    name,
    url: `${context.source.settings.gateway}${path}`,
    timeoutMs: TIMEOUT_MS,
    init: { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  });
  const code = read(name, () => errorCode(readJson(text)));
  if (code !== null) {
    const said = `${name}: the platform answered code ${code}`;
    throw new CallFailure(said, { outcome: outcomeOf(code), subCode: String(code) });
  }
  const data = read(name, () => members(text).find(({ key }) => key === 'data' || key === 'response'));
  if (!data) throw notWhole(name);
  return text.slice(data.start, data.end);
}

/** The code of an error; null for an answer that is none. A failure may carry empty lists in its data all the same. */
function errorCode(answer: unknown): number | null {
  if (!isObject(answer)) throw new SyntaxError('the answer is no JSON object');
  if (isObject(answer.gw_err_resp)) return Number(answer.gw_err_resp.err_code);
  if (isObject(answer.error_response)) return Number(answer.error_response.code);
  if (isObject(answer.response)) return null;
  return answer.success === true && Number(answer.code ?? 200) === 200 ? null : Number(answer.code);
}

function read<T>(name: string, how: () => T): T {
  try {
    return how();
  } catch (cause) {
    throw notWhole(name, cause);
  }
}
