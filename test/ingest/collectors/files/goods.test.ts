import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePopulation } from '../../../../fixtures/population/index.ts';
import type { FieldsByKind } from '../../../../ingest/record.ts';
import { DELIVERED, fieldsOf, fileOf, told } from './folder.ts';

const at = (time: string) => new Date(`${time}+08:00`);

describe('files of products', () => {
  it('are SKUs with their product, and what a tag says they cost', async () => {
    const pulled = await fileOf(
      '款号,SKU,条码,商家编码,品名,类目,品牌,颜色,尺码,季节,生命周期,商品状态,上市日期,质保期,吊牌价\n' +
        'TS001,TS001RM,6901234567892,TS-26-001,圆领T恤,T恤,Quan,红,M,2026春,新品,在售,2026-03-01,1年,199.00\n',
    );
    assert.deepEqual(pulled.rejections, []);
    assert.deepEqual(fieldsOf(pulled, 'product'), [
      {
        ...{
          product_id: 'TS001',
          sku_id: 'TS001RM',
          outer_id: 'TS-26-001',
          sku_outer_id: '',
          barcode: '6901234567892',
        },
        ...{ title: '圆领T恤', category: 'T恤', brand: 'Quan', variant: '红;M', season: '2026春', life_stage: 'new' },
        ...{ status: 'on_sale', launched_on: '2026-03-01', warranty_days: 365 },
      },
    ]);
    assert.deepEqual(
      fieldsOf(pulled, 'price').map(({ list_fen, price_fen, in_range }) => [list_fen, price_fen, in_range]),
      [[19_900, null, true]],
    );
  });

  const cells: readonly [what: string, header: string, cell: string, Partial<FieldsByKind['product']>, string[]][] = [
    ['a hit', '生命周期', '爆款', { life_stage: 'hit' }, []],
    ['the long tail', '商品阶段', '长尾', { life_stage: 'long_tail' }, []],
    ['a clearance', '产品阶段', '清仓', { life_stage: 'clearance' }, []],
    ['a stage nobody knows', '生命周期', '阶段三', { life_stage: '' }, ['product.unknown-stage at 生命周期']],
    ['what is taken off the shelves', '上下架', '已下架', { status: 'off_sale' }, []],
    ['a warranty in months', '保修期', '18个月', { warranty_days: 540 }, []],
    ['a warranty in days', '质保天数', '30', { warranty_days: 30 }, []],
    ['a warranty nobody can count', '保修期', '终身', { warranty_days: null }, ['product.warranty at 保修期']],
    ['a SKU that only has a barcode', '条码', '6901234567892', { sku_id: '6901234567892' }, []],
    [
      'a day of launch that was never set',
      '上市日期',
      '1900-01-01',
      { launched_on: null },
      ['date.default at 上市日期'],
    ],
  ];
  for (const [what, header, cell, expected, refused] of cells) {
    it(`know ${what}`, async () => {
      const pulled = await fileOf(`款号,品名,${header}\nTS001,圆领T恤,${cell}\n`);
      const [product] = fieldsOf(pulled, 'product');
      assert.deepEqual([{ ...product, ...expected }, told(pulled)], [product, refused]);
    });
  }

  it('give stock and prices, where a list has them beside its products', async () => {
    const pulled = await fileOf('货号\t商品名称\t售价\t库存\nTS001\t圆领T恤\t99.5\t12\n');
    assert.deepEqual(
      pulled.records.map(({ kind, key }) => [kind, key]),
      [
        ['product', 'TS001/'],
        ['price', '//TS001/'],
        ['stock', '//TS001/'],
      ],
    );
  });

  it('refuse a row that names nothing', async () => {
    const pulled = await fileOf('款号,SKU,品名\n,,圆领T恤\nTS001,,圆领T恤\n');
    assert.deepEqual([told(pulled), pulled.records.length], [['product.no-number at product_id'], 1]);
  });

  it('are not what a list of sales without bill numbers is taken for', async () => {
    const pulled = await fileOf(
      '门店编码,营业日期,款号,品名,数量,吊牌价,实收金额\nS1,2026-01-15,TS001,圆领T恤,1,199,99\n',
    );
    assert.deepEqual([told(pulled), pulled.records], [['file.columns-missing at '], []]);
  });
});

