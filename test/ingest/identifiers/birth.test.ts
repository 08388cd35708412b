import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readBirth } from '../../../ingest/identifiers/index.ts';

const NOW = new Date('2026-01-15T04:00:00Z');

/** `1987-02-28 day`, null for blank, or the code it is refused with. */
function outcome(given: string): string | null {
  const { birth, rejections } = readBirth({ path: '生日', given, now: NOW });
  assert.ok(birth === null || rejections.length === 0);
  return rejections[0]?.code ?? (birth && `${birth.date} ${birth.precision}`);
}

describe('a date of birth', () => {
  const cases: readonly (readonly [string, string, string | null])[] = [
    ['is read as ISO', '1987-02-28', '1987-02-28 day'],
    ['is read with slashes', '1987/2/28', '1987-02-28 day'],
    ['is read with padded slashes', '1987/02/28', '1987-02-28 day'],
    ['is read with dots', '1987.2.28', '1987-02-28 day'],
    ['is read compact', '19870228', '1987-02-28 day'],
    ['is read in Chinese', '1987年2月28日', '1987-02-28 day'],
    ['is read from full-width digits', '１９８７－０２－２８', '1987-02-28 day'],
    ['loses a midnight', '1987-02-28 00:00:00', '1987-02-28 day'],
    ['loses a midnight in Excel’s spelling', '1987/2/28 0:00', '1987-02-28 day'],
    ['loses a midnight in twelve hours', '1987/2/28 上午12:00:00', '1987-02-28 day'],
    ['loses a compact midnight', '19870228000000', '1987-02-28 day'],
    ['keeps its day under China’s offset', '1987-02-28T00:00:00+08:00', '1987-02-28 day'],
    ['is read from an Excel serial', '31836', '1987-02-28 day'],
    ['is read from an Excel serial with a decimal', '31836.0', '1987-02-28 day'],
    ['is read with the day first when it can be told', '28/02/1987', '1987-02-28 day'],
    ['is read with the month first when it can be told', '02/28/1987', '1987-02-28 day'],
    ['is read before 1970', '1965-07-31', '1965-07-31 day'],
    ['is read when it is today', '2026-01-15', '2026-01-15 day'],
    ['is month and day without a year', '01-15', '1904-01-15 month_day'],
    ['is month and day without a year, in Chinese', '1月15日', '1904-01-15 month_day'],
    ['is month and day without a year, compact', '0115', '1904-01-15 month_day'],
    ['is month and day in vCard’s spelling', '--01-15', '1904-01-15 month_day'],
    ['is month and day when the year is zeros', '0000-01-15', '1904-01-15 month_day'],
    ['is month and day when the year is the one systems fill in', '1900-01-15', '1904-01-15 month_day'],
    ['is month and day when the year is masked', '****-01-15', '1904-01-15 month_day'],
    ['may be a leap day without a year', '02-29', '1904-02-29 month_day'],
    ['is a year alone', '1987', '1987-01-01 year'],
    ['is a year alone, in Chinese', '1987年', '1987-01-01 year'],
    ['is a year when the day is missing', '1987-02', '1987-01-01 year'],
    ['is a year when month and day are zeros', '1987-00-00', '1987-01-01 year'],
    ['is a year when month and day are masked', '1987-**-**', '1987-01-01 year'],
    ['is unknown when the cell is blank', 'NULL', null],
    ['is unknown when it is the default 1990-01-01', '1990-01-01', 'birth.default-date'],
    ['is unknown when it is the default 1900-01-01', '1900/1/1', 'birth.default-date'],
    ['is unknown when it is the default 1970-01-01', '19700101', 'birth.default-date'],
    ['is unknown when it is the default 2000-01-01', '2000-01-01 00:00:00', 'birth.default-date'],
    ['is unknown when it is a default as an Excel serial', '32874', 'birth.default-date'],
    ['is unknown when it is 1 January without a year', '01-01', 'birth.default-date'],
    ['is unknown when it is zeros', '0000-00-00', 'birth.default-date'],
    ['is unknown when it is zero', '0', 'birth.default-date'],
    ['is refused when it is lunar', '农历1987年正月初一', 'birth.lunar'],
    ['is refused when it is marked as lunar', '1987-02-28(阴历)', 'birth.lunar'],
    ['is refused when it is to come', '2026-02-28', 'birth.in-future'],
    ['is refused when it is far to come', '2099-01-02', 'birth.in-future'],
    ['is refused when nobody lives that long', '1890-02-28', 'birth.too-old'],
    ['is refused when it is an age', '35', 'birth.age-only'],
    ['is refused when it is an age in words', '35岁', 'birth.age-only'],
    ['is refused with two digits of a year', '87-02-28', 'birth.two-digit-year'],
    ['is refused when day and month cannot be told apart', '03/04/1987', 'birth.ambiguous'],
    ['is refused when there is no such day', '1987-02-29', 'birth.not-a-date'],
    ['is refused when there is no such month', '1987-13-01', 'birth.not-a-date'],
    ['is refused when there is no such month and no day', '1987-13', 'birth.not-a-date'],
    ['is refused when it is a phone', '13900001234', 'birth.not-a-date'],
    ['is refused when it is words', '八零后', 'birth.not-a-date'],
    ['is refused when it is a megabyte', '1'.repeat(1_000_000), 'birth.not-a-date'],
  ];
  for (const [sentence, given, expected] of cases) it(sentence, () => assert.equal(outcome(given), expected));
});

