import assert from 'node:assert/strict';
import { failureOf, isStaleToken } from '../../../../ingest/collectors/douyin/failure.ts';

const outcome = (code: number, sub_code = '') => {
  const failure = failureOf('order.searchList', { code, msg: 'said', sub_code });
  const said = failure.outcome;
  return isStaleToken(failure) ? 'another token' : said.next === 'stop' ? said.kind : said.next;
};

describe('retry table of Douyin’s gateway', () => {
  const cases: readonly (readonly [string, number, string, string])[] = [
    ['a platform fault', 20000, 'isp.service-error:20004', 'again'],
    ['a platform fault without its detail', 20000, '', 'again'],
    ['too many calls', 60000, 'isp.traffic-limited:628002006', 'again'],
    ['too many calls, in the old numbers', 9, '', 'again'],
    ['one account changed twice at once, though it looks permanent', 50002, 'isv.business-failed:628145015', 'again'],
    ['a timeout, though it looks permanent', 50002, 'isv.business-failed:628004002', 'again'],
    ['members being moved', 50002, 'isv.business-failed:628145010', 'later'],
    ['a member system that is not bound', 50002, 'isv.business-failed:628145008', 'misconfigured'],
    ['a parameter that is wrong', 40004, 'isv.parameter-invalid:20022', 'misconfigured'],
    ['a token that has ended', 30002, '', 'another token'],
    ['a token that another has replaced', 30005, '', 'another token'],
    ['an authorisation that was ended', 30003, '', 'reauthorise'],
    ['an app that is not known', 30001, '', 'misconfigured'],
    ['an app that was switched off', 30004, '', 'misconfigured'],
    ['a token of another app', 30007, '', 'misconfigured'],
    ['a wrong signature, in the old numbers', 11, '', 'misconfigured'],
    ['a code that nobody has heard of', 77777, 'isv.something-new:1', 'misconfigured'],
  ];
  for (const [what, code, sub_code, expected] of cases)
    it(`${what}: ${expected}`, () => assert.equal(outcome(code, sub_code), expected));

  it('says which call failed and with what, and nothing that stood in the call', () => {
    const { message } = failureOf('order.searchList', {
      code: 40004,
      msg: 'page',
      sub_code: 'isv.parameter-invalid:1',
    });
    assert.equal(message, 'order.searchList: the gateway answered 40004 page isv.parameter-invalid:1');
  });
});
