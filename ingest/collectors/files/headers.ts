import { GOODS_HEADERS } from './goods-headers.ts';
import { SERVICE_HEADERS } from './service-headers.ts';

/** The headers of till and loyalty files, by what they mean: the names seen in the field, in Chinese and English. */

/**
 * Canonical column → headers, the better one first. A file may have several of them: the first that is filled counts.
 * Written as `plainHeader` writes them: no spaces, underscores or brackets, lower case.
 */
export const COLUMN_HEADERS = {
  card_no:
    '会员卡号 卡号 vip卡号 vip卡 会员卡 会员卡编号 会员卡编码 卡编号 vipcode vipno vipcardno cardno card membercard',
  member_no: '会员编号 会员号 会员id 会员编码 会员代码 memberno memberid membercode membernumber',
  old_card_no: '原卡号 旧卡号 老卡号 换卡前卡号 oldcardno',
  phone:
    '手机号码 手机号 手机 会员手机 会员手机号 会员手机号码 移动电话 联系电话 联系方式 电话 电话号码 mobile mobileno mobilephone phone phoneno phonenumber cellphone tel telephone',
  email: '邮箱 电子邮箱 电子邮件 邮箱地址 email mail emailaddress',
  name: '姓名 会员姓名 客户姓名 顾客姓名 会员名称 会员名 客户名称 name membername customername vipname fullname',
  nickname: '昵称 nickname',
  gender: '性别 会员性别 称谓 gender sex',
  birthday: '生日 出生日期 会员生日 出生年月日 出生年月 birthday birthdate dateofbirth birth dob',
  national_id: '身份证号 身份证号码 身份证 证件号码 证件号 idcardno idcard idno',
  address: '地址 联系地址 通讯地址 家庭地址 详细地址 address',
  province: '省份 省 所在省 所在省份 province',
  city: '城市 市 所在市 所在城市 city',
  registered_at:
    '入会时间 入会日期 开卡时间 开卡日期 注册时间 注册日期 办卡时间 办卡日期 发卡时间 发卡日期 建档日期 建档时间 joinedat jointime joindate registertime registerdate registeredat createtime createdat createddate opendate',
  registered_store:
    '开卡门店 入会门店 注册门店 办卡门店 发卡门店 归属门店 所属门店 开卡店铺 入会店铺 registerstore joinstore',
  guide:
    '导购 导购员 营业员 店员 销售员 业务员 服务导购 专属导购 发展人 开卡人 guide salesperson salesman clerk seller',
  level:
    '会员等级 等级 会员级别 级别 vip等级 卡级别 卡类型 卡类别 会员类型 level memberlevel grade tier cardtype categoryname',
  points: '可用积分 当前积分 剩余积分 积分余额 会员积分 积分 availablepoints points point bonus',
  status: '状态 会员状态 卡状态 单据状态 小票状态 订单状态 交易状态 营业状态 status state',
  modified_at:
    '修改时间 更新时间 最后修改时间 最后更新时间 修改日期 更新日期 modifiedat modifytime modified updatedat updatetime lastmodified',
  trade_count: '消费次数 累计消费次数 交易次数 购买次数 tradecount ordercount',
  trade_amount: '累计消费金额 累计消费 消费总额 总消费金额 tradeamount',
  last_trade_at: '最近消费时间 最近消费日期 最后消费时间 最后消费日期 最近消费 lasttradeat lasttradetime',

  store_code:
    '门店编码 门店编号 门店代码 门店号 店号 店铺编码 店铺编号 店铺代码 店铺号 机构编码 机构代码 机构编号 机构 门店 店铺 storecode storeno storeid shopcode shopno shopid store shop',
  store_name: '门店名称 店名 店铺名称 门店名 机构名称 storename shopname',
  terminal:
    '机号 收银机号 收银机 pos机号 pos号 款台 款台号 收银台 收银台号 终端号 terminal terminalno posno posid machineno till',
  bill_no:
    '小票号 小票编号 小票单号 单据号 单据编号 流水号 交易流水号 收银流水号 销售单号 单号 交易号 订单号 订单编号 billno ticketno receiptno orderno sn',
  business_date:
    '营业日期 营业日 业务日期 账期 销售日期 交易日期 单据日期 消费日期 日期 businessdate bizdate saledate tradedate billdate date',
  sold_at:
    '交易时间 销售时间 收银时间 结账时间 开单时间 消费时间 付款时间 支付时间 下单时间 时间 soldat saletime tradetime ordertime paytime paidat datetime createdat time',
  line_no: '行号 明细行号 行序号 明细序号 序号 lineno line seq',
  product_id:
    '款号 商品款号 商品编码 商品编号 商品代码 货号 产品编码 款式编码 物料编码 productid productcode productno itemcode goodsno goodscode spu stylecode',
  sku_id: 'sku sku编码 条码 条形码 商品条码 国际条码 规格编码 skuid skucode skuno barcode',
  title: '品名 商品名称 商品名 产品名称 货品名称 title productname goodsname itemname',
  category: '品类 大类 类别 商品类别 商品分类 分类 类目 category',
  quantity: '数量 销售数量 件数 销量 quantity qty',
  unit_price: '吊牌价 牌价 标准价 原价 零售价 标价 单价 tagprice listprice unitprice price',
  ordered_amount: '应收金额 应收 吊牌金额 牌价金额 原价金额 标准金额 商品金额 零售金额 orderedamount originalamount',
  paid: '实收金额 实收 实付金额 实付 成交金额 实销金额 结算金额 支付金额 折后金额 实际金额 销售金额 金额 paid paidamount payamount netamount actualamount amount',
  discount: '折扣额 折扣金额 优惠金额 优惠 让利金额 discountamount',
  coupon: '券抵 券抵金额 券抵扣 优惠券金额 优惠券 代金券 券金额 couponamount coupon',
  points_paid: '积分抵 积分抵扣 积分抵现 积分抵扣金额 pointsamount',
  stored_value: '储值 储值支付 储值卡支付 储值抵扣 储值消费 余额支付 storedvalue',
  freight: '运费 邮费 快递费 freight shippingfee',
  payment: '支付方式 付款方式 收款方式 结算方式 支付类型 paymentmethod paytype payment',
  original_bill_no:
    '原单号 原小票号 原单据号 退货原单号 原始单号 原销售单号 被冲单号 originalbillno originalorderno originalno refbillno',
  original_date: '原单日期 原销售日期 原交易日期 原小票日期 originaldate',
  original_store: '原门店 原门店编码 原店号 原销售门店 originalstore',
  original_terminal: '原机号 原收银机号 originalterminal',
  return_flag: '退货标志 退货标识 是否退货 isreturn returnflag',
  bill_type: '单据类型 业务类型 交易类型 销售类型 单据类别 小票类型 类型 billtype tradetype type',
  channel: '渠道 销售渠道 订单渠道 平台 订单来源 来源渠道 来源 channel platform source',
  platform_order_no:
    '平台单号 平台订单号 线上单号 线上订单号 外部单号 外部订单号 网店单号 电商单号 第三方单号 platformorderno outerorderno externalorderno tid',

  id_type: '标识类型 账号类型 id类型 idtype',
  id_value: '标识 标识值 账号 渠道账号 渠道id idvalue',
  id_scope: '适用范围 范围 scope namespace appid',
  bound_at: '绑定时间 绑定日期 boundat bindtime',
  unbound_at: '解绑时间 解绑日期 unboundat unbindtime',

  entry_no: '积分流水号 流水号 明细编号 记录号 entryno entryid id',
  delta: '积分变动 变动积分 变动值 积分值 发生积分 变动数量 积分 delta change changepoints points',
  balance: '变动后积分 积分余额 剩余积分 结余 余额 balance',
  reason: '变动原因 原因 变动类型 事由 类型 备注 reason type remark',
  happened_at: '发生时间 变动时间 变更时间 操作时间 授权时间 时间 日期 happenedat changedat at time date createdat',

  from_level: '原等级 变更前等级 变动前等级 旧等级 fromlevel oldlevel',
  to_level: '新等级 变更后等级 变动后等级 现等级 tolevel newlevel',

  purpose: '用途 授权用途 授权目的 目的 purpose',
  via: '触达渠道 触达方式 通道 渠道 方式 via channel',
  granted: '是否同意 是否授权 同意 授权 授权状态 状态 granted consent agreed optin status',

  bill_count: '笔数 销售笔数 订单数 单数 小票数 交易笔数 客单数 billcount ordercount transactioncount transactions',
  turnover: '销售额 营业额 销售总额 总金额 合计金额 turnover revenue sales',
  refund_count: '退货笔数 退款笔数 退单数 退货单数 refundcount returncount',
  refunded: '退货金额 退款金额 退货额 退款额 refunded refundamount returnamount',

  region: '大区 区域 地区 region area',
  dealer: '经销商 经销商编码 经销商名称 加盟商 加盟商编码 加盟商名称 代理商 dealer dealercode franchisee distributor',

  ...GOODS_HEADERS,
  ...SERVICE_HEADERS,
} as const satisfies Record<string, string>;

