import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fenOf, hundredths } from '../../../../ingest/collectors/files/amounts.ts';
import { columnsIn, headerReader, plainHeader } from '../../../../ingest/collectors/files/columns.ts';
import { COLUMN_HEADERS, COLUMNS_OF, FILE_KINDS } from '../../../../ingest/collectors/files/headers.ts';
import { instantAt, readMoment } from '../../../../ingest/collectors/files/moments.ts';

describe('an amount of a till', () => {
  const cases: readonly (readonly [string, string, number | null])[] = [
    ['is fen of plain yuan', '1234.50', 123450],
    ['is exact where floating point is not', '0.29', 29],
    ['is exact at 1.005, rounded away from zero', '1.005', 101],
    ['may have no decimals', '12', 1200],
    ['may have one decimal', '12.5', 1250],
    ['may lack its zero', '.5', 50],
    ['may have thousands separators', '1,234.50', 123450],
    ['may carry a sign of the yuan', '￥12.00', 1200],
    ['may carry the other sign', '¥12.00', 1200],
    ['may end with 元', '12.00元', 1200],
    ['may be full-width', '１２．５０', 1250],
    ['may be negative', '-12.00', -1200],
    ['is negative in brackets', '(12.00)', -1200],
    ['is negative in full-width brackets', '（12.00）', -1200],
    ['is negative with a trailing minus', '12.00-', -1200],
    ['has no negative zero', '-0.00', 0],
    ['is nothing when it is text', '十二', null],
    ['is nothing when there are two of them', '12.00/13.00', null],
    ['is nothing in scientific notation', '1.2E+3', null],
    ['is nothing past a trillion', '1234567890123.00', null],
  ];
  for (const [sentence, given, expected] of cases) it(sentence, () => assert.equal(hundredths(given), expected));

  it('is whole fen where the column counts fen', () => {
    assert.equal(fenOf('1250', 'fen'), 1250);
    assert.equal(fenOf('12.5', 'fen'), null);
  });

  it('reads back what it wrote, for any fen', () => {
    fc.assert(
      fc.property(fc.integer({ min: -99_999_999_999, max: 99_999_999_999 }), (fen) => {
        const text = `${fen < 0 ? '-' : ''}${Math.floor(Math.abs(fen) / 100)}.${String(Math.abs(fen) % 100).padStart(2, '0')}`;
        assert.equal(hundredths(text), fen);
      }),
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void [hundredths(text), fenOf(text, 'fen')]));
  });
});

