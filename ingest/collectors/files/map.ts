/** Pure: an item of a file to records and rejections. The same item gives the same answer at any time and place. */
import { mask } from '../../identifiers/index.ts';
import type { Mapped, Rejection, SourceItem, SourceRecord } from '../../record.ts';
import type { MapContext, Source } from '../collector.ts';
import { headerReader, type ReadHeader } from './columns.ts';
import { FILE_KINDS, type FileKind } from './headers.ts';
import { mapBinding } from './map-binding.ts';
import { mapConsent } from './map-consent.ts';
import { mapCoupon } from './map-coupon.ts';
import { mapPrice, mapProduct, mapStock } from './map-goods.ts';
import { mapLevelChange, mapPointsEntry } from './map-loyalty.ts';
import { mapMember } from './map-member.ts';
import { mapSale } from './map-sale.ts';
import { mapService } from './map-service.ts';
import { mapStatement } from './map-statement.ts';
import { mapStore } from './map-store.ts';
import { mapSurvey } from './map-survey.ts';
import type { Mapping } from './mapping.ts';
import { type Misfit, payloadOf } from './payload.ts';
import { Row } from './row.ts';
import { type FileRule, type FilesSettings, ruleFor } from './settings.ts';

type Mapper = (mapping: Mapping) => SourceRecord | null | readonly SourceRecord[];

/** The kind of file by the kind of its items. */
const KIND_OF_ITEM: ReadonlyMap<string, FileKind> = new Map(FILE_KINDS.map((kind) => [`${kind}_row`, kind]));

const MAPPERS: Readonly<Record<FileKind, Mapper>> = {
  member: mapMember,
  membership: mapMember,
  sale: mapSale,
  refund: mapSale,
  binding: mapBinding,
  points_entry: mapPointsEntry,
  level_change: mapLevelChange,
  consent: mapConsent,
  store: mapStore,
  statement: mapStatement,
  product: mapProduct,
  stock: mapStock,
  price: mapPrice,
  coupon: mapCoupon,
  service: mapService,
  survey: mapSurvey,
};

interface FileReader {
  readonly kind: FileKind;
  readonly file: string;
  readonly rule: FileRule;
  readonly read: ReadHeader;
}

/** The reader of the file at hand by source: rules and headers are worked out once per file, not per row. */
const readers = new WeakMap<FilesSettings, FileReader>();

function readerFor({ settings }: Source<FilesSettings>, of: { kind: FileKind; file: string }): FileReader {
  const last = readers.get(settings);
  if (last !== undefined && last.kind === of.kind && last.file === of.file) return last;
  const rule = ruleFor(settings, of.file);
  const reader = { ...of, rule, read: headerReader(of.kind, rule) };
  readers.set(settings, reader);
  return reader;
}

export function mapItem(item: SourceItem, { source }: MapContext<FilesSettings>): Mapped {
  const payload = payloadOf(item);
  const kind = KIND_OF_ITEM.get(item.kind);
  if (payload === null) return refused([NOT_OURS]);
  if ('fault' in payload) return refused([{ path: '', ...payload.fault, wholeItem: true }]);
  if ('note' in payload) return refused(payload.told.map((told) => ({ ...told, wholeItem: true })));
  if ('misfit' in payload) return refused([misfit(payload, item.position)]);
  if (kind === undefined) return refused([NOT_OURS]);
  const { rule, read } = readerFor(source, { kind, file: payload.file });
  const { deliveredAt } = item;
  const { zone, settings } = source;
  const row = new Row(payload.cells, {
    read,
    zone,
    amountUnit: rule.amount_unit ?? 'yuan',
    latestDay: latestDay(deliveredAt),
  });
  const delivery = item.key.slice(0, item.key.indexOf(':'));
  const mapped = MAPPERS[kind]({
    row,
    kind,
    settings,
    rule,
    zone,
    deliveredAt,
    delivery,
    custom: customOf(payload.cells, rule),
  });
  const records = mapped === null ? [] : 'kind' in mapped ? [mapped] : mapped;
  return { records, rejections: row.rejections };
}

/** Tills' clocks may be ahead by some hours, and days begin earlier to the east. */
const AHEAD_MS = 2 * 86_400_000;
let remembered = { at: Number.NaN, day: '' };

function latestDay(deliveredAt: Date): string {
  const at = deliveredAt.getTime();
  if (remembered.at !== at) remembered = { at, day: new Date(at + AHEAD_MS).toISOString().slice(0, 10) };
  return remembered.day;
}

function refused(rejections: readonly Rejection[]): Mapped {
  return { records: [], rejections };
}

const NO_CUSTOM = {};

function customOf(cells: Readonly<Record<string, string>>, { custom }: FileRule): Readonly<Record<string, string>> {
  if (custom === undefined) return NO_CUSTOM;
  const values: Record<string, string> = {};
  for (const [field, header] of Object.entries(custom)) {
    const value = cells[header]?.trim();
    if (value) values[field] = value;
  }
  return values;
}

const NOT_OURS: Rejection = {
  path: '',
  given: 'an item of another shape',
  expected: 'a row of a file as this collector archives it',
  code: 'item.not-readable',
  wholeItem: true,
};

function misfit({ misfit: cells, headers }: Misfit, line: number): Rejection {
  const path = `line ${line}`;
  if (headers.length === 0) {
    return {
      path,
      given: mask(cells[0] ?? ''),
      expected: 'one JSON object a line',
      code: 'row.not-json',
      wholeItem: true,
    };
  }
  return {
    path,
    given: `${cells.length} cells`,
    expected: `${headers.length} cells, as its header line has`,
    code: cells.length < headers.length ? 'row.too-few-cells' : 'row.too-many-cells',
    wholeItem: true,
  };
}
