/**
 * The engine's sessions. A session runs one statement at a time and cannot be cleaned, so one is only ever used again
 * for the same database and settings, and only when nothing it ran could have left a mark on it.
 */
import type { Session } from 'chdb';
import { exception } from './exception.ts';

/** Idle sessions kept, all settings together. */
const IDLE_MAX = 24;
const SETTING_NAME = /^[A-Za-z_][\w.]*$/;

export interface SessionState {
  readonly database: string;
  /** In the order they are set. */
  readonly settings: readonly (readonly [name: string, value: string])[];
}

export interface Lease {
  readonly session: Session;
  /** Makes the values known to the statement that follows. They are escaped as tab-separated text, as over HTTP. */
  bind(params: ReadonlyMap<string, string>): Promise<void>;
  /** Gives the session back; `marked` if it may not be used for another request. */
  release(marked: boolean): void;
}

export class SessionPool {
  readonly #open: () => Session;
  readonly #idle = new Map<string, Session[]>();
  #idleCount = 0;

  constructor(open: () => Session) {
    this.#open = open;
  }

  /** A session in which nothing but this state holds. Throws the engine's error for a setting it does not know. */
  async lease(state: SessionState): Promise<Lease> {
    const key = JSON.stringify([state.database, state.settings]);
    const session = this.#take(key) ?? (await this.#prepare(state));
    return {
      session,
      bind: (params) => bind(session, params),
      release: (marked) => (marked ? session.close() : this.#keep(key, session)),
    };
  }

  close(): void {
    for (const session of [...this.#idle.values()].flat()) session.close();
    this.#idle.clear();
  }

  #take(key: string): Session | undefined {
    const session = this.#idle.get(key)?.pop();
    if (session !== undefined) this.#idleCount -= 1;
    if (this.#idle.get(key)?.length === 0) this.#idle.delete(key);
    return session;
  }

  #keep(key: string, session: Session): void {
    const same = this.#idle.get(key) ?? [];
    // The key moves to the end: the settings not asked for longest come first.
    this.#idle.delete(key);
    this.#idle.set(key, [...same, session]);
    this.#idleCount += 1;
    if (this.#idleCount > IDLE_MAX) this.#take(this.#idle.keys().next().value!)?.close();
  }

  async #prepare(state: SessionState): Promise<Session> {
    const session = this.#open();
    try {
      await prepare(session, state);
      return session;
    } catch (thrown) {
      session.close();
      throw thrown;
    }
  }
}

/** Puts a session into a state. */
export async function prepare(session: Session, { database, settings }: SessionState): Promise<void> {
  if (database !== 'default') await session.queryAsync(`USE \`${database.replace(/[\\`]/g, '\\$&')}\``);
  if (settings.length === 0) return;
  const unknown = settings.find(([name]) => !SETTING_NAME.test(name));
  if (unknown !== undefined) throw exception(115, 'UNKNOWN_SETTING', `Unknown setting '${unknown[0]}'`);
  await session.queryAsync(`SET ${settings.map(([name, value]) => `${name} = ${quoted(value)}`).join(', ')}`);
}

async function bind(session: Session, params: ReadonlyMap<string, string>): Promise<void> {
  if (params.size === 0) return;
  const names = [...params].map(([name, value]) => `param_${name} = ${quoted(value)}`);
  await session.queryAsync(`SET ${names.join(', ')}`);
}

/** A string literal. */
function quoted(value: string): string {
  return `'${value.replace(/[\\']/g, '\\$&')}'`;
}
