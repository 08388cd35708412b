/** One call to the gateway: paced, signed, with a token that is good, tried again where that can help. */
import type { PullContext } from '../collector.ts';
import { CallFailure } from '../kit/call-failure.ts';
import { fetchText, notWhole } from '../kit/fetch-text.ts';
import { type Answer, cutAnswer, isObject, readJson } from '../kit/json.ts';
import { tryAgain } from '../kit/try-again.ts';
import { failureOf, isStaleToken } from './failure.ts';
import type { DouyinSettings } from './settings.ts';
import { type ShopState, shopState } from './shop-state.ts';
import { callSignature, sortedJson } from './sign.ts';
import type { AskForTokens, TokenAnswer } from './tokens.ts';

export interface Call {
  /** As it is signed: the path with dots (`order.searchList`). */
  readonly method: string;
  readonly body: object;
  /** The member of `data` that holds the items. */
  readonly items: string;
  /** Whether the rest of `data` is what it should be; where not, the call is made again. */
  readonly isWhole: (head: Answer['head']) => boolean;
}

export interface Gateway {
  /** `data` cut into its items. Throws SourceFault when the call fails for good, CallFailure's own reason as its cause. */
  call(call: Call): Promise<Answer>;
}

type GatewayContext = Pick<PullContext<DouyinSettings>, 'source' | 'clock' | 'signal' | 'log' | 'sleep'>;

interface Open {
  readonly context: GatewayContext;
  readonly state: ShopState;
  readonly timeoutMs: number;
}

/** `timeoutMs`: how long one attempt may take, from connecting to the last byte. */
export function openGateway(context: GatewayContext, { timeoutMs }: { timeoutMs: number }): Gateway {
  const open: Open = { context, state: shopState(context.source.settings), timeoutMs };
  return { call: (call) => tryAgain(context, { method: call.method, attempt: () => attempt(open, call) }) };
}

async function attempt(open: Open, { method, body, items, isWhole }: Call): Promise<Answer> {
  const json = sortedJson(body);
  const data = await withToken(open, (token) => post(open, { method, json, token }));
  const answer = readAs(method, () => cutAnswer(data, items));
  if (!isWhole(answer.head)) throw notWhole(method);
  return answer;
}

/** A token that turns out to have ended is exchanged once, within the same attempt. */
async function withToken<T>(open: Open, call: (token: string) => Promise<T>): Promise<T> {
  const asking = askingFor(open);
  const token = await open.state.tokens.get(asking);
  try {
    return await call(token);
  } catch (thrown) {
    if (!(thrown instanceof CallFailure && isStaleToken(thrown))) throw thrown;
    return call(await open.state.tokens.renew(token, asking));
  }
}

function askingFor(open: Open): AskForTokens {
  return {
    now: open.context.clock.now(),
    shopId: open.context.source.settings.shop_id,
    notWhole,
    isRefusal: (thrown) => thrown instanceof CallFailure && thrown.outcome.next === 'stop',
    async ask(method, body) {
      const data = await post(open, { method, json: sortedJson(body), token: null });
      const answer = readAs(method, () => readJson(data));
      if (!isObject(answer)) throw notWhole(method);
      return answer as TokenAnswer;
    },
  };
}

/** Makes the call once and gives the text of `data`. */
async function post(
  { context, state, timeoutMs }: Open,
  { method, json, token }: { method: string; json: string; token: string | null },
): Promise<string> {
  const { source, clock, signal, sleep } = context;
  const { gateway, app_key, app_secret, sign_method, calls_per_second } = source.settings;
  const wait = state.pace.next(clock.now().getTime(), 1000 / calls_per_second);
  if (wait > 0) await sleep(wait);
  signal.throwIfAborted();
  const timestamp = String(Math.floor(clock.now().getTime() / 1000));
  const signing = { appKey: app_key, secret: app_secret, signMethod: sign_method };
  const params = new URLSearchParams({
    app_key,
    method,
    timestamp,
    v: '2',
    sign_method,
    sign: callSignature({ method, body: json, timestamp }, signing),
    ...(token === null ? {} : { access_token: token }),
  });
  const init = {
    method: 'POST',
    // The last asks for `code` and `sub_code` in place of the old `err_no`.
    headers: { 'content-type': 'application/json;charset=UTF-8', 'x-open-no-old-err-code': '1' },
    body: json,
  };
  const url = `${gateway}/${method.replaceAll('.', '/')}?${params.toString()}`;
  const text = await fetchText({ signal }, { name: method, url, init, timeoutMs });
  return dataOf(method, text);
}

const OK = 10000;

/** The text of `data`; a refusal, in the new words or the old ones, is thrown. */
function dataOf(method: string, text: string): string {
  const { head, items } = readAs(method, () => cutAnswer(text, 'data'));
  const code = Number(head.code ?? (head.err_no === 0 ? OK : head.err_no));
  const said = (key: string) => (typeof head[key] === 'string' ? head[key] : '');
  if (Number.isNaN(code)) throw notWhole(method);
  if (code !== OK) throw failureOf(method, { code, msg: said('msg') || said('message'), sub_code: said('sub_code') });
  const [data] = items;
  if (data === undefined) throw notWhole(method);
  return data;
}

function readAs<T>(method: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw notWhole(method, cause);
  }
}