export type Column = keyof typeof COLUMN_HEADERS;

/** What a file holds: decided by its pattern in the settings, or by its headers. */
export const FILE_KINDS = [
  'member',
  'membership',
  'sale',
  'refund',
  'binding',
  'points_entry',
  'level_change',
  'consent',
  'store',
  'statement',
  'product',
  'stock',
  'price',
  'coupon',
  'service',
  'survey',
] as const;
export type FileKind = (typeof FILE_KINDS)[number];

const NUMBERS = ['card_no', 'member_no'] as const;
const PERSON = [
  ...NUMBERS,
  ...([
    'phone',
    'email',
    'name',
    'nickname',
    'gender',
    'birthday',
    'national_id',
    'address',
    'province',
    'city',
  ] as const),
];
const MEMBER: readonly Column[] = [
  ...PERSON,
  ...([
    'old_card_no',
    'registered_at',
    'registered_store',
    'guide',
    'level',
    'points',
    'status',
    'modified_at',
  ] as const),
  ...(['trade_count', 'trade_amount', 'last_trade_at', 'store_code'] as const),
];
const SALE: readonly Column[] = [
  ...NUMBERS,
  ...([
    'phone',
    'name',
    'store_code',
    'store_name',
    'terminal',
    'bill_no',
    'business_date',
    'sold_at',
    'line_no',
  ] as const),
  ...(['product_id', 'sku_id', 'title', 'category', 'quantity', 'unit_price', 'ordered_amount', 'paid'] as const),
  ...(['discount', 'coupon', 'points_paid', 'stored_value', 'freight', 'payment', 'guide', 'status'] as const),
  ...(['original_bill_no', 'original_date', 'original_store', 'original_terminal', 'return_flag'] as const),
  ...(['bill_type', 'channel', 'platform_order_no'] as const),
];

