import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import type { PushRequest } from '../../../../ingest/collectors/collector.ts';
import { tmallCollector } from '../../../../ingest/collectors/tmall/index.ts';
import { ago, HandClock, map, recordsOf, sourceOf } from './shop.ts';
import { copyOf, copyText, MIX_MOBILE } from './spi-copy.ts';

const receive = (request: PushRequest, settings = {}) =>
  tmallCollector.receive!(request, { source: sourceOf(settings), clock: new HandClock() });

describe('copies of 会员通 calls', () => {
  it('are taken in when both signatures stand', () => {
    const answer = receive(copyOf());
    assert.deepEqual([answer.status, answer.body], [200, '{"success":true}']);
    assert.deepEqual(
      answer.items.map(({ kind, payload }) => [kind, payload]),
      [['spi_call', copyText()]],
    );
  });

  it('keep their key when they are sent again, and have another when the answer differs', () => {
    const key = (request: PushRequest) => receive(request).items[0]?.key;
    assert.equal(key(copyOf()), key(copyOf()));
    assert.notEqual(key(copyOf()), key(copyOf({ answer: { bind_code: 'E05' } })));
  });

  it("are verified with the app's secret where no other is configured", () => {
    assert.equal(receive(copyOf({ secret: 'helloworld' }), { spi_secret: undefined }).status, 200);
  });

  const resigned = (
    change: (envelope: { call: { query: Record<string, string>; body: string }; received_at: string }) => void,
  ): PushRequest => {
    const envelope = JSON.parse(copyText()) as Parameters<typeof change>[0];
    change(envelope);
    const body = Buffer.from(JSON.stringify(envelope));
    return {
      ...copyOf(),
      body,
      headers: { 'x-quanyu-sign': createHmac('sha256', 'spi-secret').update(body).digest('hex') },
    };
  };

  const REFUSED: [why: string, request: () => PushRequest, status: number][] = [
    ['nobody signed the copy', () => ({ ...copyOf(), headers: {} }), 401],
    [
      'somebody changed the copy',
      () => ({ ...copyOf(), body: copyOf({ answer: { bind_code: 'SUC', x: 1 } }).body }),
      401,
    ],
    ['another secret signed it', () => copyOf({ secret: 'other' }), 401],
    ["the platform's signature is missing", () => resigned(({ call }) => delete call.query.sign), 401],
    [
      "the platform's signature is of another body",
      () => resigned(({ call }) => (call.body = Buffer.from('{}').toString('base64'))),
      401,
    ],
    [
      'the call was more than five minutes old when it was received',
      () => resigned((one) => (one.received_at = '2026-01-15T04:10:00Z')),
      401,
    ],
    ['it was received in the future', () => copyOf({ at: ago(-3600) }), 401],
    ['it is no envelope', () => resigned((one) => (one.received_at = 'yesterday')), 400],
  ];
  for (const [why, request, status] of REFUSED) {
    it(`are refused in the platform's words when ${why}`, () => {
      const answer = receive(request());
      assert.equal(answer.status, status);
      assert.deepEqual(answer.items, []);
      const { success, sub_code, sub_message } = JSON.parse(answer.body) as Record<string, unknown>;
      assert.deepEqual([success, sub_code, sub_message], [false, 'sign-check-failure', 'Illegal request']);
    });
  }
});

