/** Who did what to people's data, why, and to how many: append-only, never with a personal value in it. */
import { type Clock, clickhouseInstant } from '../clock.ts';
import { p, type Store, sql } from '../store/index.ts';
import type { Param } from '../store/sql.ts';

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

/** Where a page of the list ended; notes of one instant are told apart by the rest. */
export type AuditPosition = readonly [at: string, requestId: string, action: string, object: string];

export interface Audit {
  note(note: AuditNote): Promise<void>;
  /** Newest first, those behind `after` if given. */
  list(options: { after?: AuditPosition; limit: number }): Promise<AuditEntry[]>;
}

const NEWEST: AuditPosition = ['2200-01-01 00:00:00.000', '', '', ''];

export function openAudit(store: Store, clock: Clock): Audit {
  return {
    async note(note) {
      await store.insert('audit_log', [{ ...note, at: clickhouseInstant(clock.now()) }]);
    },
    list: ({ after, limit }) => {
      const [at, ...rest] = after ?? NEWEST;
      const [requestId, action, object] = rest.map((one) => p('String', one)) as [Param, Param, Param];
      return store.rows<AuditEntry>(sql`
        SELECT toString(note.at) AS at, actor, role, action, object, purpose, count, request_id FROM audit_log AS note
        WHERE (note.at, note.request_id, note.action, note.object)
          < (${p("DateTime64(3, 'UTC')", at)}, ${requestId}, ${action}, ${object})
        ORDER BY note.at DESC, note.request_id DESC, note.action DESC, note.object DESC LIMIT ${p('UInt32', limit)}`);
    },
  };
}