describe('a birthday that was stored as an instant', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['is the day that began then in Shanghai', '1987-02-27T16:00:00Z', '1987-02-28 day'],
    ['is the day that began then in UTC', '1987-02-28T00:00:00.000Z', '1987-02-28 day'],
    ['is the day that began then in Shanghai’s summer time', '1988-06-30T15:00:00Z', '1988-07-01 day'],
    ['is the next day when summer time was read off it', '1988-06-30 23:00:00', '1988-07-01 day'],
    ['keeps a day at 23:00 outside summer time', '1988-12-30 23:00:00', '1988-12-30 day'],
    ['is read from milliseconds of a midnight in Shanghai', '541440000000', '1987-02-28 day'],
    ['is read from seconds of a midnight in Shanghai', '541440000', '1987-02-28 day'],
    ['is read from milliseconds of a summer midnight', String(Date.UTC(1988, 5, 30, 15)), '1988-07-01 day'],
    ['is read from milliseconds before 1970', String(Date.UTC(1965, 6, 30, 16)), '1965-07-31 day'],
    ['is no birthday when it was no midnight', '541440000123', 'birth.not-a-date'],
    ['is unknown when it is the epoch in Shanghai', '1969-12-31T16:00:00Z', 'birth.default-date'],
  ];
  for (const [sentence, given, expected] of cases) it(sentence, () => assert.equal(outcome(given), expected));
});

describe('reading dates of birth', () => {
  const day = fc
    .date({ min: new Date('1930-01-01'), max: new Date('2020-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  const spellings = fc.constantFrom(
    ...[
      (y: string, m: string, d: string) => `${y}/${Number(m)}/${Number(d)}`,
      (y: string, m: string, d: string) => `${y}${m}${d}`,
      (y: string, m: string, d: string) => `${y}年${Number(m)}月${Number(d)}日`,
      (y: string, m: string, d: string) => `${y}.${m}.${d} 00:00:00`,
      (y: string, m: string, d: string) => String(Date.UTC(Number(y), Number(m) - 1, Number(d)) / 86_400_000 + 25_569),
      (y: string, m: string, d: string) => new Date(Date.UTC(Number(y), Number(m) - 1, Number(d), -8)).toISOString(),
    ],
  );

  it('gives the same day in every spelling', () => {
    fc.assert(
      fc.property(day, spellings, (date, spell) => {
        const [year = '', month = '', dayOfMonth = ''] = date.split('-');
        assert.equal(outcome(spell(year, month, dayOfMonth)), outcome(date));
      }),
      { numRuns: 2000 },
    );
  });

  it('never throws, and gives only real days that have been', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'0123456789-/.年月日*: TZ+') }),
      fc.integer().map(String),
    );
    fc.assert(
      fc.property(text, (given) => {
        const { birth } = readBirth({ path: '生日', given, now: NOW });
        if (birth === null) return;
        assert.equal(new Date(`${birth.date}T00:00:00Z`).toISOString().slice(0, 10), birth.date);
        assert.ok(birth.date <= '2026-01-15');
      }),
      { numRuns: 5000 },
    );
  });

  it('shows a refused date without telling it', () => {
    const [rejection] = readBirth({ path: '生日', given: '2031-05-17', now: NOW }).rejections;
    assert.deepEqual([rejection?.given, rejection?.wholeItem], ['20****17', false]);
  });
});
