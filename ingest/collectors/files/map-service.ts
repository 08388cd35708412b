/** Services around a purchase: parcels, visits, tickets, complaints, reviews. */
import type { Service, ServiceFields, SourceRecord } from '../../record.ts';
import { type Mapping, recordOf, refuseRow } from './mapping.ts';
import { readPerson } from './person.ts';
import { scoreOf } from './scores.ts';

const SERVICES: readonly (readonly [RegExp, Service])[] = [
  [/投诉|客诉|complain/i, 'complaint'],
  [/评价|评论|晒单|review/i, 'review'],
  [/退|return|refund/i, 'return'],
  [/换货|换新|exchange/i, 'exchange'],
  [/安装|install/i, 'installation'],
  [/维修|报修|保修|保养|清洗|repair/i, 'repair'],
  [/快递|物流|运单|包裹|发货|配送|waybill|tracking|parcel|ship/i, 'parcel'],
  [/上门|预约|到店|量尺|visit|appoint/i, 'visit'],
  [/咨询|问询|客服|consult/i, 'consultation'],
];
const CANCELLED = /取消|撤[销回]|爽约|未到|拒绝|作废|cancel|no.?show/i;
const UNDONE = /未|待|中$/;
const DONE = /完成|完结|办结|解决|关闭|签收|妥投|送达|已评|已安装|done|closed|finished|completed|delivered/i;

export function mapService(mapping: Mapping): SourceRecord | null {
  const { row, settings } = mapping;
  const service = serviceOf(mapping);
  if (service === null)
    return refuseRow(row, 'service_kind', {
      code: 'service.unknown-kind',
      expected: '咨询, 快递, 预约上门, 安装, 维修, 退货, 换货, 投诉 or 评价',
    });
  const times = timesOf(mapping, service);
  if (times === null)
    return refuseRow(row, 'opened_at', { code: 'date.missing', expected: 'at least one time of the service' });
  const number = row.text('service_no');
  const order = row.text('of_order');
  const { account, identifiers } = readPerson(row, settings);
  if (number === '' && order === '' && account === null)
    return refuseRow(row, 'service_no', { code: 'service.no-number', expected: 'its number, an order or a member' });
  const named = [account?.key ?? '', order, row.text('product_id'), times.opened_at.toISOString()].join('/');
  const message = row.text('message');
  return recordOf(mapping, {
    kind: 'service',
    head: {
      key: `${service}/${number || named}`,
      ...{ account, identifiers, personal: message === '' ? {} : { message } },
    },
    fields: {
      service,
      status: statusOf(mapping, times),
      order_no: order,
      product_id: row.text('product_id'),
      sku_id: row.text('sku_no') || row.text('barcode'),
      store_code: row.text('store_code'),
      guide: row.text('served_by'),
      topic: row.text('topic'),
      ...times,
      ...scoreOf(row),
    },
  });
}

/** What the row says it is; else what its number's or its time's header is called. */
function serviceOf({ row }: Mapping): Service | null {
  const said = row.text('service_kind');
  const words =
    said === '' ? (['service_no', 'opened_at', 'message', 'due_at'] as const).map((one) => row.path(one)) : [said];
  for (const word of words) {
    const found = SERVICES.find(([known]) => known.test(word));
    if (found) return found[1];
  }
  return null;
}

type Times = Pick<ServiceFields, 'opened_at' | 'start_due_at' | 'started_at' | 'due_at' | 'done_at'>;

/** Null when the row gives no time at all. */
function timesOf({ row }: Mapping, service: Service): Times | null {
  const opened = row.instant('opened_at');
  const started = row.instant('started_at');
  const done = row.instant('done_at');
  const due = row.planned('due_at');
  const first = opened ?? started ?? done ?? due?.instant ?? null;
  if (first === null) return null;
  const isKept = service === 'visit' ? started : service === 'review' ? first : null;
  return {
    opened_at: first,
    start_due_at: row.planned('start_due_at')?.end ?? null,
    started_at: started,
    due_at: due?.end ?? null,
    done_at: done ?? isKept,
  };
}

function statusOf({ row }: Mapping, { done_at }: Times): ServiceFields['status'] {
  const word = row.text('service_state');
  if (CANCELLED.test(word)) return 'cancelled';
  if (done_at !== null) return 'done';
  return DONE.test(word) && !UNDONE.test(word) ? 'done' : 'open';
}
