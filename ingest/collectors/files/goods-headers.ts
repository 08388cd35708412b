/** Headers of files about goods: products, their stock and prices. Written as headers.ts says. */
export const GOODS_HEADERS = {
  // Tills' bills name a SKU by its barcode where they have nothing else; here the two are told apart.
  sku_no: 'sku sku编码 sku编号 规格编码 规格编号 skuid skucode skuno',
  barcode: '条码 条形码 商品条码 国际条码 国标码 69码 barcode ean ean13 upc gtin',
  outer_id: '商家编码 商品商家编码 商家外部编码 外部编码 outerid outercode',
  sku_outer_id: 'sku商家编码 规格商家编码 sku外部编码 skuouterid outerskuid',
  brand: '品牌 品牌名称 brand brandname',
  colour: '颜色 颜色名称 花色 color colour colorname',
  size: '尺码 尺寸 规格 规格名称 尺码名称 size sizename spec',
  season: '季节 波段 年份季节 产品季 商品季节 season',
  life_stage: '生命周期 商品生命周期 产品生命周期 商品阶段 产品阶段 lifestage lifecycle',
  sale_status: '商品状态 上架状态 上下架 上下架状态 在售状态 是否在售 是否上架 销售状态 状态 salestatus onsale status',
  launched_on: '上市日期 上市时间 上新日期 上新时间 首次上架时间 launchedon launchdate',
  warranty: '质保天数 保修天数 质保期 保修期 质保 warrantydays warranty',
  on_hand:
    '库存 库存数 库存数量 库存量 现有库存 实物库存 账面库存 在库数量 现存量 onhand stock stockqty inventory quantity',
  available: '可用库存 可售库存 可用数量 可售数量 可用量 available availableqty',
  counted_at:
    '库存时间 库存日期 盘点时间 盘点日期 快照时间 统计时间 统计日期 更新时间 日期 countedat snapshotat updatedat date',
  sale_price: '售价 销售价 现价 促销价 活动价 一口价 折后价 执行价 saleprice sellingprice currentprice',
  valid_from: '生效时间 生效日期 开始时间 开始日期 起始日期 validfrom startdate starttime',
  valid_to: '失效时间 失效日期 结束时间 结束日期 截止日期 validto enddate endtime',
  place:
    '门店编码 门店编号 门店代码 门店号 店号 仓库编码 仓库编号 仓库代码 店铺编码 门店 店铺 仓库 仓库名称 storecode storeno storeid warehousecode warehouse store',
} as const satisfies Record<string, string>;
