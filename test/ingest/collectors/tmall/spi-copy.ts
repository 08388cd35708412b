/** Copies of 会员通 calls for the tests. */
import { type SpiCall, spiCopy } from '../../../../fixtures/simulators/tmall/index.ts';
import type { PushRequest } from '../../../../ingest/collectors/collector.ts';
import { ago, json, NOW, SHOP } from './shop.ts';

export const MIX_MOBILE = 'cfa3372701636a345789031a2f107523';

const ASKED = {
  seller_name: '演示旗舰店',
  mix_mobile: MIX_MOBILE,
  ouid: 'AAG2Aa1nAAAYIPoAAVyriDOu',
  omid: 'AAMbrand-buyer-1',
};
const ANSWERED = { bind_code: 'SUC', member: { point: 120, level: 2 } };

/** A copy of a bind call, changed where said. */
export function copyOf(
  change: Partial<Omit<SpiCall, 'body' | 'answer'>> & { asked?: object; answer?: object; secret?: string } = {},
): PushRequest {
  const { asked, answer, secret = 'spi-secret', ...call } = change;
  const of = {
    method: 'tmall.mei.crm.bind',
    at: ago(60),
    ...call,
    body: json({ ...ASKED, ...asked }),
    answer: json(answer ?? ANSWERED),
  };
  const { body, headers } = spiCopy(of, { appKey: SHOP.app_key, secret, now: NOW.getTime() / 1000 });
  return { method: 'POST', query: {}, headers, body };
}

export function copyText(change: Parameters<typeof copyOf>[0] = {}): string {
  return copyOf(change).body.toString('utf8');
}
