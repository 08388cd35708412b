/** Sessions that a client names (`session_id`) and whose state stays from one request to the next. */
import type { Session } from 'chdb';
import { exception } from './exception.ts';
import { type Lease, quoted, type SessionState, type Settings, set, use } from './sessions.ts';

const TIMEOUT_S_MAX = 3600;

/** Which session, how long it is kept after its last request, and whether it must be there already. */
export interface SessionWish {
  readonly id: string;
  readonly timeoutS: number;
  readonly check: boolean;
}

interface NamedSession {
  readonly session: Session;
  busy: boolean;
  /** Settles when the last request has left it as it found it. */
  restored: Promise<void>;
  expiry: NodeJS.Timeout | undefined;
}

export class NamedSessions {
  readonly #open: () => Session;
  readonly #sessions = new Map<string, NamedSession>();

  constructor(open: () => Session) {
    this.#open = open;
  }

  /** The named session, with the request's own state (if any) in force until it is given back. */
  async lease(wish: SessionWish, state: SessionState | undefined): Promise<Lease> {
    const named = this.#take(wish);
    let restore = async () => {};
    const release = async () => {
      named.busy = false;
      named.restored = restore();
      await named.restored.catch(() => this.#end(wish.id));
      if (named.busy) return;
      clearTimeout(named.expiry);
      named.expiry = setTimeout(() => this.#end(wish.id), wish.timeoutS * 1000).unref();
    };
    try {
      await named.restored;
      if (state !== undefined) restore = await apply(named.session, state);
    } catch (thrown) {
      await release();
      throw thrown;
    }
    return { session: named.session, release };
  }

  close(): void {
    for (const id of this.#sessions.keys()) this.#end(id);
  }

  #take({ id, timeoutS, check }: SessionWish): NamedSession {
    if (!(timeoutS >= 0 && timeoutS <= TIMEOUT_S_MAX)) {
      throw exception(
        374,
        'INVALID_SESSION_TIMEOUT',
        `Invalid session timeout: it must be between 0 and ${TIMEOUT_S_MAX} seconds`,
      );
    }
    let named = this.#sessions.get(id);
    if (named === undefined && check) throw exception(372, 'SESSION_NOT_FOUND', `Session ${id} not found`);
    if (named?.busy) throw exception(373, 'SESSION_IS_LOCKED', `Session ${id} is locked by a concurrent client`);
    named ??= { session: this.#open(), busy: false, restored: Promise.resolve(), expiry: undefined };
    named.busy = true;
    clearTimeout(named.expiry);
    this.#sessions.set(id, named);
    return named;
  }

  #end(id: string): void {
    const named = this.#sessions.get(id);
    clearTimeout(named?.expiry);
    this.#sessions.delete(id);
    named?.session.close();
  }
}

/** Puts the request's state in force; the function it gives restores what held before. */
async function apply(session: Session, { database, settings }: SessionState): Promise<() => Promise<void>> {
  const before = await stateOf(session, settings);
  const restore = async () => {
    const reset = before.settings.filter(([, , changed]) => !changed);
    if (reset.length > 0) await session.queryAsync(`SET ${reset.map(([name]) => `${name} = DEFAULT`).join(', ')}`);
    await set(
      session,
      before.settings.flatMap(([name, value, changed]) => (changed ? [[name, value] as const] : [])),
    );
    if (database !== undefined) await use(session, before.database);
  };
  try {
    if (database !== undefined) await use(session, database);
    await set(session, settings);
    return restore;
  } catch (thrown) {
    await restore();
    throw thrown;
  }
}

interface Before {
  readonly database: string;
  /** The settings about to be changed, and whether they differ from their defaults. */
  readonly settings: readonly (readonly [name: string, value: string, changed: boolean])[];
}

async function stateOf(session: Session, settings: Settings): Promise<Before> {
  const names = settings.map(([name]) => quoted(name)).join(', ');
  const known = `SELECT groupArray((name, value, changed)) FROM system.settings WHERE name IN (${names})`;
  const columns = names === '' ? 'currentDatabase(), []' : `currentDatabase(), (${known})`;
  const result = await session.queryAsync(`SELECT ${columns}`, { format: 'JSONCompactEachRow' });
  const [database, before] = JSON.parse(result.text()) as [string, [string, string, number][]];
  return { database, settings: before.map(([name, value, changed]) => [name, value, changed === 1]) };
}
