/** One HTTP call to a platform: its answer's text, or a CallFailure that says whether to try again. */
import { CallFailure } from './call-failure.ts';
import type { CallContext } from './try-again.ts';

const WORTH_AGAIN = [408, 429];
const NO_GATEWAY = 'This is no answer of the platform. Check the URL in `gateway` of this source.';

export interface TextCall {
  /** Names the call in faults and logs; never holds a secret. */
  readonly name: string;
  readonly url: string;
  readonly init: Pick<RequestInit, 'method' | 'headers' | 'body'>;
  /** How long it may take, from connecting to the last byte. */
  readonly timeoutMs: number;
}

export async function fetchText({ signal }: Pick<CallContext, 'signal'>, call: TextCall): Promise<string> {
  const { name, url, init, timeoutMs } = call;
  const within = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const { text, status } = await textOf(url, { ...init, signal: within }).catch((cause: unknown) => {
    signal.throwIfAborted();
    const said = `${name}: the platform cannot be reached or did not answer`;
    throw new CallFailure(said, { outcome: { next: 'again' }, cause });
  });
  if (status >= 400 && status < 500 && !WORTH_AGAIN.includes(status)) {
    throw new CallFailure(`${name}: HTTP ${status}`, {
      outcome: { next: 'stop', kind: 'misconfigured', advice: NO_GATEWAY },
    });
  }
  if (status !== 200) throw new CallFailure(`${name}: HTTP ${status}`, { outcome: { next: 'again' } });
  return text;
}

async function textOf(url: string, init: RequestInit): Promise<{ text: string; status: number }> {
  const response = await fetch(url, init);
  return { text: await response.text(), status: response.status };
}

/** Half a body, a proxy's page, nothing at all: not told apart, since the remedy is the same. */
export function notWhole(name: string, cause?: unknown): CallFailure {
  return new CallFailure(`${name}: the answer is not whole`, { outcome: { next: 'again' }, cause });
}
