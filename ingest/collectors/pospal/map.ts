/** Pure: customers and the lines of tickets, read as rows of a till's files are (docs/decisions/006 and 007). */
import { mask } from '../../identifiers/index.ts';
import type { Mapped, Rejection, SourceItem } from '../../record.ts';
import type { MapContext, Source } from '../collector.ts';
import { cellsOfJson } from '../files/json-row.ts';
import { mapItem } from '../files/map.ts';
import { itemOf } from '../files/payload.ts';
import type { FilesSettings } from '../files/settings.ts';
import { tryJson } from '../kit/json.ts';
import type { PospalSettings } from './settings.ts';

type Cells = Readonly<Record<string, string>>;

/** The kinds of tickets, in a till's words (assumed: that there are no others). */
const TICKETS: ReadonlyMap<string, string> = new Map([
  ['SELL', '销售'],
  ['SELL_RETURN', '退货'],
]);
const VOID = '作废';

export function map(item: SourceItem, { source }: MapContext<PospalSettings>): Mapped {
  const cells = cellsOfJson(item.payload);
  if (cells === null || (item.kind !== 'customer' && item.kind !== 'ticket'))
    return refused({
      path: '',
      given: mask(item.payload),
      expected: 'a customer or a ticket as a JSON object',
      code: 'item.not-readable',
    });
  const files = asFiles(source);
  if (item.kind === 'customer') return rowOf(item, { kind: 'member', cells: namedByUid(cells), files });
  return ticketOf(item, { cells, files });
}

function ticketOf(item: SourceItem, { cells, files }: { cells: Cells; files: Source<FilesSettings> }): Mapped {
  const { ticketType = '', invalid = '', items = '' } = cells;
  const type = TICKETS.get(ticketType);
  if (type === undefined)
    return refused({
      path: '/ticketType',
      given: ticketType.slice(0, 32),
      expected: 'SELL or SELL_RETURN',
      code: 'ticket.unknown-type',
    });
  const lines = tryJson(items);
  if (!Array.isArray(lines) || lines.length === 0)
    return refused({ path: '/items', given: '', expected: 'at least one line', code: 'ticket.no-lines' });
  const { sn = '', datetime = '', customerUid = '' } = cells;
  const head = {
    store_code: files.settings.folder,
    sn,
    datetime,
    ticketType: type,
    ...(invalid === '1' && { invalid: VOID }),
  };
  const mapped = lines.map((line: unknown, n) => {
    const own = cellsOfJson(JSON.stringify(line)) ?? {};
    const { name = '', productUid = '', productBarcode = '', quantity = '', sellPrice = '', totalAmount = '' } = own;
    const row = {
      ...head,
      customerUid,
      name,
      productUid,
      productBarcode,
      quantity,
      sellPrice,
      totalAmount,
      line_no: `${n + 1}`,
    };
    const { records, rejections } = rowOf(item, { kind: 'sale', cells: namedByUid(row), files });
    return { records, rejections: rejections.map((one) => ({ ...one, path: `/items/${n}${one.path}` })) };
  });
  const records = mapped.flatMap((one) => one.records);
  const rejections = mapped.flatMap((one) => one.rejections);
  return {
    records,
    rejections: rejections.map((one) => ({ ...one, wholeItem: records.length === 0 && one.wholeItem })),
  };
}

function rowOf(item: SourceItem, of: { kind: 'member' | 'sale'; cells: Cells; files: Source<FilesSettings> }): Mapped {
  const { position, deliveredAt } = item;
  const row = { kind: `${of.kind}_row`, key: `:${item.key}`, position, deliveredAt };
  const { records, rejections } = mapItem(itemOf({ file: of.kind, cells: of.cells }, row), { source: of.files });
  return { records, rejections: rejections.map((one) => ({ ...one, path: `/${one.path}` })) };
}

/**
 * Tickets without a customer name the customer 0. Other uids get a letter: as a number with zeros at its end, one in a
 * thousand would be taken for one that a spreadsheet rounded.
 */
function namedByUid(cells: Cells): Cells {
  const { customerUid = '' } = cells;
  return { ...cells, customerUid: customerUid === '' || customerUid === '0' ? '' : `U${customerUid}` };
}

function refused(rejection: Omit<Rejection, 'wholeItem'>): Mapped {
  return { records: [], rejections: [{ ...rejection, wholeItem: true }] };
}

const known = new WeakMap<PospalSettings, FilesSettings>();

/** Customers and tickets as two files of a till; `folder` carries the store's code. */
function asFiles(source: Source<PospalSettings>): Source<FilesSettings> {
  let settings = known.get(source.settings);
  if (settings === undefined) {
    const { account, issuer, store_code } = source.settings;
    settings = { folder: store_code, programme: account, issuer, role: 'till', files: RULES };
    known.set(source.settings, settings);
  }
  return { ...source, settings };
}

const RULES: NonNullable<FilesSettings['files']> = [
  {
    pattern: 'member',
    columns: {
      ...{ member_no: 'customerUid', card_no: 'number', level: 'categoryName', points: 'point' },
      ...{ registered_at: 'createdDate', status: 'enable' },
    },
  },
  {
    pattern: 'sale',
    columns: {
      ...{ member_no: 'customerUid', bill_no: 'sn', sold_at: 'datetime', bill_type: 'ticketType', status: 'invalid' },
      ...{ product_id: 'productUid', sku_id: 'productBarcode', title: 'name', unit_price: 'sellPrice' },
      ...{ paid: 'totalAmount' },
    },
  },
];
