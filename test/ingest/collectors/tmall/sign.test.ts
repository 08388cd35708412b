import assert from 'node:assert/strict';
import { baseString, type SignMethod, sign } from '../../../../ingest/collectors/tmall/sign.ts';
import { spiSignature } from '../../../../ingest/collectors/tmall/spi-sign.ts';

const secret = 'helloworld';

const OFFICIAL = {
  method: 'taobao.item.seller.get',
  app_key: '12345678',
  session: 'test',
  timestamp: '2016-01-01 12:00:00',
  format: 'json',
  v: '2.0',
  fields: 'num_iid,title,nick,price,num',
  num_iid: '11223344',
};

const TRADES = {
  method: 'taobao.trades.sold.increment.get',
  app_key: '12345678',
  session: 'test',
  timestamp: '2026-01-15 12:00:00',
  format: 'json',
  v: '2.0',
  simplify: 'true',
  fields: 'tid,status,buyer_open_uid,orders',
  start_modified: '2026-01-15 11:00:00',
  end_modified: '2026-01-15 11:30:00',
  page_no: '1',
  page_size: '40',
  use_has_next: 'true',
};

describe('signing of calls', () => {
  const cases: { what: string; params: Record<string, string>; method: SignMethod; expected: string }[] = [
    {
      what: "the platform's own example",
      params: OFFICIAL,
      method: 'md5',
      expected: '66987CB115214E59E6EC978214934FB8',
    },
    {
      what: "the platform's own example by hmac-sha256",
      params: OFFICIAL,
      method: 'hmac-sha256',
      expected: '04DB15AD0774D5CFCE2C837DE43E3FCEA9011ED74F3038FB6AB5F3C4CEA119E8',
    },
    { what: 'a page of trades by md5', params: TRADES, method: 'md5', expected: 'DA22D5F063A3E78B65F760D0F1A4536D' },
    { what: 'a page of trades by hmac', params: TRADES, method: 'hmac', expected: '79C6F721686522973F0AB19C82F5C8AF' },
    {
      what: 'a page of trades by hmac-sha256',
      params: TRADES,
      method: 'hmac-sha256',
      expected: '4DFD6AB6BB279EFA7267C74D2BFCB91E66BBDAD0B385293DB65AD636A569C333',
    },
  ];
  for (const { what, params, method, expected } of cases) {
    it(`gives the known digest of ${what}`, () => {
      assert.equal(sign({ ...params, sign_method: method }, { secret, method }), expected);
    });
  }

  it('joins sorted keys and values without separators and leaves the signature itself out', () => {
    assert.equal(baseString({ b: '2', a: '1', sign: 'X' }), 'a1b2');
  });
});

describe('signature of 会员通 calls', () => {
  const call = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json;charset=utf-8' },
    query: {
      app_key: '12345678',
      method: 'tmall.mei.crm.member.bind.query',
      sign_method: 'md5',
      timestamp: '2026-01-15 12:00:00',
    },
    body: Buffer.from('{"seller_name":"演示旗舰店","mix_mobile":"0f1e","ouid":"AAOU"}').toString('base64'),
  };

  it('gives the known digest of a bind query', () => {
    assert.equal(spiSignature(call, secret), 'D2A9EF88021B0D83758798AFD09A5E5E');
  });

  it('takes in the headers that top-sign-list names, and the fields of a form instead of its text', () => {
    const listed = { ...call, headers: { ...call.headers, 'Top-Sign-List': 'X-Trace', 'x-trace': 'a1' } };
    const inQuery = { ...call, query: { ...call.query, 'X-Trace': 'a1' } };
    assert.equal(spiSignature(listed, secret), spiSignature(inQuery, secret));
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const form = { ...call, headers, body: Buffer.from('z=%E5%85%A8').toString('base64') };
    const same = { ...call, headers, query: { ...call.query, z: '全' }, body: '' };
    assert.equal(spiSignature(form, secret), spiSignature(same, secret));
  });
});
