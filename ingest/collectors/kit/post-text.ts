/** Posts to a gateway; whatever is no answer of it is a CallFailure that says whether to call again. */
import { CallFailure } from './call-failure.ts';

export interface Post {
  /** The platform's name of the call, for faults. */
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | URLSearchParams;
  readonly signal: AbortSignal;
  /** From connecting to the last byte. */
  readonly timeoutMs: number;
}

const WORTH_AGAIN = [408, 429];
const NO_GATEWAY = 'This is no answer of the gateway. Check the URL in `gateway` of this source.';

/** The text of the answer, which was sent with HTTP 200. */
export async function postText(url: string, post: Post): Promise<string> {
  const { text, status } = await send(url, post);
  if (status >= 400 && status < 500 && !WORTH_AGAIN.includes(status)) {
    throw new CallFailure(`${post.method}: HTTP ${status}`, {
      outcome: { next: 'stop', kind: 'misconfigured', advice: NO_GATEWAY },
    });
  }
  if (status !== 200) throw new CallFailure(`${post.method}: HTTP ${status}`, { outcome: { next: 'again' } });
  return text;
}

/** Half a body, a proxy's page, nothing at all: not told apart, since the remedy is the same. */
export function unreadable(method: string, cause?: unknown): CallFailure {
  return new CallFailure(`${method}: the answer is not whole`, { outcome: { next: 'again' }, cause });
}

async function send(
  url: string,
  { method, headers, body, signal, timeoutMs }: Post,
): Promise<{ text: string; status: number }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    return { text: await response.text(), status: response.status };
  } catch (cause) {
    signal.throwIfAborted();
    throw new CallFailure(`${method}: the gateway cannot be reached or did not answer`, {
      outcome: { next: 'again' },
      cause,
    });
  }
}
