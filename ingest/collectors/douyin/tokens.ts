/**
 * Access tokens of shops, in memory only: an app of the brand's own (自用型) gets one for a shop by asking, so nothing has to
 * be kept. A pair lives for days; within its last hour it is exchanged, and the old one stays good for an hour.
 */
import type { CallFailure } from '../kit/call-failure.ts';

interface Pair {
  readonly access: string;
  readonly refresh: string;
  readonly endsAt: number;
  /** Not before this time is it worth asking for the next pair. */
  readonly exchangeAt: number;
}

/** The members of an answer to `token.create` and `token.refresh` that are read. */
export interface TokenAnswer {
  readonly access_token?: unknown;
  readonly refresh_token?: unknown;
  readonly expires_in?: unknown;
}

export interface AskForTokens {
  readonly now: Date;
  readonly shopId: string;
  /** Makes a call without a token. Throws CallFailure. */
  ask(method: 'token.create' | 'token.refresh', body: Readonly<Record<string, string>>): Promise<TokenAnswer>;
  /** The failure of an answer without tokens. */
  notWhole(method: string): CallFailure;
  /** Whether a failed exchange is for good, so that a pair is to be made anew. */
  isRefusal(thrown: unknown): boolean;
}

const MINUTE_MS = 60_000;
/** Well inside the last hour by the platform's clock too: asked earlier, it gives the same pair again. */
const BEFORE_END_MS = 50 * MINUTE_MS;
const ASK_AGAIN_MS = 5 * MINUTE_MS;
/** `expires_in` is told as a lifetime in one text and as an instant in another. */
const SURELY_AN_INSTANT_S = 1e9;

export class ShopTokens {
  #pair: Pair | null = null;
  #pending: Promise<Pair> | null = null;

  /** A token that is good now; calls that ask at the same time wait for one exchange. */
  async get(asking: AskForTokens): Promise<string> {
    const now = asking.now.getTime();
    if (this.#pair !== null && now < this.#pair.exchangeAt) return this.#pair.access;
    return this.#next(asking);
  }

  /** A token in place of `stale`, which the platform no longer takes. */
  async renew(stale: string, asking: AskForTokens): Promise<string> {
    if (this.#pair !== null && this.#pair.access !== stale) return this.#pair.access;
    return this.#next(asking);
  }

  async #next(asking: AskForTokens): Promise<string> {
    this.#pending ??= this.#exchange(asking).finally(() => {
      this.#pending = null;
    });
    this.#pair = await this.#pending;
    return this.#pair.access;
  }

  async #exchange(asking: AskForTokens): Promise<Pair> {
    const old = this.#pair;
    if (old !== null) {
      try {
        const body = { refresh_token: old.refresh, grant_type: 'refresh_token' };
        const pair = pairOf(await asking.ask('token.refresh', body), { asking, method: 'token.refresh' });
        // The same pair again: it is good until its end, and asked for again in a while.
        if (pair.access !== old.access || pair.endsAt > asking.now.getTime()) return pair;
      } catch (thrown) {
        if (!asking.isRefusal(thrown)) throw thrown;
      }
    }
    const body = { code: '', grant_type: 'authorization_self', shop_id: asking.shopId };
    return pairOf(await asking.ask('token.create', body), { asking, method: 'token.create' });
  }
}

function pairOf(answer: TokenAnswer, { asking, method }: { asking: AskForTokens; method: string }): Pair {
  const { access_token: access, refresh_token: refresh, expires_in } = answer;
  const ends = Number(expires_in);
  if (typeof access !== 'string' || access === '' || typeof refresh !== 'string' || !(ends > 0))
    throw asking.notWhole(method);
  const now = asking.now.getTime();
  const endsAt = ends > SURELY_AN_INSTANT_S ? ends * 1000 : now + ends * 1000;
  return { access, refresh, endsAt, exchangeAt: Math.max(endsAt - BEFORE_END_MS, now + ASK_AGAIN_MS) };
}
