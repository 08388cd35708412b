/** Headers of files about coupons, services and surveys. Written as headers.ts says. */
export const SERVICE_HEADERS = {
  coupon_no:
    '券码 券号 券编码 券编号 优惠券码 优惠券号 优惠券编号 优惠券编码 卡券码 卡券编码 couponno couponcode couponid',
  coupon_batch: '券批次 批次号 批次 券模板 模板编号 券活动 活动编号 活动编码 券类型编码 batch batchno templateid',
  coupon_title: '优惠券 优惠券名称 券名称 券名 卡券名称 活动名称 couponname coupontitle coupon',
  coupon_state: '券状态 优惠券状态 卡券状态 使用状态 状态 couponstatus status state',
  face: '面额 面值 券面额 券面值 券金额 优惠券金额 facevalue amount',
  threshold: '使用门槛 门槛 满减门槛 最低消费 起用金额 threshold',
  taken_off: '抵扣金额 核销金额 实际优惠 优惠金额 discountamount',
  granted_at: '发放时间 发放日期 发券时间 发券日期 grantedat issuedat',
  claimed_at: '领取时间 领取日期 领券时间 领券日期 claimedat receivedat',
  used_at: '使用时间 使用日期 核销时间 核销日期 用券时间 usedat redeemedat',
  expires_at:
    '过期时间 过期日期 到期时间 到期日期 失效时间 失效日期 有效期至 有效期止 截止日期 expiresat expireat expiredate',
  used_order: '使用订单 使用订单号 核销订单 核销订单号 核销单号 用券订单号 订单号 订单编号 小票号 usedorderno orderno',
  used_store: '核销门店 使用门店 核销门店编码 使用门店编码 门店编码 门店 usedstore storecode store',

  service_no:
    '工单号 工单编号 工单 服务单号 服务单 售后单号 售后单编号 售后编号 售后单 退换单号 退货单号 换货单号 投诉单号 投诉编号 咨询编号 安装单号 维修单号 预约单号 预约编号 运单号 快递单号 物流单号 包裹号 评价编号 评价id serviceno ticketno workorderno waybillno trackingno reviewid',
  service_kind: '服务类型 工单类型 售后类型 服务项目 业务类型 类型 servicetype tickettype type',
  service_state: '工单状态 服务状态 售后状态 处理状态 物流状态 预约状态 签收状态 状态 servicestatus status state',
  of_order: '订单号 订单编号 关联订单 关联订单号 原订单号 交易单号 平台订单号 小票号 orderno orderid',
  served_by: '导购 导购编号 客服 客服工号 技师 安装师傅 师傅 工程师 处理人 guide agent technician',
  topic: '问题类型 售后原因 投诉原因 投诉类型 咨询类型 退货原因 原因 主题 事由 topic reason subject',
  message:
    '评价内容 评价 评论内容 评论 问题描述 投诉内容 咨询内容 描述 内容 留言 意见建议 意见 建议 补充说明 message content comment review',
  opened_at:
    '创建时间 申请时间 提交时间 受理时间 咨询时间 投诉时间 评价时间 报修时间 下单时间 发生时间 时间 createdat createtime openedat time',
  start_due_at: '承诺发货时间 最晚发货时间 应发货时间 要求发货时间 shipdueat',
  started_at: '发货时间 上门时间 到店时间 开始时间 首次响应时间 响应时间 收货时间 shippedat startedat visitedat',
  due_at:
    '预约时间 预约上门时间 预约日期 承诺送达时间 预计送达时间 要求送达时间 承诺完成时间 承诺时间 appointedat promisedat dueat',
  done_at:
    '签收时间 送达时间 妥投时间 完成时间 完结时间 办结时间 解决时间 安装时间 关闭时间 deliveredat finishedat completedat doneat',
  score: '评分 得分 打分 满意度 满意度评分 星级 评价星级 评价等级 nps score rating stars',
  score_max: '满分 最高分 scoremax maxscore',

  answer_no: '答卷编号 答卷id 答卷号 答题编号 回答编号 answerno answerid responseid',
  survey: '问卷 问卷名称 问卷编号 问卷id 调研 调研名称 调查名称 survey surveyid surveyname',
  question: '题目 问题 题干 题目名称 question',
  answer: '答案 选项 回答 选择 答题内容 answer choice',
  answered_at: '提交时间 答题时间 填写时间 回答时间 答卷时间 时间 日期 answeredat submittedat time date',
} as const satisfies Record<string, string>;
