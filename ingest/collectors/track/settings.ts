/** Settings of a source of the tracking API. */

export interface TrackSettings {
  readonly write_keys: readonly string[];
  readonly users: string;
  readonly member_programme?: string;
  readonly traits_join?: boolean;
  readonly events_per_second?: number;
}

/** Messages a second that a source takes unless it is told otherwise; bursts of two seconds' worth are taken. */
export const DEFAULT_EVENTS_PER_SECOND = 20_000;

export const settingsSchema = {
  type: 'object',
  required: ['write_keys', 'users'],
  additionalProperties: false,
  properties: {
    write_keys: {
      type: 'array',
      minItems: 1,
      maxItems: 10,
      uniqueItems: true,
      items: { type: 'string', pattern: '^[\\x21-\\x39\\x3b-\\x7e]{8,128}$' },
      description:
        'Keys that SDKs send, 8 to 128 printable characters without a colon. Give a new one beside the old while programs change over.',
    },
    users: {
      type: 'string',
      minLength: 1,
      description:
        'A name for where userIds and anonymousIds come from: the same in every source that shares them. Never change it.',
    },
    member_programme: {
      type: 'string',
      minLength: 1,
      description: 'When userIds are member numbers: the programme, as in the loyalty source. @default they are not',
    },
    traits_join: {
      type: 'boolean',
      description:
        'Whether phone and email in traits may join people. Only where the key is secret (a server’s): anybody can send what a browser’s key allows. @default false',
    },
    events_per_second: {
      type: 'integer',
      minimum: 1,
      description: `Messages a second that are taken; more is answered with 429. @default ${DEFAULT_EVENTS_PER_SECOND}`,
    },
  },
} as const;
