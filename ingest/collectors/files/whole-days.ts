/** Which stores and days a whole sales file speaks for: known from what its rows became. */
import type { Completeness, SourceItem } from '../../record.ts';
import type { Source } from '../collector.ts';
import { mapItem } from './map.ts';
import type { FilesSettings } from './settings.ts';
import type { FileFault } from './survey.ts';

export class WholeDays {
  readonly #source: Source<FilesSettings>;
  readonly #days = new Map<string, { store: string; businessDate: string }>();
  #refused = 0;

  constructor(source: Source<FilesSettings>) {
    this.#source = source;
  }

  see(item: SourceItem): void {
    const { records, rejections } = mapItem(item, { source: this.#source });
    if (rejections.some(({ wholeItem }) => wholeItem)) this.#refused += 1;
    for (const { kind, fields } of records) {
      if (kind !== 'order_line' && kind !== 'refund') continue;
      const day = {
        store: kind === 'order_line' ? fields.sold_by : fields.store_code,
        businessDate: fields.business_date,
      };
      this.#days.set(`${day.businessDate}/${day.store}`, day);
    }
  }

  /** Why the file may not be taken for whole: a row that could not be read may be one that an earlier file held. */
  fault(doubts: number): FileFault | null {
    const count = Math.max(this.#refused, doubts);
    if (count === 0) return null;
    return {
      code: 'file.not-whole',
      given: `a whole file with ${count} lines that could not be read or do not agree`,
      expected: 'every line to be readable before lines of earlier files are withdrawn; none was withdrawn',
    };
  }

  completeness(delivery: string): Completeness | undefined {
    if (this.#days.size === 0) return undefined;
    return { kind: 'order_line', delivery, storeDays: [...this.#days.values()] };
  }
}
