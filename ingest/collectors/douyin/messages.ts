/**
 * Messages that the platform posts (消息推送): signed over their bytes, several at once, each again until it is answered.
 * They carry numbers only; what they tell of comes whole with the next pull.
 */
import { createHash } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import type { Mapped, SourceItem } from '../../record.ts';
import type { MapContext, PushAnswer, PushRequest } from '../collector.ts';
import { cutAnswer, isObject, plainText, tryJson } from '../kit/json.ts';
import { sameSignature } from '../kit/same-signature.ts';
import { checker, object, rejected, shape, shown } from '../kit/validate.ts';
import type { Id } from './schemas.ts';
import type { DouyinSettings } from './settings.ts';
import { eventSignature } from './sign.ts';

export const EVENT_SIGN_HEADER = 'event-sign';

/** The tag under which the platform tries whether the address answers. */
const TRIAL = '0';

export function receiveMessages(
  request: PushRequest,
  { source, clock }: MapContext<DouyinSettings> & { readonly clock: Clock },
): PushAnswer {
  const { app_key: appKey, app_secret: secret } = source.settings;
  const given = request.headers[EVENT_SIGN_HEADER] ?? '';
  if (!sameSignature(given, eventSignature(request.body, { appKey, secret })))
    return { status: 401, contentType: JSON_TYPE, body: '{"code":10001,"msg":"event-sign does not stand"}', items: [] };
  const deliveredAt = clock.now();
  const items = textsOf(request.body.toString('utf8'))
    .map((payload) => ({ payload, message: tryJson(payload) }))
    .filter(({ message }) => !(isObject(message) && plainText(message.tag) === TRIAL))
    .map(({ payload, message }, position): SourceItem => {
      return { kind: 'message', key: keyOf(message) ?? digest(payload), payload, position, deliveredAt };
    });
  return { status: 200, contentType: JSON_TYPE, body: '{"code":0,"msg":"success"}', items };
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** The messages of a body; a body that is no list is kept whole, for the quarantine. */
function textsOf(body: string): readonly string[] {
  try {
    return body.trimStart().startsWith('[') ? cutAnswer(`{"messages":${body}}`, 'messages').items : [body];
  } catch {
    return [body];
  }
}

function keyOf(message: unknown): string | undefined {
  const id = isObject(message) ? message.msg_id : undefined;
  return typeof id === 'string' && id !== '' && id.length <= 200 ? id : undefined;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

interface Message {
  readonly tag: Id;
  readonly msg_id: string;
  readonly data: string | object;
}

const { id, text } = shape;
const checkMessage = checker<Message>(
  object(
    {
      tag: id,
      msg_id: { ...text, minLength: 1 },
      data: { type: ['string', 'object'], reason: 'field.not-text', description: 'JSON as text' },
    },
    ['tag', 'msg_id', 'data'],
  ),
);
/** `p_id`: the order; bare 64-bit numbers within a text, so that it is read without loss like the body itself. */
const checkOrderData = checker<{ readonly p_id: Id }>(object({ p_id: id, shop_id: id }, ['p_id']), '/data');
const checkAftersaleData = checker<{ readonly aftersale_id: Id }>(
  object({ aftersale_id: id, p_id: id, s_id: id, shop_id: id }, ['aftersale_id', 'p_id']),
  '/data',
);

/** Orders have tags from 100, after-sales from 200, goods and others from 300. */
const [ORDERS, AFTERSALES, OTHERS] = [100, 200, 300];

/** Nothing becomes a record; a message that nobody could read is shown. */
export function mapMessage(item: SourceItem): Mapped {
  const checked = checkMessage(item.payload);
  if (!checked.ok) return checked.mapped;
  const { data } = checked.value;
  const tag = Number(checked.value.tag);
  const read = typeof data === 'string' ? tryJson(data) : data;
  if (!isObject(read))
    return rejected({ path: '/data', given: shown(data), expected: 'a JSON object', code: 'item.not-json' });
  if (tag < ORDERS! || tag >= OTHERS!) return { records: [], rejections: [] };
  const check = tag < AFTERSALES! ? checkOrderData : checkAftersaleData;
  const said = check(typeof data === 'string' ? data : JSON.stringify(data));
  return said.ok ? { records: [], rejections: [] } : said.mapped;
}
