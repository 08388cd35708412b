/**
 * Calls of WeChat and WeCom under an access token: fetched once a pull, renewed before it ends, and once anew where the
 * platform says that it is dead. Answers carry errors in `errcode` under HTTP 200.
 */
import { CallFailure, type Outcome } from '../kit/call-failure.ts';
import { fetchText, notWhole } from '../kit/fetch-text.ts';
import { type Answer, cutAnswer } from '../kit/json.ts';
import { type CallContext, tryAgain } from '../kit/try-again.ts';

export interface TokenCall {
  /** Path behind the gateway's URL, such as `/channels/ec/order/list/get`. */
  readonly path: string;
  /** Absent: a GET. */
  readonly body?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, string>>;
  /** The member of the answer that holds the items (a list or one object). */
  readonly items: string;
  /** Whether the rest of the answer is what it should be; where not, the call is made again. */
  readonly isWhole: (head: Answer['head']) => boolean;
}

export interface TokenGateway {
  /** Throws SourceFault when the call fails for good, CallFailure's own reason as its cause. */
  call(call: TokenCall): Promise<Answer>;
}

export interface TokenPlatform {
  /** The gateway's URL without a slash at its end. */
  readonly url: string;
  /** How a token is asked for. */
  readonly token: Pick<TokenCall, 'path' | 'body' | 'query'>;
  /** What an `errcode` asks for. */
  readonly outcomeOf: (errcode: number, now: Date) => Outcome;
  /** How long one attempt may take. */
  readonly timeoutMs: number;
}

interface Token {
  readonly text: string;
  readonly renewAt: number;
}

/** A token that is wrong, was replaced or has ended. */
const DEAD_TOKEN = ['40001', '40014', '42001'];
/** A token is renewed this long before it ends, but not more often than each minute. */
const RENEW_BEFORE_S = 600;
const RENEW_AFTER_S = 60;

export function openTokenGateway(context: CallContext, platform: TokenPlatform): TokenGateway {
  let token: Token | null = null;

  async function tokenText(): Promise<string> {
    if (token === null || context.clock.now().getTime() >= token.renewAt) token = await fetchToken(context, platform);
    return token.text;
  }

  const askWith = (call: TokenCall, access_token: string) =>
    ask(context, platform, { ...call, query: { ...call.query, access_token } });

  async function attempt(call: TokenCall): Promise<Answer> {
    const held = await tokenText();
    try {
      return await askWith(call, held);
    } catch (error) {
      if (!isDeadToken(error)) throw error;
      token = null;
    }
    return askWith(call, await tokenText());
  }

  return { call: (call) => tryAgain(context, { method: call.path, attempt: () => attempt(call) }) };
}

function isDeadToken(error: unknown): boolean {
  return error instanceof CallFailure && DEAD_TOKEN.includes(error.subCode);
}

async function fetchToken(context: CallContext, platform: TokenPlatform): Promise<Token> {
  const { head } = await ask(context, platform, {
    ...platform.token,
    items: '',
    isWhole: ({ access_token, expires_in }) =>
      typeof access_token === 'string' && access_token !== '' && typeof expires_in === 'number',
  });
  const seconds = Math.max(RENEW_AFTER_S, Number(head.expires_in) - RENEW_BEFORE_S);
  return { text: String(head.access_token), renewAt: context.clock.now().getTime() + seconds * 1000 };
}

async function ask(context: CallContext, platform: TokenPlatform, call: TokenCall): Promise<Answer> {
  const { path: name, query = {}, body } = call;
  const search = new URLSearchParams(query).toString();
  const text = await fetchText(context, {
    name,
    url: `${platform.url}${name}${search === '' ? '' : `?${search}`}`,
    timeoutMs: platform.timeoutMs,
    init: body
      ? { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
      : { method: 'GET' },
  });
  const answer = readAnswer(call, text);
  const code = Number(answer.head.errcode ?? 0);
  if (code !== 0) throw failureOf(platform, { name, code, now: context.clock.now() });
  if (!call.isWhole(answer.head)) throw notWhole(name);
  return answer;
}

/** `errmsg` may name what was asked for: only the code is told. */
function failureOf(platform: TokenPlatform, of: { name: string; code: number; now: Date }): CallFailure {
  return new CallFailure(`${of.name}: the platform answered errcode ${of.code}`, {
    outcome: platform.outcomeOf(of.code, of.now),
    subCode: String(of.code),
  });
}

function readAnswer({ path, items }: TokenCall, text: string): Answer {
  try {
    return cutAnswer(text, items);
  } catch (cause) {
    throw notWhole(path, cause);
  }
}