/** Stock and prices are often listed with what they are of. */
const GOODS: readonly Column[] = [
  ...(['product_id', 'sku_no', 'barcode', 'outer_id', 'sku_outer_id', 'title', 'category', 'brand'] as const),
  ...(['colour', 'size', 'season', 'life_stage', 'sale_status', 'launched_on', 'warranty'] as const),
  ...(['unit_price', 'sale_price'] as const),
];

/** The columns a kind of file is read for. Within one kind no header means two columns. */
export const COLUMNS_OF: Readonly<Record<FileKind, readonly Column[]>> = {
  member: MEMBER,
  membership: MEMBER,
  sale: SALE,
  refund: SALE,
  binding: [...NUMBERS, 'channel', 'id_type', 'id_value', 'id_scope', 'bound_at', 'unbound_at', 'modified_at'],
  points_entry: [...NUMBERS, 'entry_no', 'delta', 'balance', 'reason', 'happened_at'],
  level_change: [...NUMBERS, 'from_level', 'to_level', 'happened_at'],
  consent: [...NUMBERS, 'phone', 'purpose', 'via', 'granted', 'happened_at'],
  store: ['store_code', 'store_name', 'region', 'status', 'dealer', 'guide'],
  statement: ['store_code', 'business_date', 'bill_count', 'turnover', 'paid', 'refund_count', 'refunded'],
  product: [...GOODS, 'on_hand', 'modified_at'],
  stock: [...GOODS, 'on_hand', 'available', 'counted_at', 'place', 'store_name', 'channel'],
  price: [...GOODS, 'place', 'store_name', 'channel', 'valid_from', 'valid_to', 'modified_at'],
  coupon: [
    ...NUMBERS,
    ...(['phone', 'coupon_no', 'coupon_batch', 'coupon_title', 'coupon_state', 'face', 'threshold'] as const),
    ...(['taken_off', 'granted_at', 'claimed_at', 'used_at', 'expires_at', 'used_order', 'used_store'] as const),
  ],
  // No phone: a parcel's is its receiver's, who is nobody's account.
  service: [
    ...NUMBERS,
    ...(['service_no', 'service_kind', 'service_state', 'of_order', 'product_id', 'sku_no', 'barcode'] as const),
    ...(['store_code', 'served_by', 'topic', 'message', 'opened_at', 'start_due_at', 'started_at', 'due_at'] as const),
    ...(['done_at', 'score', 'score_max'] as const),
  ],
  survey: [
    ...NUMBERS,
    ...(['phone', 'answer_no', 'survey', 'question', 'answer', 'message', 'score', 'score_max', 'of_order'] as const),
    ...(['store_code', 'answered_at'] as const),
  ],
};

