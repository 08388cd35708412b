/** One row as the mappers read it: cells by what they mean, freed from damage; what was refused is gathered. */
import { isBlank, mask } from '../../identifiers/index.ts';
import type { Rejection } from '../../record.ts';
import { fenOf, hundredths } from './amounts.ts';
import type { Meaning, ReadHeader } from './columns.ts';
import type { Column } from './headers.ts';
import { dayAfter, instantAt, localOf, type Moment, readMoment } from './moments.ts';

export interface RowContext {
  readonly read: ReadHeader;
  readonly zone: string;
  readonly amountUnit: 'yuan' | 'fen';
  /** `yyyy-MM-dd`: later days are in the future. */
  readonly latestDay: string;
}

/** Anything a plain cell has not. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is one of them
const SUSPECT = /[\u0000\u200b\ufeff\ufffd]|锟斤拷|烫烫烫|^[\s='+@#-]|\s$/;
const UNRECOVERABLE = /\ufffd|锟斤拷|烫烫烫/;
const OVERFLOW = /^#{3,}$/;
const AS_TEXT = /^="(.*)"$/s;
/** A spreadsheet would run it (`=cmd|'/c calc'!A0`, `@SUM(1)`); `+86 139…` and `-12.00` it would not. */
const FORMULA = /^=|^[+@-]\s*[\p{L}_].*[|(!]/su;
// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is what is taken away
const INVISIBLE = /[\u0000\u200b\ufeff]/g;
const MOST_PIECES = 1_000_000;
const EARLIEST = '1985-01-01';
/** What systems store when they have no date. */
const DEFAULT_DAYS = new Set([
  '1970-01-01',
  '1900-01-01',
  '1899-12-30',
  '1753-01-01',
  '0001-01-01',
  '2099-01-01',
  '9999-12-31',
]);

const NEVER = /^(?:2099|9999)/;

/** A day or time that may lie ahead. */
export interface Planned {
  /** `yyyy-MM-dd` in the brand's zone. */
  readonly day: string;
  readonly instant: Date;
  /** The first instant behind it: of a day without a time, the next midnight. */
  readonly end: Date;
}

export class Row {
  readonly rejections: Rejection[] = [];
  readonly #context: RowContext;
  readonly #given: Partial<Record<Column, string>> = {};
  readonly #meaning: Partial<Record<Column, Meaning>> = {};

  constructor(cells: Readonly<Record<string, string>>, context: RowContext) {
    this.#context = context;
    for (const header in cells) {
      const raw = cells[header]!;
      const meaning = context.read(header);
      if (meaning === null || isBlank(raw)) continue;
      const better = this.#meaning[meaning.column];
      if (better !== undefined && better.rank <= meaning.rank) continue;
      const given = SUSPECT.test(raw) ? this.#mended(raw, header) : raw;
      if (given === '') continue;
      this.#given[meaning.column] = given;
      this.#meaning[meaning.column] = meaning;
    }
  }

  /** The cell's text; '' when it is blank or was refused. */
  text(column: Column): string {
    return this.#given[column] ?? '';
  }

  /** The header under which the column stands, for rejections; its canonical name when it has none. */
  path(column: Column): string {
    return this.#meaning[column]?.header ?? column;
  }

  /** Passes on what the readers of identifiers, names and births refused. */
  tell(rejections: readonly Rejection[]): void {
    for (const rejection of rejections) this.rejections.push(rejection);
  }

  /** Notes that a cell was not taken. */
  refuse(column: Column, of: { code: string; expected: string; wholeItem?: boolean; given?: string }): void {
    const given = of.given ?? mask(this.text(column));
    this.rejections.push({
      path: this.path(column),
      given,
      expected: of.expected,
      code: of.code,
      wholeItem: of.wholeItem ?? false,
    });
  }

  /** Fen; null when blank or refused. */
  fen(column: Column): number | null {
    const text = this.text(column);
    if (text === '') return null;
    const unit = /[(（]分[)）]$/.test(this.path(column)) ? 'fen' : this.#context.amountUnit;
    const fen = fenOf(text, unit);
    if (fen === null)
      this.refuse(column, {
        code: 'amount.not-a-number',
        expected: `an amount in ${unit}, for example ${unit === 'fen' ? '1250' : '12.50'}`,
      });
    return fen;
  }

  /** A number with up to two decimals (points); null when blank or refused. */
  number(column: Column): number | null {
    const text = this.text(column);
    if (text === '') return null;
    const cents = hundredths(text);
    if (cents === null) this.refuse(column, { code: 'number.not-a-number', expected: 'a number' });
    return cents === null ? null : cents / 100;
  }

  /** A whole number from `least` to a million; a fraction (goods by weight) is rounded away from zero and told. Null when blank or refused. */
  whole(column: Column, least: number): number | null {
    const value = this.number(column);
    if (value === null) return null;
    if (value < least || Math.abs(value) > MOST_PIECES) {
      this.refuse(column, { code: 'number.out-of-range', expected: `a number from ${least} to ${MOST_PIECES}` });
      return null;
    }
    if (Number.isInteger(value)) return value;
    const expected = 'a whole number; it was rounded away from zero';
    this.refuse(column, { code: 'number.not-whole', given: String(value), expected });
    return value < 0 ? Math.floor(value) : Math.ceil(value);
  }

  /** What a date or time cell says; null when blank or refused. Default dates and days in the future are refused. */
  moment(column: Column): Moment | null {
    const text = this.text(column);
    if (text === '') return null;
    const moment = readMoment(text);
    const fault = this.#momentFault(moment);
    if (fault === null) return moment;
    this.refuse(column, { ...fault, given: text.length <= 32 ? text : mask(text) });
    return null;
  }

  /** As `instant`, where it may lie ahead; null also for a day that stands for never (2099-12-31, 9999-12-31). */
  planned(column: Column): Planned | null {
    const text = this.text(column);
    if (text === '' || NEVER.test(text)) return null;
    const moment = readMoment(text);
    const day = moment !== null && 'instant' in moment ? localOf(moment.instant, this.#context.zone).day : moment?.day;
    const fault =
      moment === null || !day
        ? { code: 'date.not-a-date', expected: 'a day, with or without a time' }
        : this.#momentFault(moment, { ahead: true });
    if (fault !== null) {
      this.refuse(column, { ...fault, given: text.length <= 32 ? text : mask(text) });
      return null;
    }
    const at = (on: string, clock: string) => instantAt(on, clock, this.#context.zone);
    if ('instant' in moment!) return { day: day!, instant: moment.instant, end: moment.instant };
    const instant = at(day!, moment!.clock ?? '00:00:00');
    return { day: day!, instant, end: moment!.clock === null ? at(dayAfter(day!, 1), '00:00:00') : instant };
  }

  /** The instant of a cell that holds a day, with or without a time; null when blank or refused. */
  instant(column: Column): Date | null {
    const moment = this.moment(column);
    if (moment === null) return null;
    if ('instant' in moment) return moment.instant;
    if (moment.day !== null) return instantAt(moment.day, moment.clock ?? '00:00:00', this.#context.zone);
    this.refuse(column, { code: 'date.no-day', expected: 'a day, with or without a time' });
    return null;
  }

  #momentFault(moment: Moment | null, { ahead } = { ahead: false }): { code: string; expected: string } | null {
    if (moment === null) {
      return {
        code: 'date.not-a-date',
        expected: 'a date such as 2026-01-15 13:05:09, 20260115, 2026/1/15 or 15/01/2026',
      };
    }
    if (!('instant' in moment) && moment.day === null) return null;
    const day = 'instant' in moment ? moment.instant.toISOString().slice(0, 10) : moment.day!;
    if (DEFAULT_DAYS.has(day)) {
      return { code: 'date.default', expected: 'a date; this is what systems store when they have none' };
    }
    if (day < EARLIEST) return { code: 'date.too-old', expected: 'a day after 1985' };
    if (ahead || day <= this.#context.latestDay) return null;
    return { code: 'date.in-future', expected: 'a day before the file was delivered' };
  }

  /** Takes damage off a cell; '' when nothing is left of it. */
  #mended(raw: string, header: string): string {
    const tell = (code: string, of: { given: string; expected: string }) =>
      this.rejections.push({ path: header, code, ...of, wholeItem: false });
    const text = raw.replace(INVISIBLE, '').trim();
    if (UNRECOVERABLE.test(text)) {
      tell('text.unrecoverable', {
        given: mask(text),
        expected: 'text in the encoding of the file; these characters were lost before',
      });
      return '';
    }
    if (OVERFLOW.test(text)) {
      tell('text.overflow', {
        given: text.slice(0, 8),
        expected: 'the value; the column was too narrow when the sheet was saved',
      });
      return '';
    }
    const asText = AS_TEXT.exec(text)?.[1];
    if (asText !== undefined) return asText.replaceAll('""', '"').trim();
    if (FORMULA.test(text)) {
      tell('text.formula', {
        given: mask(text),
        expected: 'a value, not a formula; it is kept as text and must not be run',
      });
      return text;
    }
    const plain = text.startsWith("'") ? text.slice(1).trim() : text;
    return isBlank(plain) ? '' : plain;
  }
}