describe('map of 会员通 calls', () => {
  const of = (change: Parameters<typeof copyOf>[0] = {}) => map('spi_call', copyText(change));

  it('a confirmed bind is a binding, and joins the ids that were seen together', () => {
    const mapped = of({
      asked: { mobile: '13912345670', extend: '{"flightMode":"1","flightJoinTime":"2026-01-14 20:00:00"}' },
    });
    assert.deepEqual(mapped.rejections, []);
    const [binding] = recordsOf(mapped, 'binding');
    assert.deepEqual(binding?.account, { kind: 'ouid', scope: 'flagship', key: 'AAG2Aa1nAAAYIPoAAVyriDOu' });
    assert.deepEqual(binding?.fields, {
      channel: 'tmall',
      bound_at: new Date('2026-01-14T12:00:00Z'),
      unbound_at: null,
    });
    assert.deepEqual(
      binding?.identifiers.map(({ type, scope, value, strength }) => [type, scope, value, strength]),
      [
        ['omid', 'demo', 'AAMbrand-buyer-1', 'verified'],
        ['mix_mobile', 'flagship', MIX_MOBILE, 'verified'],
        ['phone', '', '+8613912345670', 'verified'],
      ],
    );
    assert.equal(binding?.personal.phone, '+8613912345670');
    const [event] = recordsOf(mapped, 'event');
    assert.deepEqual([event?.fields.event, event?.fields.properties], ['member_bound', { level: '2', point: '120' }]);
  });

  it('type 2 of a bind unbinds', () => {
    const mapped = of({ asked: { type: 2 } });
    assert.deepEqual(recordsOf(mapped, 'binding')[0]?.fields, {
      channel: 'tmall',
      bound_at: null,
      unbound_at: new Date('2026-01-15T03:59:00Z'),
    });
    assert.equal(recordsOf(mapped, 'event')[0]?.fields.event, 'member_unbound');
  });

  const CONFIRMED: [method: string, answer: object, event: string, binds: boolean][] = [
    [
      'tmall.mei.crm.member.bind.query',
      { bind_code: 'SUC', bindable: true, member: { mobile: '13912345670' } },
      'member_bind_query',
      false,
    ],
    ['tmall.mei.crm.query', { query_code: 'SUC', member: {} }, 'member_query', false],
    ['tmall.mei.crm.member.register', { register_code: 'SUC' }, 'member_registered', true],
    ['qimen.alibaba.member.activate', { success: true }, 'member_activated', true],
  ];
  for (const [method, answer, event, binds] of CONFIRMED) {
    it(`${method} confirmed is ${event}${binds ? ' and a binding' : ', no binding'}`, () => {
      const mapped = of({ method, answer });
      assert.deepEqual(mapped.rejections, []);
      assert.equal(recordsOf(mapped, 'event')[0]?.fields.event, event);
      assert.equal(recordsOf(mapped, 'binding').length, binds ? 1 : 0);
      assert.equal(recordsOf(mapped, 'membership').length, 0);
    });
  }

  const UNCONFIRMED: [why: string, method: string, answer: object][] = [
    ['no such member', 'tmall.mei.crm.member.bind.query', { bind_code: 'E01' }],
    ['bound already, to whom is not said', 'tmall.mei.crm.member.bind.query', { bind_code: 'E02' }],
    ['busy', 'tmall.mei.crm.bind', { bind_code: 'E05' }],
    ['not bound', 'tmall.mei.crm.query', { query_code: 'E02' }],
    ['a system error', 'tmall.mei.crm.query', { query_code: 'E04' }],
    ['no answer at all', 'tmall.mei.crm.bind', {}],
    ['a failure', 'qimen.alibaba.member.activate', { success: false }],
  ];
  for (const [why, method, answer] of UNCONFIRMED) {
    it(`${method} answered with '${why}' says nothing`, () => {
      assert.deepEqual(of({ method, answer }), { records: [], rejections: [] });
    });
  }

  it('the phone that the loyalty system answers with counts as verified', () => {
    const mapped = of({
      method: 'tmall.mei.crm.member.bind.query',
      answer: { bind_code: 'SUC', member: { mobile: '13912345670' } },
    });
    assert.ok(mapped.records[0]?.identifiers.some(({ type, strength }) => type === 'phone' && strength === 'verified'));
  });

  it('an interface that is not known is kept in quarantine, to be replayed when it is', () => {
    assert.deepEqual(
      of({ method: 'tmall.mei.crm.new' }).rejections.map(({ path, code }) => [path, code]),
      [['/call/query/method', 'spi.method-not-known']],
    );
  });

  it('a call that names nobody is refused', () => {
    const nobody = { asked: { ouid: '', omid: '', mix_mobile: '' } };
    assert.deepEqual(
      of(nobody).rejections.map(({ code, wholeItem }) => [code, wholeItem]),
      [['spi.nobody', true]],
    );
  });
});