/** Without one column of each group a file is not of this kind. */
export const NEEDED: Readonly<Record<FileKind, readonly (readonly Column[])[]>> = {
  member: [
    ['card_no', 'member_no', 'phone'],
    ['phone', 'name', 'registered_at', 'level', 'points', 'birthday'],
  ],
  membership: [
    ['card_no', 'member_no', 'phone'],
    ['phone', 'name', 'registered_at', 'level', 'points', 'birthday'],
  ],
  sale: [['bill_no'], ['business_date', 'sold_at'], ['paid', 'ordered_amount', 'unit_price']],
  refund: [['bill_no'], ['business_date', 'sold_at'], ['paid', 'ordered_amount', 'unit_price']],
  binding: [NUMBERS, ['id_type'], ['id_value']],
  points_entry: [NUMBERS, ['delta'], ['happened_at']],
  level_change: [NUMBERS, ['to_level'], ['happened_at']],
  consent: [[...NUMBERS, 'phone'], ['purpose'], ['granted']],
  store: [['store_code'], ['store_name', 'region']],
  statement: [['business_date'], ['bill_count'], ['turnover', 'paid']],
  product: [['product_id', 'sku_no', 'barcode'], ['title']],
  stock: [['product_id', 'sku_no', 'barcode'], ['on_hand']],
  price: [
    ['product_id', 'sku_no', 'barcode'],
    ['sale_price', 'unit_price'],
  ],
  coupon: [['coupon_no'], ['granted_at', 'claimed_at', 'used_at', 'expires_at']],
  service: [
    ['service_no', 'service_kind', 'score'],
    ['service_no', 'of_order', ...NUMBERS],
    ['opened_at', 'started_at', 'due_at', 'done_at'],
  ],
  survey: [['survey', 'question'], ['answer', 'score', 'message'], ['answered_at']],
};
