/** What all pulls of a shop share while the process lives: its tokens, and the pace of its calls. */
import type { DouyinSettings } from './settings.ts';
import { ShopTokens } from './tokens.ts';

const LONGEST_WAIT_MS = 60_000;

/** Spreads calls evenly, so that a limit per second is never reached. */
class Pace {
  #nextAt = 0;

  /** Milliseconds to wait before the next call. */
  next(now: number, everyMs: number): number {
    // A clock that was set back must not stop the calls.
    const at = this.#nextAt - now > LONGEST_WAIT_MS ? now : Math.max(now, this.#nextAt);
    this.#nextAt = at + everyMs;
    return at - now;
  }
}

export interface ShopState {
  readonly tokens: ShopTokens;
  readonly pace: Pace;
}

const shops = new Map<string, ShopState>();

/** The state of the shop that `settings` name. */
export function shopState({ gateway, app_key, shop_id }: DouyinSettings): ShopState {
  const name = `${gateway} ${app_key} ${shop_id}`;
  const state = shops.get(name) ?? { tokens: new ShopTokens(), pace: new Pace() };
  shops.set(name, state);
  return state;
}
