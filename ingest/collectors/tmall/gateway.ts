/** One call to the gateway: signed, timed, tried again where that can help, its answer cut into items. */
import type { PullContext } from '../collector.ts';
import { fetchText, notWhole } from '../kit/fetch-text.ts';
import { type Answer, cutAnswer, isObject } from '../kit/json.ts';
import { platformTime } from '../kit/time.ts';
import { tryAgain } from '../kit/try-again.ts';
import type { TmallSettings } from './settings.ts';
import { sign } from './sign.ts';
import { failureOf } from './top-error.ts';

export interface Call {
  readonly method: string;
  readonly params: Readonly<Record<string, string>>;
  /** The member of the answer that holds the items (a list or one object). */
  readonly items: string;
  /** Whether the rest of the answer is what it should be; where not, the call is made again. */
  readonly isWhole: (head: Answer['head']) => boolean;
  /** False for calls of the app itself, which need no shop's session. @default true */
  readonly authorised?: boolean;
}

export interface Gateway {
  /** Throws SourceFault when the call fails for good, CallFailure's own reason as its cause. */
  call(call: Call): Promise<Answer>;
}

type GatewayContext = Pick<PullContext<TmallSettings>, 'source' | 'clock' | 'signal' | 'log' | 'sleep'>;

/** `timeoutMs`: how long one attempt may take, from connecting to the last byte. */
export function openGateway(context: GatewayContext, { timeoutMs }: { timeoutMs: number }): Gateway {
  return {
    call: (call) => tryAgain(context, { method: call.method, attempt: () => attempt(context, { call, timeoutMs }) }),
  };
}

async function attempt(
  context: GatewayContext,
  { call, timeoutMs }: { call: Call; timeoutMs: number },
): Promise<Answer> {
  const text = await post(context, { call, timeoutMs });
  const answer = readAnswer(call, text);
  const error = answer.head.error_response;
  if (isObject(error)) {
    const said = (key: string) => (typeof error[key] === 'string' ? error[key] : '');
    throw failureOf(call.method, {
      code: Number(error.code),
      msg: said('msg'),
      sub_code: said('sub_code'),
      sub_msg: said('sub_msg'),
    });
  }
  if (!call.isWhole(answer.head)) throw notWhole(call.method);
  return answer;
}

function readAnswer(call: Call, text: string): Answer {
  try {
    return cutAnswer(text, call.items);
  } catch (cause) {
    throw notWhole(call.method, cause);
  }
}

async function post(
  { source, clock, signal }: GatewayContext,
  { call, timeoutMs }: { call: Call; timeoutMs: number },
): Promise<string> {
  const { settings } = source;
  const params: Record<string, string> = {
    method: call.method,
    app_key: settings.app_key,
    ...(call.authorised === false ? {} : { session: settings.session }),
    timestamp: platformTime(clock.now()),
    v: '2.0',
    format: 'json',
    simplify: 'true',
    sign_method: settings.sign_method,
    ...call.params,
  };
  params.sign = sign(params, { secret: settings.app_secret, method: settings.sign_method });
  return fetchText(
    { signal },
    {
      name: call.method,
      url: settings.gateway,
      init: {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' },
        body: new URLSearchParams(params),
      },
      timeoutMs,
    },
  );
}