describe('files of stock', () => {
  it('are pieces by store and channel, counted when they say or when they came', async () => {
    const pulled = await fileOf(
      '门店编码,门店名称,渠道,款号,SKU,品名,库存,可用库存,盘点时间\n' +
        'S1,正佳店,,TS001,TS001RM,圆领T恤,-2,,2026-01-15 21:00:00\nW01,总仓,天猫,TS001,TS001RM,圆领T恤,30,25,\n',
    );
    assert.deepEqual(pulled.rejections, []);
    const goods = { product_id: 'TS001', sku_id: 'TS001RM' };
    assert.deepEqual(fieldsOf(pulled, 'stock'), [
      {
        for_channel: '',
        store_code: 'S1',
        ...goods,
        quantity: -2,
        available: null,
        counted_at: at('2026-01-15T21:00'),
      },
      { for_channel: 'tmall', store_code: 'W01', ...goods, quantity: 30, available: 25, counted_at: DELIVERED },
    ]);
    assert.deepEqual(
      pulled.records.map(({ kind, key }) => [kind, key]),
      [
        ['stock', '/S1/TS001/TS001RM'],
        ['stock', 'tmall/W01/TS001/TS001RM'],
      ],
    );
  });

  it('refuse a row without a number of pieces', async () => {
    const pulled = await fileOf('门店,SKU,库存\nS1,TS001RM,缺货\nS1,TS001RL,0\n');
    assert.deepEqual(told(pulled), ['number.not-a-number at 库存', 'stock.no-quantity at 库存']);
    assert.deepEqual(
      fieldsOf(pulled, 'stock').map(({ quantity }) => quantity),
      [0],
    );
  });
});

describe('files of prices', () => {
  it('hold from one instant to another, also in days to come, and for ever where 2099 stands', async () => {
    const pulled = await fileOf(
      '渠道,款号,SKU,吊牌价,售价,生效日期,失效日期,商品状态\n' +
        '抖音,TS001,TS001RM,199,99,2026-06-01,2026-06-18,上架\n抖音,TS001,TS001RM,199,149,2026-01-01,2099-12-31,下架\n',
    );
    assert.deepEqual(pulled.rejections, []);
    const goods = { for_channel: 'douyin', store_code: '', product_id: 'TS001', sku_id: 'TS001RM', list_fen: 19_900 };
    assert.deepEqual(fieldsOf(pulled, 'price'), [
      {
        ...{ ...goods, price_fen: 9_900, in_range: true },
        ...{ valid_from: at('2026-06-01T00:00'), valid_to: at('2026-06-19T00:00') },
      },
      { ...goods, price_fen: 14_900, in_range: false, valid_from: at('2026-01-01T00:00'), valid_to: null },
    ]);
    assert.equal(new Set(pulled.records.map(({ key }) => key)).size, 2);
  });
});

describe('the goods of the population', () => {
  it('are read from its files without a rejection', async () => {
    const out = await mkdtemp(join(tmpdir(), 'quanyu-goods-'));
    try {
      await writePopulation({ persons: 20, seed: 1, out, endAt: at('2026-01-16T00:00'), days: 35 });
      const names = await readdir(join(out, 'pos'));
      const read = async (begin: string) => {
        const name = names.find((one) => one.startsWith(begin) && one.endsWith('.csv'))!;
        return fileOf(await readFile(join(out, 'pos', name)), { name });
      };
      const [products, stock] = [await read('商品资料'), await read('库存')];
      assert.deepEqual([...products.rejections, ...stock.rejections], []);
      const skus = new Set(fieldsOf(products, 'product').map(({ sku_id }) => sku_id));
      assert.ok(fieldsOf(stock, 'stock').every(({ sku_id }) => skus.has(sku_id)));
      assert.deepEqual([skus.size, fieldsOf(products, 'price').length], [2880, 2880]);
      assert.ok(new Set(fieldsOf(stock, 'stock').map(({ store_code }) => store_code)).size > 1);
    } finally {
      await rm(out, { recursive: true, force: true });
    }
  });
});
