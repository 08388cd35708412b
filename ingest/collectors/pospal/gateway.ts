/**
 * Calls of Pospal's open platform: signed over the bytes sent, pages handed on by `postBackParameter`. An answer says by its
 * `status` whether it is one; faults are told by their words alone (assumed: what they are).
 */
import { createHash } from 'node:crypto';
import type { PullContext } from '../collector.ts';
import { CallFailure, type Outcome } from '../kit/call-failure.ts';
import { fetchText, notWhole } from '../kit/fetch-text.ts';
import { cutAnswer, isObject, members, plainText, readJson } from '../kit/json.ts';
import { tryAgain } from '../kit/try-again.ts';
import type { PospalSettings } from './settings.ts';

export type PospalContext = PullContext<PospalSettings>;

/** Names the next page; sent back as it came. */
export interface PostBack {
  readonly parameterType: string;
  readonly parameterValue: string;
}

export interface PospalPage {
  readonly rows: readonly string[];
  /** Null behind the last page. */
  readonly next: PostBack | null;
}

const TIMEOUT_MS = 30_000;
const HOUR_S = 3600;

const BUSY = /繁忙|频繁|超时|稍后|timeout|responseCode=500/i;
const USED_UP = /次数.*(?:上限|用完|超)|(?:超出|超过).*(?:次数|限制)/;
const ENDED = /过期|停用|禁用|未授权|没有权限|无权/;

/** One page of a method such as `ticketOpenApi/queryTicketPages`. Throws SourceFault when it fails for good. */
export function readPage(
  context: PospalContext,
  call: { method: string; parameters: Readonly<Record<string, string>>; at: PostBack | null },
): Promise<PospalPage> {
  return tryAgain(context, { method: call.method, attempt: () => attempt(context, call) });
}

async function attempt(
  context: PospalContext,
  { method, parameters, at }: Parameters<typeof readPage>[1],
): Promise<PospalPage> {
  const { gateway, app_id: appId, app_key } = context.source.settings;
  const body = JSON.stringify({ appId, ...parameters, ...(at && { postBackParameter: at }) });
  const text = await fetchText(context, {
    ...{ name: method, url: `${gateway}/pospal-api2/openapi/v1/${method}`, timeoutMs: TIMEOUT_MS },
    init: {
      method: 'POST',
      headers: {
        'user-agent': 'openApi',
        'content-type': 'application/json; charset=utf-8',
        'time-stamp': String(context.clock.now().getTime()),
        'data-signature': createHash('md5').update(`${app_key}${body}`).digest('hex').toUpperCase(),
      },
      body,
    },
  });
  try {
    return pageOf(method, text);
  } catch (thrown) {
    throw thrown instanceof SyntaxError ? notWhole(method, thrown) : thrown;
  }
}

function pageOf(method: string, text: string): PospalPage {
  const answer = readJson(text);
  if (!isObject(answer)) throw notWhole(method);
  if (answer.status !== 'success') throw failureOf(method, answer);
  const data = members(text).find(({ key }) => key === 'data');
  if (data === undefined || text[data.start] !== '{') throw notWhole(method);
  const { head, items } = cutAnswer(text.slice(data.start, data.end), 'result');
  const size = Number(head.pageSize);
  if (!('result' in head) || !Number.isSafeInteger(size)) throw notWhole(method);
  // The parameter is given behind the last page too.
  return { rows: items, next: items.length < size ? null : postBackOf(method, head.postBackParameter) };
}

function postBackOf(method: string, given: unknown): PostBack {
  if (!isObject(given) || plainText(given.parameterValue) === '') throw notWhole(method);
  return { parameterType: plainText(given.parameterType), parameterValue: plainText(given.parameterValue) };
}

function failureOf(method: string, { status, messages, errorCode }: Readonly<Record<string, unknown>>): CallFailure {
  if (status !== 'error') return notWhole(method);
  const words = Array.isArray(messages) ? messages.map(plainText).join('; ') : plainText(messages);
  const said = `${method}: the platform answered ${plainText(errorCode)} ${words.slice(0, 120)}`.trim();
  return new CallFailure(said, { outcome: outcomeOf(words), subCode: plainText(errorCode) });
}

function outcomeOf(words: string): Outcome {
  if (BUSY.test(words)) return { next: 'again' };
  if (USED_UP.test(words)) return { next: 'banned', seconds: HOUR_S };
  return ENDED.test(words)
    ? {
        next: 'stop',
        kind: 'reauthorise',
        advice: 'Have the open platform switched on again for this account at Pospal, then start this source again.',
      }
    : {
        next: 'stop',
        kind: 'misconfigured',
        advice: 'Compare `gateway`, `app_id` and `app_key` with what Pospal shows for this account, then start again.',
      };
}
