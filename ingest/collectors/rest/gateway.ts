/** Calls of a REST interface: signed, no faster than agreed, tried again where that helps. */
import { createHmac } from 'node:crypto';
import type { PullContext } from '../collector.ts';
import { CallFailure, type Outcome } from '../kit/call-failure.ts';
import { notWhole } from '../kit/fetch-text.ts';
import { tryAgain } from '../kit/try-again.ts';
import { parsed, rowsAt, valueAt } from './answer.ts';
import type { Codes, HmacAuth, RestList, RestSettings } from './settings.ts';

export type RestContext = PullContext<RestSettings>;

export interface RestPage {
  /** Each row as it was sent. */
  readonly rows: readonly string[];
  /** Of all rows asked for; null where the list does not tell. */
  readonly total: number | null;
  /** The cursor of the next page; '' behind the last. */
  readonly next: string;
}

export type Parameters = Readonly<Record<string, string | number | boolean>>;

/** How long one call may take, from connecting to the last byte. */
const TIMEOUT_MS = 60_000;
/** How long a limit is waited for where the platform does not say. */
const LIMITED_SECONDS = 30;

const ADVICE =
  'The interface does not answer as it should. The next scheduled pull goes on from here; if it stays so, check `url` of this source and the network.';
const EXPIRED = 'Have a new token or secret made, set it in the environment, and start this source again.';
const REFUSED =
  'Compare `path`, `parameters`, `paging`, `changed` and the signature of this list with the description of the interface; then start this source again.';

export class RestGateway {
  readonly #context: RestContext;

  constructor(context: RestContext) {
    this.#context = context;
  }

  /** One page of a list. Throws SourceFault when the call fails for good. */
  read(list: RestList, parameters: Parameters): Promise<RestPage> {
    return tryAgain(this.#context, {
      method: list.name,
      advice: ADVICE,
      attempt: () => this.#attempt(list, parameters),
    });
  }

  async #attempt(list: RestList, parameters: Parameters): Promise<RestPage> {
    const { clock, source, signal } = this.#context;
    await inTurn(this.#context);
    const { url, init } = requestOf(list, { settings: source.settings, parameters, now: clock.now() });
    const within = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    const { text, status, retryAfter } = await fetched(url, { ...init, signal: within }).catch((cause: unknown) => {
      signal.throwIfAborted();
      const said = `${list.name}: the interface cannot be reached or did not answer`;
      throw new CallFailure(said, { outcome: { next: 'again' }, cause });
    });
    if (status !== 200) throw statusFailure(list.name, { status, retryAfter, now: clock.now() });
    return pageOf(list, { text, codes: source.settings.codes });
  }
}

/** When the next call of a source may be made, in milliseconds: its lists share one limit. */
const nextCalls = new WeakMap<RestSettings, number>();

async function inTurn({ clock, sleep, source: { settings } }: RestContext): Promise<void> {
  const now = clock.now().getTime();
  const at = Math.max(now, nextCalls.get(settings) ?? 0);
  nextCalls.set(settings, at + Math.ceil(1000 / settings.calls_per_second));
  if (at > now) await sleep(at - now);
}

/** The call of a list: parameters in the query of a GET, in the JSON body of a POST. */
function requestOf(list: RestList, of: { settings: RestSettings; parameters: Parameters; now: Date }) {
  const { settings, now } = of;
  const parameters = { ...list.parameters, ...of.parameters };
  const isGet = list.method === 'GET';
  const pairs = Object.entries(parameters).map(([key, value]): [string, string] => [key, String(value)]);
  const query = isGet ? new URLSearchParams(pairs).toString() : '';
  const body = isGet ? '' : JSON.stringify(parameters);
  const url = new URL(`${settings.url.replace(/\/+$/, '')}${list.path}${query && `?${query}`}`);
  const headers: Record<string, string> = { accept: 'application/json', ...settings.headers };
  if (!isGet) headers['content-type'] = 'application/json';
  if (settings.hmac) Object.assign(headers, signed(settings.hmac, { method: list.method, url, query, body, now }));
  return { url, init: { method: list.method, headers, ...(!isGet && { body }) } };
}

function signed(
  hmac: HmacAuth,
  of: { method: string; url: URL; query: string; body: string; now: Date },
): Record<string, string> {
  const ms = of.now.getTime();
  const timestamp = String(hmac.timestamp_unit === 'second' ? Math.floor(ms / 1000) : ms);
  const parts: Readonly<Record<string, string>> = {
    ...{ timestamp, method: of.method, path: of.url.pathname, query: of.query, body: of.body },
  };
  const text = hmac.text.replace(/\{(timestamp|method|path|query|body)\}/g, (_, part: string) => parts[part]!);
  const signature = createHmac(hmac.algorithm, hmac.secret).update(text).digest(hmac.encoding);
  return { [hmac.timestamp_header]: timestamp, [hmac.header]: signature };
}

async function fetched(url: URL, init: RequestInit): Promise<{ text: string; status: number; retryAfter: string }> {
  // A redirect would carry the token to another host.
  const response = await fetch(url, { ...init, redirect: 'manual' });
  const retryAfter = response.headers.get('retry-after') ?? '';
  return { text: await response.text(), status: response.status, retryAfter };
}

function statusFailure(name: string, of: { status: number; retryAfter: string; now: Date }): CallFailure {
  const outcome = outcomeOf(of.status, secondsOf(of.retryAfter, of.now));
  return new CallFailure(`${name}: HTTP ${of.status}`, { outcome });
}

function outcomeOf(status: number, seconds: number | null): Outcome {
  if (status === 429) return { next: 'banned', seconds: seconds ?? LIMITED_SECONDS };
  if (status === 503 && seconds !== null) return { next: 'banned', seconds };
  if (status === 401) return { next: 'stop', kind: 'reauthorise', advice: EXPIRED };
  const passes = status >= 500 || status === 408 || status === 425;
  return passes ? { next: 'again' } : { next: 'stop', kind: 'misconfigured', advice: REFUSED };
}

/** Retry-After in seconds or as a date (RFC 9110, 10.2.3); null for neither. */
function secondsOf(given: string, now: Date): number | null {
  if (/^\d{1,8}$/.test(given)) return Number(given);
  const at = given === '' ? Number.NaN : Date.parse(given);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now.getTime()) / 1000));
}

function pageOf(list: RestList, { text, codes }: { text: string; codes: Codes | undefined }): RestPage {
  const { name, items, paging } = list;
  try {
    const answer = parsed(text);
    if (codes) assertGood(name, { code: valueAt(answer, codes.at), codes });
    const rows = rowsAt(text, items);
    const total = paging.total === undefined ? null : Number(valueAt(answer, paging.total) || Number.NaN);
    if (rows === undefined || (total !== null && !Number.isSafeInteger(total))) throw notWhole(name);
    return { rows, total, next: paging.next === undefined ? '' : valueAt(answer, paging.next) };
  } catch (thrown) {
    throw thrown instanceof SyntaxError ? notWhole(name, thrown) : thrown;
  }
}

function assertGood(name: string, { code, codes }: { code: string; codes: Codes }): void {
  if (codes.good.includes(code)) return;
  if (code === '') throw notWhole(name);
  const said = `${name}: the interface answered code ${code.slice(0, 40)}`;
  if (codes.busy.includes(code)) throw new CallFailure(said, { outcome: { next: 'again' } });
  const outcome: Outcome = codes.expired.includes(code)
    ? { next: 'stop', kind: 'reauthorise', advice: EXPIRED }
    : { next: 'stop', kind: 'misconfigured', advice: REFUSED };
  throw new CallFailure(said, { outcome, subCode: code });
}
