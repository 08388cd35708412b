/** Lists of a loyalty system, or any other, through a paged REST interface that the settings describe. */
import type { Collector } from '../collector.ts';
import { filesCollector } from '../files/index.ts';
import { pullChanges } from './changes.ts';
import { pullBehindCursor, pullWhole } from './forward.ts';
import { RestGateway } from './gateway.ts';
import { map } from './map.ts';
import { type RestSettings, settingsSchema } from './settings.ts';

export type { RestSettings } from './settings.ts';

export const restCollector: Collector<RestSettings> = {
  platform: 'rest',
  title: { zh: 'REST 接口', en: 'Paged REST interface' },
  settingsSchema,
  kinds: filesCollector.kinds,
  limits: [
    'Lists of flat JSON rows by GET or POST; a row’s fields are what a file’s columns are.',
    'What changed in numbered pages needs the total of its window.',
    'Retry-After up to 60 s is waited for; a longer one ends the pull until then.',
  ],
  mapperVersion: 1,
  streams: ({ lists }) => lists.map(({ name }) => name),
  async *pull(context) {
    const list = context.source.settings.lists.find(({ name }) => name === context.stream);
    if (list === undefined) return;
    const gateway = new RestGateway(context);
    const { changed, paging } = list;
    if (changed === undefined) yield* pullWhole({ context, list, gateway });
    else if (paging.by === 'cursor') yield* pullBehindCursor({ context, list, gateway }, changed);
    else yield* pullChanges(context, { list, changed, gateway });
  },
  map,
};