describe('a date of a till', () => {
  const cases: readonly (readonly [string, string, string | null])[] = [
    ['is a day and a time', '2026-01-15 13:05:09', '2026-01-15 13:05:09'],
    ['may have slashes, no padding and no seconds', '2026/1/5 3:05', '2026-01-05 03:05:00.000'],
    ['may have dots', '2026.01.15', '2026-01-15 -'],
    ['may be compact', '20260115', '2026-01-15 -'],
    ['may be compact with its time', '20260115130509', '2026-01-15 13:05:09.000'],
    ['may begin with the day where that can be told', '15/01/2026', '2026-01-15 -'],
    ['may begin with the month where that can be told', '01/15/2026 13:05', '2026-01-15 13:05:00.000'],
    ['is nothing where day and month cannot be told apart', '03/04/2026', null],
    ['may be Chinese', '2026年1月15日', '2026-01-15 -'],
    ['may be Chinese with its time', '2026年1月15日 13时05分', '2026-01-15 13:05:00.000'],
    ['may be a time alone', '13:05', '- 13:05:00.000'],
    ['may say 下午', '2026-01-15 下午1:05', '2026-01-15 13:05:00.000'],
    ['may say 上午12点', '上午12:05', '- 00:05:00.000'],
    ['may say PM behind', '1:05 PM', '- 13:05:00.000'],
    ['may be full-width', '２０２６－０１－１５', '2026-01-15 -'],
    ['may have a zone', '2026-01-15T13:05:09+08:00', '2026-01-15T05:05:09.000Z'],
    ['may be UTC', '2026-01-15T13:05:09.123Z', '2026-01-15T13:05:09.123Z'],
    ['may be epoch seconds', '1768453509', '2026-01-15T05:05:09.000Z'],
    ['may be epoch milliseconds', '1768453509123', '2026-01-15T05:05:09.123Z'],
    ['may be a serial of Excel', '46037', '2026-01-15 -'],
    ['may be a serial of Excel with its time', '46037.5', '2026-01-15 12:00:00.000'],
    ['is nothing on 31 February', '2026-02-31', null],
    ['is nothing in month 0', '0000-00-00', null],
    ['is nothing at 25 o’clock', '2026-01-15 25:00:00', null],
    ['is nothing in a zone that does not exist', '2026-01-15T13:05:09+99:00', null],
    ['is nothing when it is text', '昨天', null],
  ];
  for (const [sentence, given, expected] of cases) it(sentence, () => assert.equal(shown(given), expected));

  it('is an instant in the zone of the brand, summer time of 1988 included', () => {
    assert.equal(instantAt('2026-01-15', '13:05:09', 'Asia/Shanghai').toISOString(), '2026-01-15T05:05:09.000Z');
    assert.equal(instantAt('1988-07-01', '00:00', 'Asia/Shanghai').toISOString(), '1988-06-30T15:00:00.000Z');
    assert.equal(instantAt('2026-03-29', '03:30', 'Europe/Berlin').toISOString(), '2026-03-29T01:30:00.000Z');
    assert.equal(instantAt('2026-03-29', '01:30', 'Europe/Berlin').toISOString(), '2026-03-29T00:30:00.000Z');
  });

  it('never throws, and never gives a day that is none', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789-/:. T年月日下午Z+'), maxLength: 24 });
    fc.assert(
      fc.property(fc.oneof(digits, fc.string({ unit: 'binary' })), (text) => {
        const moment = readMoment(text);
        if (moment === null) return;
        const day = 'instant' in moment ? moment.instant.toISOString() : (moment.day ?? '2026-01-15');
        assert.ok(!Number.isNaN(Date.parse(day)), text);
      }),
      { numRuns: 2000 },
    );
  });
});

function shown(given: string): string | null {
  const moment = readMoment(given);
  if (moment === null) return null;
  return 'instant' in moment ? moment.instant.toISOString() : `${moment.day ?? '-'} ${moment.clock ?? '-'}`;
}

describe('a header', () => {
  it('means one column in one kind of file', () => {
    const double: string[] = [];
    for (const kind of FILE_KINDS) {
      const meant = new Map<string, string>();
      for (const column of COLUMNS_OF[kind]) {
        for (const header of COLUMN_HEADERS[column].split(' ')) {
          if (meant.has(header)) double.push(`${kind}: ${header} is ${meant.get(header)} and ${column}`);
          meant.set(header, column);
        }
      }
    }
    assert.deepEqual(double, []);
  });

  it('stands in the table as it is compared', () => {
    const headers = Object.values(COLUMN_HEADERS).flatMap((words) => words.split(' '));
    assert.deepEqual(
      headers.filter((header) => plainHeader(header) !== header),
      [],
    );
  });

  const spelled: readonly (readonly [string, string])[] = [
    ['\ufeff会员卡号', 'card_no'],
    [' 会员 卡号 ', 'card_no'],
    ['VIP_CODE', 'card_no'],
    ['ｍｏｂｉｌｅ', 'phone'],
    ['Member-No', 'member_no'],
    ['"姓名"', 'name'],
    ['积分*', 'points'],
  ];
  for (const [header, column] of spelled) {
    it(`is known as ${JSON.stringify(header)}`, () => {
      assert.deepEqual([...columnsIn([header], headerReader('member', {}))], [column]);
    });
  }

  it('is what the settings say before what is known', () => {
    const read = headerReader('member', { columns: { phone: '联络' } });
    assert.equal(read('联络')?.column, 'phone');
  });
});
