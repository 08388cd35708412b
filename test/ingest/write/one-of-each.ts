/** One record of each kind beyond orders and memberships, with a newer version of it and what that shows. */
import type { FieldsByKind, RecordKind } from '../../../ingest/record.ts';

/** The newer versions' modified time. */
const LATER = new Date('2026-03-01T04:00:00Z');
const at = (time: string) => new Date(`2026-02-${time}:00Z`);
export const MESSAGE = '快递小哥态度很好，下次还来';

interface Given<K extends RecordKind> {
  key: string;
  fields: FieldsByKind[K];
  card?: string;
  message?: string;
  modified?: Date;
  deleted?: boolean;
}

export function record<K extends RecordKind>(kind: K, of: Given<K>): object {
  const { key, fields, card, message, modified = null, deleted = false } = of;
  return {
    kind,
    key,
    account: card === undefined ? null : { kind: 'card_no', scope: 'pos:till', key: card },
    identifiers: [],
    personal: message === undefined ? {} : { message },
    traits: {},
    modifiedAt: modified,
    deleted,
    custom: { shelf: 'A1' },
    fields,
  };
}

export const PRODUCT: FieldsByKind['product'] = {
  ...{ product_id: '8801', sku_id: '8801-1', outer_id: 'TS-26-001', sku_outer_id: 'TS-26-001-R-M' },
  ...{
    barcode: '6901234567892',
    title: '圆领T恤',
    category: 'T恤',
    brand: 'Quan',
    variant: '红色;M',
    season: '2026春',
  },
  ...{ life_stage: 'new', status: 'on_sale', launched_on: '2026-02-14', warranty_days: 365 },
};
export const STOCK: FieldsByKind['stock'] = {
  ...{ for_channel: 'tmall', store_code: 'W01', product_id: '8801', sku_id: '8801-1' },
  ...{ quantity: -2, available: null, counted_at: at('28T01:00') },
};
export const PRICE: FieldsByKind['price'] = {
  ...{ for_channel: '', store_code: '', product_id: '8801', sku_id: '8801-1', list_fen: 19_900, price_fen: 9_950 },
  ...{ in_range: true, valid_from: at('20T16:00'), valid_to: null },
};
export const COUPON: FieldsByKind['coupon'] = {
  ...{ batch: 'spring', title: '满199减20', state: 'claimed', face_fen: 2_000, threshold_fen: 19_900 },
  ...{ granted_at: null, claimed_at: at('10T02:00'), used_at: null, expires_at: new Date('2026-12-31T16:00:00Z') },
  ...{ used_order_no: '', used_store: '', discount_fen: null },
};
const SERVICE: FieldsByKind['service'] = {
  ...{ service: 'parcel', status: 'open', order_no: 'B1', product_id: '', sku_id: '', store_code: 'S1', guide: '' },
  ...{ topic: '', opened_at: at('10T00:00'), start_due_at: at('12T00:00'), started_at: at('11T00:00') },
  ...{ due_at: at('14T00:00'), done_at: null, score: null, score_max: null },
};
const SURVEY: FieldsByKind['survey'] = {
  ...{ survey: 'nps-2026', question: '愿意推荐吗', answer: '愿意', score: 9, score_max: 10, order_no: 'B1' },
  ...{ store_code: 'S1', answered_at: at('20T00:00') },
};
const IDEA: FieldsByKind['idea'] = {
  ...{ topic: '尺码', product_id: '8801', status: 'open', votes: 3, happened_at: at('21T00:00') },
};
const STORE: FieldsByKind['store'] = {
  ...{ store_code: 'S1', title: '正佳店', region: '华南', status: 'open', dealer: 'D07', guides: ['G01', 'G02'] },
};

export const CASES: readonly { kind: RecordKind; table: string; record: object; newer: object; shows: object }[] = [
  {
    kind: 'product',
    table: 'products',
    record: record('product', { key: '8801/8801-1', fields: PRODUCT }),
    newer: record('product', {
      key: '8801/8801-1',
      fields: { ...PRODUCT, life_stage: 'clearance' },
      modified: LATER,
    }),
    shows: { barcode: '6901234567892', life_stage: 'clearance', launched_on: '2026-02-14', warranty_days: 365 },
  },
  {
    kind: 'stock',
    table: 'stocks',
    record: record('stock', { key: 'tmall/W01/8801/8801-1', fields: STOCK }),
    newer: record('stock', {
      key: 'tmall/W01/8801/8801-1',
      fields: { ...STOCK, quantity: 7, available: 5 },
      modified: LATER,
    }),
    shows: { for_channel: 'tmall', store_code: 'W01', quantity: 7, available: 5 },
  },
  {
    kind: 'price',
    table: 'prices',
    record: record('price', { key: '//8801/8801-1', fields: PRICE }),
    newer: record('price', {
      key: '//8801/8801-1',
      fields: { ...PRICE, in_range: false, price_fen: null },
      modified: LATER,
    }),
    shows: { list_fen: 19_900, price_fen: null, in_range: 0, valid_to: null },
  },
  {
    kind: 'store',
    table: 'stores',
    record: record('store', { key: 'S1', fields: { ...STORE, guides: [] } }),
    newer: record('store', { key: 'S1', fields: STORE, modified: LATER }),
    shows: { region: '华南', dealer: 'D07', guides: ['G01', 'G02'] },
  },
  {
    kind: 'coupon',
    table: 'coupons',
    record: record('coupon', { key: 'C-1', card: 'A001', fields: COUPON }),
    newer: record('coupon', {
      ...{ key: 'C-1', card: 'A001', modified: LATER },
      fields: { ...COUPON, state: 'used', used_at: at('20T03:00'), used_order_no: 'B1', discount_fen: 2_000 },
    }),
    shows: { batch: 'spring', state: 'used', used_order_no: 'B1', discount_fen: 2_000, granted_at: null },
  },
  {
    kind: 'service',
    table: 'services',
    record: record('service', { key: 'SF1', card: 'A001', fields: SERVICE }),
    newer: record('service', {
      ...{ key: 'SF1', card: 'A001', modified: LATER },
      fields: { ...SERVICE, status: 'done', done_at: at('13T00:00') },
    }),
    shows: { service: 'parcel', status: 'done', done_at: '2026-02-13 00:00:00.000', due_at: '2026-02-14 00:00:00.000' },
  },
  {
    kind: 'survey',
    table: 'survey_answers',
    record: record('survey', { key: 'R1', card: 'A001', fields: SURVEY, message: MESSAGE }),
    newer: record('survey', { key: 'R1', card: 'A001', fields: { ...SURVEY, score: 10 }, modified: LATER }),
    shows: { survey: 'nps-2026', question: '愿意推荐吗', score: 10, score_max: 10 },
  },
  {
    kind: 'idea',
    table: 'ideas',
    record: record('idea', { key: 'I1', card: 'A001', fields: IDEA, message: '请出大码' }),
    newer: record('idea', { key: 'I1', card: 'A001', fields: { ...IDEA, status: 'taken_up' }, modified: LATER }),
    shows: { topic: '尺码', status: 'taken_up', votes: 3 },
  },
];
