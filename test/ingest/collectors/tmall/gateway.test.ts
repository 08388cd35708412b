import assert from 'node:assert/strict';
import {
  type FaultKind,
  startTmallSimulator,
  type TmallSimulator,
} from '../../../../fixtures/simulators/tmall/index.ts';
import { SourceFault } from '../../../../ingest/collectors/collector.ts';
import { openGateway } from '../../../../ingest/collectors/tmall/gateway.ts';
import type { SignMethod } from '../../../../ingest/collectors/tmall/sign.ts';
import { failureOf } from '../../../../ingest/collectors/tmall/top-error.ts';
import { contextOf, HandClock, SHOP, sourceOf, tradeRow } from './shop.ts';

const CALL = {
  method: 'taobao.trade.fullinfo.get',
  items: 'trade',
  isWhole: () => true,
  params: { fields: 'tid,status', tid: '7012345678901234567' },
};

describe('retry table of the gateway', () => {
  type Said = { code: number; sub_code?: string; sub_msg?: string };
  const cases: [said: Said, next: string, more: string | number | undefined, why: string][] = [
    [{ code: 15, sub_code: 'isp.remote-service-error' }, 'again', undefined, "the platform's own fault"],
    [{ code: 15 }, 'again', undefined, 'a remote service error without a reason'],
    [{ code: 10 }, 'again', undefined, 'the service is not available'],
    [
      {
        code: 7,
        sub_code: 'accesscontrol.limited-by-app-access-count',
        sub_msg: 'This ban will last for 31062 more seconds',
      },
      'banned',
      31062,
      'the quota of the day is used up',
    ],
    [{ code: 7, sub_msg: 'This ban will last for 1 more seconds' }, 'banned', 1, 'too many calls in a second'],
    [{ code: 7 }, 'banned', 1, 'a ban that does not say how long'],
    [{ code: 8 }, 'banned', 1, 'the frequency limit'],
    [{ code: 15, sub_code: 'isv.invalid-parameter' }, 'stop', 'misconfigured', "the caller's fault"],
    [{ code: 11 }, 'stop', 'misconfigured', 'no permission for the app'],
    [{ code: 12 }, 'stop', 'misconfigured', 'no permission for the user'],
    [{ code: 22 }, 'stop', 'misconfigured', 'an unknown method'],
    [{ code: 24 }, 'stop', 'misconfigured', 'no signature'],
    [{ code: 25 }, 'stop', 'misconfigured', 'a wrong signature'],
    [{ code: 26 }, 'stop', 'reauthorise', 'no session'],
    [{ code: 27, sub_code: 'invalid-sessionkey' }, 'stop', 'reauthorise', 'a session that has ended'],
    [{ code: 29 }, 'stop', 'misconfigured', 'an unknown app'],
    [{ code: 31 }, 'once', 'misconfigured', 'a wrong time stamp'],
    [{ code: 40 }, 'stop', 'misconfigured', 'a missing argument'],
    [{ code: 41 }, 'stop', 'misconfigured', 'an invalid argument'],
    [{ code: 53 }, 'stop', 'misconfigured', 'a security level that is too low'],
  ];
  for (const [said, next, more, why] of cases) {
    it(`${[said.code, said.sub_code].filter(Boolean).join(' ')} (${why}): ${[next, more].filter(Boolean).join(', ')}`, () => {
      const { outcome } = failureOf('m', { msg: '', sub_code: '', sub_msg: '', ...said });
      assert.equal(outcome.next, next);
      if (outcome.next === 'banned') assert.equal(outcome.seconds, more);
      if (outcome.next === 'stop' || outcome.next === 'once') assert.equal(outcome.kind, more);
    });
  }
});

describe('calls to the gateway', () => {
  let clock: HandClock;
  let simulator: TmallSimulator;

  beforeEach(async () => {
    clock = new HandClock();
    simulator = await startTmallSimulator({ shop: SHOP, data: { trades: [tradeRow(0)] }, clock });
  });
  afterEach(() => simulator.close());

  const gateway = (settings: Parameters<typeof sourceOf>[0] = {}, timeoutMs = 5000) => {
    const source = sourceOf({ gateway: simulator.url, ...settings });
    return openGateway(contextOf({ simulator, clock, stream: 'trades', source }), { timeoutMs });
  };
  const faultOf = async (call: Promise<unknown>): Promise<SourceFault> => {
    const thrown = await call.catch((error: unknown) => error);
    assert.ok(thrown instanceof SourceFault, String(thrown));
    return thrown;
  };

  for (const sign_method of ['md5', 'hmac', 'hmac-sha256'] satisfies SignMethod[]) {
    it(`are signed by ${sign_method} as the gateway wants it`, async () => {
      const { items } = await gateway({ sign_method }).call(CALL);
      assert.deepEqual(items, ['{"tid":7012345678901234567,"status":"WAIT_SELLER_SEND_GOODS"}']);
    });
  }

  it('wait half a second, then longer each time', async () => {
    simulator.misbehave({ kind: 'isp-error', times: 3 });
    await gateway().call(CALL);
    assert.deepEqual(clock.slept, [500, 1000, 2000]);
  });

  it('wait for a ban as long as it lasts and not longer than a second more', async () => {
    simulator.misbehave({ kind: 'throttle', times: 1, seconds: 12 });
    await gateway().call(CALL);
    assert.deepEqual(clock.slept, [13_000]);
    assert.deepEqual(simulator.stats.refused, []);
  });

  it('do not wait for a ban that lasts hours, but say when it ends', async () => {
    simulator.misbehave({ kind: 'throttle', times: 1, seconds: 7200 });
    const fault = await faultOf(gateway().call(CALL));
    assert.equal(fault.retryAt?.getTime(), clock.now().getTime() + 7_201_000);
  });

  it('are made once more when the time stamp is refused, no oftener', async () => {
    simulator.misbehave({ kind: 'clock-off', times: 1 });
    await gateway().call(CALL);
    assert.equal(simulator.stats.calls, 2);
    simulator.misbehave({ kind: 'clock-off' });
    const fault = await faultOf(gateway().call(CALL));
    assert.equal(fault.kind, 'misconfigured');
    assert.match(fault.advice, /clock/);
    assert.equal(simulator.stats.calls, 4);
  });

  it('do not wait for ever for an answer that does not come', async () => {
    simulator.misbehave({ kind: 'hang', times: 1 });
    const { items } = await gateway({}, 50).call(CALL);
    assert.equal(items.length, 1);
    simulator.misbehave({ kind: 'hang' });
    assert.equal((await faultOf(gateway({}, 50).call(CALL))).kind, 'later');
  });

  it('give up for now when there is no gateway', async () => {
    const fault = await faultOf(gateway({ gateway: 'http://127.0.0.1:9/router/rest' }).call(CALL));
    assert.equal(fault.kind, 'later');
  });

  const ADVICE: [fault: FaultKind, kind: SourceFault['kind'], advice: RegExp][] = [
    ['dead-token', 'reauthorise', /Authorise the app .* `session`/],
    ['wrong-secret', 'misconfigured', /app_secret/],
  ];
  for (const [kind, expected, advice] of ADVICE) {
    it(`say what to do at '${kind}', without the session or the secret`, async () => {
      simulator.misbehave({ kind });
      const fault = await faultOf(gateway().call(CALL));
      assert.equal(fault.kind, expected);
      assert.match(fault.advice, advice);
      const told = `${fault.message} ${fault.advice} ${String(fault.cause)}`;
      assert.ok(!told.includes(SHOP.session) && !told.includes(SHOP.app_secret), told);
    });
  }
});
