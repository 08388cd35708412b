/** 企业微信 (WeCom): contacts with their guides and tags, groups, and the company's messages by encrypted callback. */
import type { Mapped, SourceItem } from '../../record.ts';
import type { Collector, MapContext, PullContext, SourcePage } from '../collector.ts';
import { rejected } from '../kit/validate.ts';
import type { TokenGateway } from '../tencent/token-gateway.ts';
import { openGateway } from './gateway.ts';
import { mapContact } from './map-contact.ts';
import { mapGroup } from './map-group.ts';
import { mapMessage } from './map-message.ts';
import { pullContacts } from './pull-contacts.ts';
import { pullGroups } from './pull-groups.ts';
import { receive } from './receive.ts';
import { settingsSchema, type WecomSettings } from './settings.ts';

export type { WecomSettings } from './settings.ts';

type Pull = (context: PullContext<WecomSettings>, gateway: TokenGateway) => AsyncGenerator<SourcePage>;

const PULLS: Readonly<Record<string, Pull>> = { contacts: pullContacts, groups: pullGroups };

const MAPS: ReadonlyMap<string, (item: SourceItem, context: MapContext<WecomSettings>) => Mapped> = new Map([
  ['contact', mapContact],
  ['group', mapGroup],
  ['message', mapMessage],
]);

export const wecomCollector: Collector<WecomSettings> = {
  platform: 'wecom',
  title: { zh: '企业微信', en: 'WeCom' },
  settingsSchema,
  kinds: ['shop_customer', 'event'],
  limits: [
    'Contacts and groups can only be read whole: 100 guides and 100 contacts a call, each group a call of its own.',
    'Only guides in the visible range of the app, and their contacts, are given.',
    'What is changed through the API of the platform brings no message.',
    'A limit of calls ends the pull, and the next one goes on from there.',
  ],
  mapperVersion: 1,
  streams: () => Object.keys(PULLS),
  async *pull(context) {
    yield* PULLS[context.stream]!(context, openGateway(context));
  },
  map(item, context) {
    const map = MAPS.get(item.kind);
    if (map) return map(item, context);
    const expected = `one of ${[...MAPS.keys()].join(', ')}`;
    return rejected({ path: '', given: item.kind, expected, code: 'item.kind-not-known' });
  },
  receive,
};
