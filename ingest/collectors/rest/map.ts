/** Pure: a row of a list to records, exactly as a row of a file with the same columns. */
import type { Mapped, SourceItem } from '../../record.ts';
import type { MapContext, Source } from '../collector.ts';
import { cellsOfJson } from '../files/json-row.ts';
import { mapItem } from '../files/map.ts';
import { itemOf } from '../files/payload.ts';
import type { FilesSettings } from '../files/settings.ts';
import type { RestSettings } from './settings.ts';

export function map(item: SourceItem, { source }: MapContext<RestSettings>): Mapped {
  const list = source.settings.lists.find(({ name }) => name === item.kind);
  const cells = cellsOfJson(item.payload);
  const payload =
    cells === null ? { file: item.kind, misfit: [item.payload], headers: [] } : { file: item.kind, cells };
  const { position, deliveredAt } = item;
  // A file's rows name their delivery before a colon; a list has none.
  const row = itemOf(payload, { kind: `${list?.kind ?? item.kind}_row`, key: `:${item.key}`, position, deliveredAt });
  return mapItem(row, { source: asFiles(source) });
}

const known = new WeakMap<RestSettings, FilesSettings>();

/** The lists as files: the rules of each by its name. */
function asFiles(source: Source<RestSettings>): Source<FilesSettings> {
  let settings = known.get(source.settings);
  if (settings === undefined) {
    const { issuer, programme, role, test_stores, gender_codes, business_day_cut, amount_unit, lists } =
      source.settings;
    const all = { issuer, programme, role, test_stores, gender_codes, business_day_cut, amount_unit };
    const files = lists.map(({ name, kind, columns, custom }) => {
      return { pattern: name, kind, ...(columns && { columns }), ...(custom && { custom }) };
    });
    const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    settings = { folder: '', ...given, files };
    known.set(source.settings, settings);
  }
  return { ...source, settings };
}
