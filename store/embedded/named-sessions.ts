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
    const giveBack = () => {
      named.busy = false;
      named.expiry = setTimeout(() => this.#expire(wish.id), wish.timeoutS * 1000).unref();
    };
    try {
      if (state !== undefined) restore = await apply(named.session, state);
    } catch (thrown) {
      giveBack();
      throw thrown;
    }
    return { session: named.session, release: () => restore().finally(giveBack) };
  }

  close(): void {
    for (const id of this.#sessions.keys()) this.#expire(id);
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
    named ??= { session: this.#open(), busy: false, expiry: undefined };
    named.busy = true;
    clearTimeout(named.expiry);
    this.#sessions.set(id, named);
    return named;
  }

  #expire(id: string): void {
    const named = this.#sessions.get(id);
    clearTimeout(named?.expiry);
    this.#sessions.delete(id);
    named?.session.close();
  }
}

/** Puts the request's state in force; the function it gives restores what held before. */
async function apply(session: Session, { database, settings }: SessionState): Promise<() => Promise<void>> {
  const before = await stateOf(session, settings);
  if (database !== before.database) await use(session, database);
  await set(session, settings);
  return async () => {
    const reset = settings.filter(([name]) => !before.changed.some(([changed]) => changed === name));
    if (reset.length > 0) await session.queryAsync(`SET ${reset.map(([name]) => `${name} = DEFAULT`).join(', ')}`);
    await set(session, before.changed);
    if (database !== before.database) await use(session, before.database);
  };
}

async function stateOf(session: Session, settings: Settings): Promise<{ database: string; changed: Settings }> {
  const names = settings.map(([name]) => quoted(name)).join(', ');
  const changed = `SELECT name, value FROM system.settings WHERE changed AND name IN (${names})`;
  const result = await session.queryAsync(
    `SELECT currentDatabase(), ${names === '' ? '[]' : `(SELECT groupArray((name, value)) FROM (${changed}))`}`,
    {
      format: 'JSONCompactEachRow',
    },
  );
  const [database, before] = JSON.parse(result.text()) as [string, [string, string][]];
  return { database, changed: before };
}
