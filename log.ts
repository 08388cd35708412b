/**
 * Structured logs on stderr, one JSON object a line. A root leaf open to every folder.
 * Only these fields may be logged: none of them can hold a personal value, and the type refuses any other.
 */
import { destination, pino } from 'pino';

export interface LogFields {
  readonly source?: string;
  readonly stream?: string;
  readonly run?: string;
  readonly kind?: string;
  readonly code?: string;
  readonly count?: number;
  readonly version?: number;
  readonly ms?: number;
  readonly attempt?: number;
  readonly pid?: number;
  readonly port?: number;
  readonly method?: string;
  readonly route?: string;
  readonly status?: number;
  readonly request?: string;
  readonly query_id?: string;
  readonly name?: string;
}

export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

/** Logs of one part of the program (`ingest`, `identity`, …). `QUANYU_LOG` sets the level; tests are silent. */
export function logFor(part: string): Log {
  return root.child({ part });
}

const root = pino(
  { level: process.env.QUANYU_LOG ?? 'info', base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
  destination({ dest: 2, sync: true }),
);
