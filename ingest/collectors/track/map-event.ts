/** track, page, screen, group and alias: events of the person, or of the device before anybody logged in. */
import { readIdentifier } from '../../identifiers/index.ts';
import type { Identifier, Mapped, Rejection, SourceItem } from '../../record.ts';
import { isObject, plainText } from '../kit/json.ts';
import { flatten, withoutPersonal } from './flatten.ts';
import { type Message, type MessageType, refused } from './message.ts';
import type { TrackSettings } from './settings.ts';

const LONGEST_NAME = 200;

export type EventType = Exclude<MessageType, 'identify'>;

export function mapEvent(item: SourceItem, message: Message, settings: TrackSettings): Mapped {
  const { given, at, account } = message;
  const event =
    message.type === 'track' ? withoutPersonal(plainText(given.event).trim()).slice(0, LONGEST_NAME) : message.type;
  if (event === '')
    return refused({ path: '/message/event', given: '', expected: 'the name of the event', code: 'field.missing' })
      .mapped;
  const flat = flatten([...PARTS[message.type as EventType](given), ...contextParts(message.context)], '/message');
  const former = formerId(message, settings);
  return {
    records: [
      {
        kind: 'event',
        key: item.key,
        account,
        identifiers: [...message.identifiers, ...former.identifiers],
        personal: {},
        traits: {},
        modifiedAt: at,
        deleted: false,
        custom: {},
        fields: { event, happened_at: at, properties: flat.properties },
      },
    ],
    rejections: [...message.rejections, ...flat.rejections, ...former.rejections],
  };
}

type Parts = [prefix: string, value: unknown][];
type Given = Message['given'];

const named = ({ name, category, properties }: Given): Parts => [
  ['', { name, category }],
  ['', properties],
];

/** What of a message of a type becomes properties, and under which prefix. */
const PARTS: Readonly<Record<EventType, (given: Given) => Parts>> = {
  track: ({ properties }) => [['', properties]],
  page: named,
  screen: named,
  group: ({ groupId, traits }) => [
    ['', { group_id: groupId }],
    ['traits', traits],
  ],
  alias: () => [],
};

/** Of the context: where it was and what brought it, on what. Addresses (`ip`) and agents are left in the archive. */
function contextParts({ page, campaign, app, os, device, locale }: Given): Parts {
  const some = (of: unknown, keys: readonly string[]) =>
    isObject(of) ? Object.fromEntries(keys.map((key) => [key, of[key]])) : {};
  return [
    ['context.page', some(page, ['path', 'url', 'referrer', 'title'])],
    ['context.campaign', campaign],
    ['context.app', some(app, ['name', 'version'])],
    ['context.os', some(os, ['name'])],
    ['context.device', some(device, ['type'])],
    ['context', { locale: typeof locale === 'string' ? locale : null }],
  ];
}

/** The former id of an alias is the device's: two userIds are made one by a steward, not by a program. */
function formerId(
  { type, given }: Message,
  { users: scope }: TrackSettings,
): { identifiers: readonly Identifier[]; rejections: readonly Rejection[] } {
  if (type !== 'alias') return { identifiers: [], rejections: [] };
  const path = '/message/previousId';
  return readIdentifier({ path, type: 'anonymous_id', scope, given: plainText(given.previousId), strength: 'stated' });
}
