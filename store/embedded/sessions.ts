/**
 * The engine's sessions. A session runs one statement at a time and cannot be cleaned, so one is only ever used again
 * for the same database and settings, and only when nothing it ran could have left a mark on it.
 */
import type { Session } from 'chdb';
import { exception } from './exception.ts';

/** Idle sessions kept, all settings together; one takes about 0.1 MB. */
const IDLE_MAX = 64;
const SETTING_NAME = /^[A-Za-z_][\w.]*$/;

export type Settings = readonly (readonly [name: string, value: string])[];

export interface SessionState {
  /** The session's own where there is none: `default` in a new one. */
  readonly database: string | undefined;
  /** In the order they are set. */
  readonly settings: Settings;
}

/** A session for one request. */
export interface Lease {
  readonly session: Session;
  /** Gives the session back; `marked` if what it ran may be seen by a later statement. */
  release(marked: boolean): Promise<void>;
}

export class SessionPool {
  readonly #open: () => Session;
  /** By state, the one not asked for longest first. */
  readonly #idle = new Map<string, Session[]>();
  #idleCount = 0;

  constructor(open: () => Session) {
    this.#open = open;
  }

  /**
   * A session in which nothing but this state holds; values bound for earlier statements may still be there unless it is
   * `fresh`. Throws the engine's error for a setting it does not know.
   */
  async lease(state: SessionState, fresh: boolean): Promise<Lease> {
    const key = JSON.stringify([state.database, state.settings]);
    const session = (fresh ? undefined : this.#take(key)) ?? (await this.#prepare(state));
    return {
      session,
      release: async (marked) => (marked ? session.close() : this.#keep(key, session)),
    };
  }

  close(): void {
    for (const session of [...this.#idle.values()].flat()) session.close();
    this.#idle.clear();
  }

  #take(key: string): Session | undefined {
    const same = this.#idle.get(key);
    const session = same?.pop();
    if (session !== undefined) this.#idleCount -= 1;
    if (same?.length === 0) this.#idle.delete(key);
    return session;
  }

  #keep(key: string, session: Session): void {
    const same = this.#idle.get(key) ?? [];
    this.#idle.delete(key);
    this.#idle.set(key, [...same, session]);
    this.#idleCount += 1;
    if (this.#idleCount > IDLE_MAX) this.#take(this.#idle.keys().next().value!)?.close();
  }

  async #prepare(state: SessionState): Promise<Session> {
    const session = this.#open();
    try {
      if (state.database !== undefined) await use(session, state.database);
      await set(session, state.settings);
      return session;
    } catch (thrown) {
      session.close();
      throw thrown;
    }
  }
}

export async function use(session: Session, database: string): Promise<void> {
  await session.queryAsync(`USE \`${database.replace(/[\\`]/g, '\\$&')}\``);
}

/** Throws for a name that cannot be one of a setting. */
export function checkNames(settings: Settings): void {
  const unknown = settings.find(([name]) => !SETTING_NAME.test(name));
  if (unknown !== undefined) throw exception(115, 'UNKNOWN_SETTING', `Unknown setting '${unknown[0]}'`);
}

/** Sets all of them; their names have been checked. */
export async function set(session: Session, settings: Settings): Promise<void> {
  if (settings.length === 0) return;
  await session.queryAsync(`SET ${settings.map(([name, value]) => `${name} = ${quoted(value)}`).join(', ')}`);
}

/** Makes values known to the statement that follows. They are escaped as tab-separated text, as over HTTP. */
export async function bind(session: Session, params: ReadonlyMap<string, string>): Promise<void> {
  await set(
    session,
    [...params].map(([name, value]) => [`param_${name}`, value] as const),
  );
}

/** A string literal. */
export function quoted(value: string): string {
  return `'${value.replace(/[\\']/g, '\\$&')}'`;
}
