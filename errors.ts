/**
 * Every error a user can meet, by code: one registry, held to docs/errors.md by a test. A root leaf open to every folder.
 * `status` is the HTTP status the API answers with; `retry` says whether the same call can succeed later.
 * Messages say who, what was given, what was expected, what to do; they never hold a personal value.
 */
export type Retry = 'never' | 'later' | 'after-mending';

interface ErrorEntry {
  readonly status: number;
  readonly retry: Retry;
  /** One line for docs/errors.md: what it means and what to do. */
  readonly meaning: string;
}

export const ERRORS = {
  // store
  'store.query-failed': {
    status: 500,
    retry: 'never',
    meaning: 'ClickHouse refused a statement; the message holds its own text.',
  },
  'store.unavailable': {
    status: 503,
    retry: 'later',
    meaning: 'ClickHouse cannot be reached or is being restarted; the call can be made again.',
  },
  'store.migration-edited': {
    status: 500,
    retry: 'after-mending',
    meaning:
      'A migration that was applied to this database has been edited since. Restore the file; put the change into a new migration.',
  },
  'store.revision-moved': {
    status: 409,
    retry: 'after-mending',
    meaning: 'The thing was changed by somebody else since it was read. Read it again and repeat the change.',
  },
  'store.engine-locked': {
    status: 500,
    retry: 'after-mending',
    meaning: 'Another process holds this data folder. Stop it, or choose another folder with QUANYU_DATA.',
  },
  // configuration
  'config.invalid': {
    status: 500,
    retry: 'after-mending',
    meaning: 'The configuration file is not valid; every fault is listed with its path.',
  },
  'config.secret-missing': {
    status: 500,
    retry: 'after-mending',
    meaning: 'The configuration names an environment variable that is not set.',
  },
  // vault
  'vault.key-missing': {
    status: 500,
    retry: 'after-mending',
    meaning:
      'This database was sealed with a key that was not given. Restore the key file or set the environment variables.',
  },
  'vault.key-wrong': {
    status: 500,
    retry: 'after-mending',
    meaning: 'The given key is not the one this database was sealed with. Give the right key; nothing was changed.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** An error with a code of the registry. `details` is data for the reader (paths, limits), never personal values. */
export class QuanyuError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'QuanyuError';
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  get retry(): Retry {
    return ERRORS[this.code].retry;
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
