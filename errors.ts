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
  'store.disk-full': {
    status: 507,
    retry: 'later',
    meaning:
      'The disk that holds the data has no room left. Nothing acknowledged is lost; make room, and what was cut off is done again.',
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
  // workers
  'worker.died': {
    status: 503,
    retry: 'later',
    meaning:
      'A worker process ended while it ran the job; it is started again. Nothing acknowledged is lost: run the job again.',
  },
  // identity
  'identity.rules-invalid': {
    status: 422,
    retry: 'after-mending',
    meaning: 'A document of identity rules is not valid; every fault is listed with its path. Nothing was changed.',
  },
  'identity.too-many-scopes': {
    status: 500,
    retry: 'after-mending',
    meaning:
      'The identifiers have more different types and scopes than a resolve can tell apart: a mapping puts a personal value where a shop or an app is expected.',
  },
  'match.columns-invalid': {
    status: 422,
    retry: 'after-mending',
    meaning: 'Columns were named that the file does not have, or kinds that do not exist; the message lists them.',
  },
  'match.file-invalid': {
    status: 422,
    retry: 'after-mending',
    meaning:
      'A file to be matched cannot be read or written, names a column twice, or has records without an id or with the same one.',
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
  // segments
  'condition.invalid': {
    status: 422,
    retry: 'after-mending',
    meaning:
      'The condition cannot be compiled: `faults` lists every place in the tree with what was given and expected. Nothing was counted or saved.',
  },
  'audience.not-found': {
    status: 404,
    retry: 'never',
    meaning: 'There is no finished audience run with this id. List the runs of its segment.',
  },
  'export.invalid': {
    status: 422,
    retry: 'after-mending',
    meaning: 'The export asks for columns that do not exist or may not be given; the message names them.',
  },
  'privacy.ambiguous': {
    status: 409,
    retry: 'after-mending',
    meaning: 'Several profiles hold the identifier (a family phone). Name the profile that asked to be forgotten.',
  },
  'export.not-finished': {
    status: 409,
    retry: 'later',
    meaning: 'The export has no file yet, or failed; its run says which.',
  },
  'export.taken-back': {
    status: 410,
    retry: 'never',
    meaning: 'The file was taken back because somebody in it was forgotten. Export the audience again.',
  },
  'export.incomplete': {
    status: 500,
    retry: 'later',
    meaning: 'The file did not come to the rows it should hold and was thrown away. Run the export again.',
  },
  // api
  'api.request-invalid': {
    status: 400,
    retry: 'after-mending',
    meaning: 'A path part, query parameter, header or body is not as documented; `errors` lists each with its place.',
  },
  'api.body-not-json': {
    status: 400,
    retry: 'after-mending',
    meaning: 'The body is not JSON, or is nested too deeply to be read.',
  },
  'api.body-too-large': {
    status: 413,
    retry: 'after-mending',
    meaning: 'The body is larger than the route takes. Send less at once.',
  },
  'api.media-type-unsupported': {
    status: 415,
    retry: 'after-mending',
    meaning: 'The body is of a type or encoding the route does not read. Send it as application/json.',
  },
  'api.cursor-invalid': {
    status: 400,
    retry: 'after-mending',
    meaning: 'The cursor was not given out by this list with these filters. Begin again without a cursor.',
  },
  'api.key-in-url': {
    status: 400,
    retry: 'after-mending',
    meaning: 'An API key was sent in a URL. Send it as `Authorization: Bearer`, and revoke this one: URLs are logged.',
  },
  'api.identifier-token-invalid': {
    status: 400,
    retry: 'after-mending',
    meaning:
      'The identifier in the URL is not a live token of POST /api/v1/profiles/lookup. Personal values travel in that body only.',
  },
  'api.unauthenticated': {
    status: 401,
    retry: 'after-mending',
    meaning: 'No API key was sent, or it is not one of this installation. Send `Authorization: Bearer qk_…`.',
  },
  'api.forbidden': {
    status: 403,
    retry: 'after-mending',
    meaning: 'The role of the API key does not allow this. Use a key of a role that the message names.',
  },
  'api.not-found': {
    status: 404,
    retry: 'never',
    meaning: 'There is no such route, or nothing with this id (any more).',
  },
  'api.method-not-allowed': {
    status: 405,
    retry: 'never',
    meaning: 'The path exists but does not take this method; the Allow header says which it takes.',
  },
  'api.last-admin-key': {
    status: 409,
    retry: 'after-mending',
    meaning: 'The last admin key cannot be revoked. Make another admin key first.',
  },
  'api.key-weak': {
    status: 500,
    retry: 'after-mending',
    meaning: 'QUANYU_ADMIN_KEY is not usable as a key: too short, or with characters that no header can carry.',
  },
  'api.revision-required': {
    status: 428,
    retry: 'after-mending',
    meaning: 'A change must name the revision it was made against, in If-Match, so that no other change is lost.',
  },
  'api.too-many-requests': {
    status: 429,
    retry: 'later',
    meaning: 'More requests than the limit per minute. Wait as long as Retry-After says.',
  },
  'api.stopping': {
    status: 503,
    retry: 'later',
    meaning: 'The process is stopping and takes no new requests. Try again in a moment.',
  },
  'api.internal': {
    status: 500,
    retry: 'later',
    meaning: 'A fault of Quanyu itself; the log has it under the request id of the answer.',
  },
  // tracking
  'track.too-fast': {
    status: 429,
    retry: 'later',
    meaning: 'More events than the source may take, or than the disk keeps up with. Send them again after Retry-After.',
  },
  // fixtures
  'fixtures.invalid': {
    status: 400,
    retry: 'after-mending',
    meaning: 'A population cannot be made from these settings; every fault is listed with what was expected.',
  },
  'fixtures.folder-in-use': {
    status: 409,
    retry: 'after-mending',
    meaning: 'The folder holds something that is not a population. Name an empty folder; nothing was changed.',
  },
  'fixtures.not-a-population': {
    status: 404,
    retry: 'after-mending',
    meaning: 'The folder holds no finished population. Make one with `quanyu fixtures`.',
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
