import assert from 'node:assert/strict';
import { type DouyinSimulator, startDouyinSimulator } from '../../../../fixtures/simulators/douyin/index.ts';
import { callSignature, sortedJson } from '../../../../ingest/collectors/douyin/sign.ts';
import { ago, HandClock, many, NOW, orderRow, SHOP } from './shop.ts';

const DAY_S = 86_400;

interface Asked {
  readonly method?: string;
  readonly body?: object;
  /** Sent in place of the sorted body. */
  readonly raw?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly path?: string;
}

describe('the Douyin simulator', () => {
  let simulator: DouyinSimulator;
  let token: string;
  const clock = new HandClock();

  async function ask({ method = 'order.searchList', body = {}, raw, query, path }: Asked) {
    const timestamp = String(NOW.getTime() / 1000);
    const text = raw ?? sortedJson(body);
    const signing = { appKey: SHOP.app_key, secret: SHOP.app_secret, signMethod: 'hmac-sha256' } as const;
    const params = new URLSearchParams({
      ...{ app_key: SHOP.app_key, method, timestamp, v: '2', sign_method: 'hmac-sha256', access_token: token },
      ...{ sign: callSignature({ method, body: text, timestamp }, signing) },
      ...query,
    });
    const url = `${simulator.url}${path ?? `/${method.replaceAll('.', '/')}`}?${params.toString()}`;
    const response = await fetch(url, { method: 'POST', body: text });
    return (await response.json()) as {
      code?: number;
      err_no?: number;
      sub_code?: string;
      data: Record<string, unknown>;
    };
  }

  before(async () => {
    const orders = many(120, (n) => orderRow(n));
    simulator = await startDouyinSimulator({ shop: SHOP, data: { orders }, clock });
    token = '';
    const body = { code: '', grant_type: 'authorization_self', shop_id: SHOP.shop_id };
    token = String((await ask({ method: 'token.create', body })).data.access_token);
  });
  after(() => simulator.close());

  const WINDOW = { order_by: 'update_time', update_time_start: ago(DAY_S), update_time_end: ago(0) };
  const REFUSALS: readonly (readonly [string, Asked, string | number])[] = [
    ['another signature', { query: { sign: '00' } }, 11],
    ['a body that is not the sorted one', { raw: '{"size":10, "page":0}' }, 11],
    ['another app', { query: { app_key: '1' } }, 30001],
    ['a clock that is off', { query: { timestamp: String(NOW.getTime() / 1000 - 700) } }, 40004],
    ['a method that is not the path’s', { path: '/afterSale/List' }, 40004],
    ['a path that is written otherwise', { path: '/aftersale/list' }, 40001],
    ['no token', { query: { access_token: '' } }, 30001],
    ['another token', { query: { access_token: 'x' } }, 30005],
    ['pages over 100', { body: { ...WINDOW, size: 101 } }, 'isv.parameter-invalid:20008'],
    ['a page below 0', { body: { ...WINDOW, page: -1 } }, 'isv.parameter-invalid:10035'],
    ['no time', { body: { order_by: 'update_time' } }, 'isv.parameter-invalid:20011'],
    ['pages behind 50,000 rows', { body: { ...WINDOW, page: 500, size: 100 } }, 'isv.parameter-invalid:20013'],
    [
      'orders older than 90 days',
      { body: { ...WINDOW, update_time_start: ago(90 * DAY_S + 60) } },
      'isv.parameter-invalid:20022',
    ],
  ];
  for (const [what, asked, expected] of REFUSALS) {
    it(`refuses ${what}`, async () => {
      const { code, err_no, sub_code } = await ask(asked);
      assert.ok([code, err_no, sub_code].includes(expected), JSON.stringify({ code, err_no, sub_code }));
    });
  }

  it('counts pages from 0 and gives orders newest first by creation unless asked otherwise', async () => {
    const numbers = async (body: object) => {
      const { data } = await ask({ body: { size: 50, ...body } });
      return (data.shop_order_list as { order_id: string }[]).map(({ order_id }) => order_id);
    };
    const created = await numbers({ create_time_start: ago(DAY_S), page: 0 });
    assert.equal(created[0], '6912345678901234567');
    const ascending = await numbers({ ...WINDOW, order_asc: true, page: 0 });
    assert.equal(ascending[0], '6912345678901234686');
    assert.equal((await numbers({ ...WINDOW, page: 2 })).length, 20);
  });
});
