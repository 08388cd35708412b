/** Products, stock and prices. A list of products that has prices or pieces beside them gives those, too. */
import type { Channel, LifeStage, SourceRecord } from '../../record.ts';
import { channelOf } from './channels.ts';
import { type Mapping, recordOf, refuseRow } from './mapping.ts';

const OFF_SALE = /下架|停售|停产|停用|淘汰|^否$|^0$|^n(?:o)?$|off|inactive|discontinued/i;
const STAGES: readonly (readonly [RegExp, LifeStage])[] = [
  [/新品|上新|新款|引入|^new$/i, 'new'],
  [/爆款|爆品|热销|畅销|主推|^hit$/i, 'hit'],
  [/长尾|平销|常青|成熟|long.?tail/i, 'long_tail'],
  [/清仓|清货|出清|甩|衰退|clearance/i, 'clearance'],
];
const WARRANTY = /^(\d{1,4})\s*(天|日|个?月|年|d|days?|m|months?|y|years?)?$/i;
const DAYS_OF_MONTH = 30;
const DAYS_OF_YEAR = 365;

interface Goods {
  readonly productId: string;
  readonly skuId: string;
}

/** Null when the row is refused for naming nothing. A SKU without a number is named by its barcode, as tills do. */
function goodsOf({ row }: Mapping): Goods | null {
  const goods = { productId: row.text('product_id'), skuId: row.text('sku_no') || row.text('barcode') };
  if (goods.productId !== '' || goods.skuId !== '') return goods;
  return refuseRow(row, 'product_id', { code: 'product.no-number', expected: 'a 款号, a SKU or a barcode' });
}

export function mapProduct(mapping: Mapping): SourceRecord[] {
  const { row } = mapping;
  const goods = goodsOf(mapping);
  if (goods === null) return [];
  const records = [productRecord(mapping, goods)];
  if (row.text('sale_price') !== '' || row.text('unit_price') !== '') records.push(priceRecord(mapping, goods));
  const pieces = row.text('on_hand') === '' ? null : stockRecord(mapping, goods);
  return pieces === null ? records : [...records, pieces];
}

export function mapStock(mapping: Mapping): SourceRecord | null {
  const goods = goodsOf(mapping);
  return goods === null ? null : stockRecord(mapping, goods);
}

export function mapPrice(mapping: Mapping): SourceRecord | null {
  const goods = goodsOf(mapping);
  return goods === null ? null : priceRecord(mapping, goods);
}

function productRecord(mapping: Mapping, { productId, skuId }: Goods): SourceRecord {
  const { row } = mapping;
  return recordOf(mapping, {
    kind: 'product',
    head: { key: `${productId}/${skuId}`, modifiedAt: row.instant('modified_at') },
    fields: {
      product_id: productId,
      sku_id: skuId,
      outer_id: row.text('outer_id'),
      sku_outer_id: row.text('sku_outer_id'),
      barcode: row.text('barcode').replace(/[\s-]/g, ''),
      title: row.text('title'),
      category: row.text('category'),
      brand: row.text('brand'),
      variant: [row.text('colour'), row.text('size')].filter((part) => part !== '').join(';'),
      season: row.text('season'),
      life_stage: lifeStageOf(mapping),
      status: isOffSale(mapping) ? 'off_sale' : 'on_sale',
      launched_on: row.planned('launched_on')?.day ?? null,
      warranty_days: warrantyOf(mapping),
    },
  });
}

const isOffSale = ({ row }: Mapping) => OFF_SALE.test(row.text('sale_status'));

function lifeStageOf({ row }: Mapping): LifeStage {
  const word = row.text('life_stage');
  const stage = STAGES.find(([words]) => words.test(word))?.[1] ?? '';
  if (word !== '' && stage === '')
    row.refuse('life_stage', { code: 'product.unknown-stage', expected: '新品, 爆款, 长尾, 清仓' });
  return stage;
}

function warrantyOf({ row }: Mapping): number | null {
  const text = row.text('warranty');
  if (text === '') return null;
  const [, count, unit = ''] = WARRANTY.exec(text) ?? [];
  if (count === undefined) {
    row.refuse('warranty', { code: 'product.warranty', expected: 'a number of days, or 12个月, 1年' });
    return null;
  }
  const days = /^(?:年|y)/i.test(unit) ? DAYS_OF_YEAR : /月|^m/i.test(unit) ? DAYS_OF_MONTH : 1;
  return Math.min(Number(count) * days, 65_535);
}

const forChannel = ({ row }: Mapping): Channel | '' =>
  row.text('channel') === '' ? '' : channelOf(row.text('channel'));

function stockRecord(mapping: Mapping, { productId, skuId }: Goods): SourceRecord | null {
  const { row, deliveredAt } = mapping;
  const quantity = row.whole('on_hand', -1_000_000);
  if (quantity === null)
    return refuseRow(row, 'on_hand', { code: 'stock.no-quantity', expected: 'how many pieces there are' });
  const channel = forChannel(mapping);
  const store = row.text('place');
  const countedAt = row.instant('counted_at');
  return recordOf(mapping, {
    kind: 'stock',
    head: { key: `${channel}/${store}/${productId}/${skuId}`, modifiedAt: countedAt },
    fields: {
      for_channel: channel,
      store_code: store,
      product_id: productId,
      sku_id: skuId,
      quantity,
      available: row.whole('available', -1_000_000),
      counted_at: countedAt ?? deliveredAt,
    },
  });
}

function priceRecord(mapping: Mapping, { productId, skuId }: Goods): SourceRecord {
  const { row } = mapping;
  const channel = forChannel(mapping);
  const store = row.text('place');
  const from = row.planned('valid_from')?.instant ?? null;
  const price = row.fen('sale_price');
  // A list that gives the tag's price only must not take away what another says is asked.
  const own = `${from === null ? '' : `/${from.toISOString()}`}${price === null ? '/tag' : ''}`;
  return recordOf(mapping, {
    kind: 'price',
    head: { key: `${channel}/${store}/${productId}/${skuId}${own}`, modifiedAt: row.instant('modified_at') },
    fields: {
      for_channel: channel,
      store_code: store,
      product_id: productId,
      sku_id: skuId,
      list_fen: row.fen('unit_price'),
      price_fen: price,
      in_range: !isOffSale(mapping),
      valid_from: from,
      valid_to: row.planned('valid_to')?.end ?? null,
    },
  });
}
