import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cutAnswer, members, readJson } from '../../../../ingest/collectors/kit/json.ts';
import { share, yuanToFen } from '../../../../ingest/collectors/kit/money.ts';
import { platformTime, readPlatformTime } from '../../../../ingest/collectors/kit/time.ts';
import { json } from './shop.ts';

describe('amounts in yuan', () => {
  const cases: [given: string | number, fen: number | null, why: string][] = [
    ['200.07', 20007, 'the usual form'],
    ['0.29', 29, 'where a float would give 28.999999999999996'],
    ['1.1', 110, 'one decimal'],
    ['269', 26900, 'whole yuan'],
    [269, 26900, 'whole yuan as a number'],
    ['12.500', 1250, 'zeros that say nothing'],
    ['-3.05', -305, 'a negative amount'],
    ['-0.00', 0, 'nothing, not minus nothing'],
    ['999999999999.99', 99999999999999, 'the largest amount'],
    ['1.234', null, 'a third decimal is no fen'],
    ['1,234.00', null, 'grouped digits'],
    ['', null, 'nothing at all'],
    ['1e3', null, 'an exponent'],
    ['１２', null, 'full-width digits'],
  ];
  for (const [given, fen, why] of cases) {
    it(`${JSON.stringify(given)} is ${fen === null ? 'no amount' : `${fen} fen`}: ${why}`, () => {
      assert.equal(yuanToFen(given), fen);
    });
  }

  it('a total is split so that the parts add up to it, none is negative and equal weights differ by a fen at most', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 1e11 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e13 }), weights, (total, given) => {
        const parts = share(total, given);
        assert.equal(
          parts.reduce((sum, part) => sum + part, 0),
          total,
        );
        assert.ok(parts.every((part) => part >= 0 && Number.isSafeInteger(part)));
        for (const [n, a] of given.entries()) {
          for (const [m, b] of given.entries()) if (a === b) assert.ok(Math.abs(parts[n]! - parts[m]!) <= 1);
        }
      }),
    );
  });

  it('100 fen over three equal lines are 34, 33, 33', () => {
    assert.deepEqual(share(100, [5, 5, 5]), [34, 33, 33]);
  });
});

describe("the platform's times", () => {
  it('are GMT+8 to the second, whatever zone the machine is in', () => {
    assert.equal(platformTime(new Date('2026-01-15T15:59:59.999Z')), '2026-01-15 23:59:59');
    assert.equal(readPlatformTime('2026-01-15 12:00:00')?.toISOString(), '2026-01-15T04:00:00.000Z');
  });

  it('come back as they were written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e9 }), (seconds) => {
        assert.equal(readPlatformTime(platformTime(new Date(seconds * 1000)))?.getTime(), seconds * 1000);
      }),
    );
  });

  for (const given of [
    '2026-02-31 10:00:00',
    '2026-01-15',
    '2026-01-15 24:00:00',
    '2026-01-15T12:00:00',
    '',
    '0000-00-00 00:00:00',
  ]) {
    it(`${JSON.stringify(given)} is no time`, () => assert.equal(readPlatformTime(given), null));
  }
});

describe('JSON without loss', () => {
  it('keeps 64-bit numbers to the last digit, and small ones as numbers', () => {
    assert.deepEqual(readJson('{"tid":7012345678901234567,"num":2,"fee":1.10}'), {
      tid: '7012345678901234567',
      num: 2,
      fee: '1.10',
    });
  });

  it('cuts a page into the texts of its rows, byte for byte', () => {
    const row = '{"tid":7012345678901234567, "title":"a \\"]}\\\\", "orders":[{"oid":1}]}';
    const answer = cutAnswer(`{"trades":[${row} , ${row}],"total_results":2,"request_id":"x"}`, 'trades');
    assert.deepEqual(answer, { head: { trades: null, total_results: 2, request_id: 'x' }, items: [row, row] });
  });

  it('gives an object as the one item, and none where the member is missing', () => {
    assert.deepEqual(cutAnswer('{"trade":{"tid":1}}', 'trade').items, ['{"tid":1}']);
    assert.deepEqual(cutAnswer('{"request_id":"x"}', 'trade').items, []);
  });

  it('finds the members of any object as JSON.parse does', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ unit: 'grapheme-ascii' }).filter((key) => !/[\\"]/.test(key)),
          fc.jsonValue(),
        ),
        (value) => {
          const text = JSON.stringify(value, null, 2);
          const found = members(text).map(({ key, start, end }) => [key, JSON.parse(text.slice(start, end))]);
          assert.deepEqual(found, Object.entries(JSON.parse(text) as object));
        },
      ),
    );
  });

  it('refuses a page that is cut anywhere', () => {
    const text = json({ trades: [{ tid: 1n, title: 'x' }], total_results: 1 });
    for (let end = 0; end < text.length; end += 1)
      assert.throws(() => cutAnswer(text.slice(0, end), 'trades'), SyntaxError);
  });
});
