/** Who did what to people's data, why, and to how many: append-only, never with a personal value in it. */
import { type Clock, clickhouseInstant } from '../clock.ts';
import { p, type Store, sql } from '../store/index.ts';

export interface AuditNote {
  /** The API key's id, or `cli`. */
  readonly actor: string;
  readonly role: string;
  /** `export`, `reveal`, `forget`, `key-created`, … */
  readonly action: string;
  /** What it was done to: a profile id, an audience id, an export id. */
  readonly object: string;
  readonly purpose: string;
  readonly count: number;
  readonly request_id: string;
}

export interface AuditEntry extends AuditNote {
  readonly at: string;
}

export interface Audit {
  note(note: AuditNote): Promise<void>;
  /** Newest first, older than `before` (exclusive) if given. */
  list(options: { before?: string; limit: number }): Promise<AuditEntry[]>;
}

export function openAudit(store: Store, clock: Clock): Audit {
  return {
    async note(note) {
      await store.insert('audit_log', [{ ...note, at: clickhouseInstant(clock.now()) }]);
    },
    list: ({ before, limit }) =>
      store.rows<AuditEntry>(sql`
        SELECT toString(at) AS at, actor, role, action, object, purpose, count, request_id FROM audit_log
        WHERE at < ${p("DateTime64(3, 'UTC')", before ?? '2200-01-01 00:00:00.000')}
        ORDER BY audit_log.at DESC LIMIT ${p('UInt32', limit)}`),
  };
}
