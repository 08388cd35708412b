/** What every message says: its type, who it is about, when it happened. */
import { readIdentifier } from '../../identifiers/index.ts';
import type { Identifier, Mapped, Rejection, SourceAccount, SourceItem } from '../../record.ts';
import { plainText } from '../kit/json.ts';
import { checker, object, rejected, shape } from '../kit/validate.ts';
import { momentOf } from './moment.ts';
import type { TrackSettings } from './settings.ts';

export const MESSAGE_TYPES = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const;
export type MessageType = (typeof MESSAGE_TYPES)[number];

/** Segment's limit for one message. */
export const MESSAGE_BYTES = 32 * 1024;

type Given = Readonly<Record<string, unknown>>;

export interface Message {
  readonly type: MessageType;
  readonly given: Given;
  readonly context: Given;
  readonly account: SourceAccount;
  readonly identifiers: readonly Identifier[];
  readonly at: Date;
  readonly rejections: readonly Rejection[];
}

const PART = { type: ['object', 'null'], reason: 'field.not-an-object', description: 'an object' } as const;
const ID = { type: ['string', 'integer', 'null'], reason: 'field.not-text', description: 'text' } as const;

const checkEnvelope = checker<{ type: string; bytes: number; sentAt?: string; context?: Given; message: Given }>(
  object(
    {
      bytes: { type: 'integer' },
      message: object(
        {
          type: shape.optional(shape.oneOf(MESSAGE_TYPES)),
          event: shape.optional(shape.text),
          name: shape.optional(shape.text),
          ...{ userId: ID, anonymousId: ID, previousId: ID, groupId: ID },
          ...{ properties: PART, traits: PART, context: PART },
        },
        [],
      ),
    },
    ['bytes', 'message'],
  ),
);

/** Reads a message; one that cannot be read, or is about nobody, is a rejection of the whole item. */
export function readMessage(
  item: SourceItem,
  settings: TrackSettings,
): { readonly ok: true; readonly message: Message } | { readonly ok: false; readonly mapped: Mapped } {
  const checked = checkEnvelope(item.payload);
  if (!checked.ok) return checked;
  const { message: given, bytes, ...call } = checked.value;
  if (bytes > MESSAGE_BYTES)
    return refused({ path: '/message', given: `${bytes} bytes`, expected: 'at most 32 KB', code: 'message.too-large' });
  const type = (given.type || call.type || '') as MessageType;
  if (!MESSAGE_TYPES.includes(type))
    return refused({ ...MISSING, path: '/message/type', expected: `one of ${MESSAGE_TYPES.join(', ')}` });
  const who = whoOf(given, settings);
  if (who.account === null)
    return refused({
      ...MISSING,
      ...who.rejections[0],
      path: '/message/userId',
      expected: 'a userId or an anonymousId',
    });
  const moment = momentOf({
    timestamp: given.originalTimestamp ?? given.timestamp,
    sentAt: given.sentAt ?? call.sentAt,
    receivedAt: item.deliveredAt,
  });
  return {
    ok: true,
    message: {
      type,
      given,
      context: { ...call.context, ...(given.context as Given | null | undefined) },
      account: who.account,
      identifiers: who.identifiers,
      at: moment.at,
      rejections: [...who.rejections, ...moment.rejections],
    },
  };
}

const MISSING = { given: '', code: 'field.missing' };

export function refused(fault: Omit<Rejection, 'wholeItem'>): { readonly ok: false; readonly mapped: Mapped } {
  return { ok: false, mapped: rejected(fault) };
}

/** A userId is a person, an anonymousId the device they sit at: the message is about the person where it names one. */
function whoOf(given: Given, { users, member_programme }: TrackSettings) {
  const read = (path: string, type: Identifier['type'], scope: string) =>
    readIdentifier({ path: `/message/${path}`, type, scope, given: plainText(given[path]), strength: 'stated' });
  const person = read('userId', 'user_id', users);
  const device = read('anonymousId', 'anonymous_id', users);
  const member = member_programme === undefined ? null : read('userId', 'member_no', member_programme);
  const own = person.identifiers[0] ?? device.identifiers[0];
  const all = [...device.identifiers, ...(member?.identifiers ?? [])];
  return {
    account: own === undefined ? null : { kind: own.type, scope: own.scope, key: own.value },
    identifiers: all.filter((one) => one !== own),
    rejections: [...person.rejections, ...device.rejections],
  };
}
