/**
 * The pages of one commit, mapped and written out as the rows they are staged with. A page's objects are let go as
 * soon as they are text, so that a group may be large and memory stays flat.
 */
import { setImmediate } from 'node:timers/promises';
import { clickhouseInstant } from '../../clock.ts';
import { messageOf } from '../../errors.ts';
import type { Collector, Source, SourcePage } from '../collectors/collector.ts';
import type { Completeness, Mapped, RecordKind, Rejection, SourceItem, SourceRecord } from '../record.ts';
import { FACT_BY_KIND, factValues } from './facts.ts';
import { RECORD_COLUMNS, stagedRecord } from './person.ts';

/** Rows of one staging table: JSON arrays, a line each, in the order of `columns`. */
export interface StagedRows {
  readonly columns: readonly string[];
  readonly chunks: Buffer[];
}

/** What one commit writes: everything of some pages of one source. Records are numbered through, and so are items. */
export interface Group {
  readonly source: Source;
  readonly mapperVersion: number;
  readonly counts: { readonly items: number; readonly records: number; readonly rejections: number };
  /** Rows by staging table. */
  readonly staged: ReadonlyMap<string, StagedRows>;
  /** The kinds of its records. */
  readonly kinds: ReadonlySet<RecordKind>;
  /** Whether any record gives a phone. */
  readonly hasPhones: boolean;
  readonly pages: readonly {
    readonly id: string;
    readonly deliveredAt: Date;
    readonly complete?: Completeness;
  }[];
  readonly deliveredUpTo: Date;
}

const ITEM_COLUMNS = ['n', 'item_kind', 'item_key', 'payload', 'page_id', 'position', 'delivered_at'];
const REJECTION_COLUMNS = ['item_n', 'path', 'code', 'given', 'expected', 'whole_item'];

/** Name of the staging table of a kind's facts. */
export const stagingOf = (kind: RecordKind) => `arrived_${FACT_BY_KIND[kind].table}`;

/** Items mapped in one go; then whatever else the process does has its turn. */
const BREATH = 50;

/** Maps pages; an item that makes the mapper throw is a rejection like any other, never a crash. */
export async function mapGroup(collector: Collector, source: Source, pages: readonly SourcePage[]): Promise<Group> {
  const group = new GroupBuilder(collector, source);
  for (const page of pages) await group.add(page);
  return group;
}

/** A group that grows page by page. */
export class GroupBuilder implements Group {
  readonly source: Source;
  readonly mapperVersion: number;
  readonly counts = { items: 0, records: 0, rejections: 0 };
  readonly staged = new Map<string, { columns: readonly string[]; chunks: Buffer[] }>();
  readonly kinds = new Set<RecordKind>();
  readonly pages: { id: string; deliveredAt: Date; complete?: Completeness }[] = [];
  hasPhones = false;
  deliveredUpTo = new Date(0);
  readonly #collector: Collector;
  /** Lines of the page at hand, by staging table. */
  readonly #lines = new Map<string, string[]>();

  constructor(collector: Collector, source: Source) {
    this.#collector = collector;
    this.source = source;
    this.mapperVersion = collector.mapperVersion;
  }

  async add(page: SourcePage): Promise<void> {
    for (const item of page.items) {
      this.#item(item, page.id);
      if (this.counts.items % BREATH === 0) await setImmediate();
    }
    const deliveredAt = page.items.at(-1)?.deliveredAt ?? this.deliveredUpTo;
    this.pages.push({ id: page.id, deliveredAt, ...(page.complete ? { complete: page.complete } : {}) });
    for (const [table, lines] of this.#lines) {
      if (lines.length === 0) continue;
      this.staged.get(table)!.chunks.push(wellFormed(`${lines.join('\n')}\n`));
      lines.length = 0;
    }
  }

  #item(item: SourceItem, pageId: string): void {
    const n = this.counts.items++;
    const { kind, key, payload, position, deliveredAt } = item;
    this.#stage('staged_items', ITEM_COLUMNS, [
      n,
      kind,
      key,
      payload,
      pageId,
      position,
      clickhouseInstant(deliveredAt),
    ]);
    if (deliveredAt > this.deliveredUpTo) this.deliveredUpTo = deliveredAt;
    const { records, rejections } = mapSafely(this.#collector, this.source, item);
    for (const record of records) this.#record(record, n);
    for (const rejection of rejections) this.#rejection(rejection, n);
  }

  #record(record: SourceRecord, itemN: number): void {
    const n = this.counts.records++;
    this.kinds.add(record.kind);
    this.hasPhones ||= record.account?.kind === 'phone' || record.identifiers.some(({ type }) => type === 'phone');
    this.#stage('staged_records', RECORD_COLUMNS, stagedRecord(record, { n, itemN }));
    const values: unknown[] = [n];
    factValues(record, values);
    this.#stage(stagingOf(record.kind), FACT_BY_KIND[record.kind].staged, values);
  }

  #rejection(rejection: Rejection, itemN: number): void {
    this.counts.rejections++;
    const { path, code, given, expected, wholeItem } = rejection;
    this.#stage('staged_rejections', REJECTION_COLUMNS, [itemN, path, code, given, expected, wholeItem ? 1 : 0]);
  }

  #stage(table: string, columns: readonly string[], row: readonly unknown[]): void {
    let lines = this.#lines.get(table);
    if (lines === undefined) {
      lines = [];
      this.#lines.set(table, lines);
      this.staged.set(table, { columns, chunks: [] });
    }
    lines.push(JSON.stringify(row));
  }
}

/** JSON lines with a replacement character for each half of a surrogate pair (a nickname cut within an emoji): ClickHouse refuses those. */
function wellFormed(json: string): Buffer {
  const bytes = Buffer.from(json);
  if (!bytes.includes('\\ud')) return bytes;
  return Buffer.from(json.replace(/(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g, '$1\\ufffd'));
}

function mapSafely(collector: Collector, source: Source, item: SourceItem): Mapped {
  try {
    return collector.map(item, { source });
  } catch (thrown) {
    const name = thrown instanceof Error ? thrown.name : messageOf(thrown).slice(0, 40);
    const rejection: Rejection = {
      path: '',
      given: `an item of kind ${item.kind}`,
      expected: `an item the mapper understands (it failed with ${name}: a fault of Quanyu, please report it)`,
      code: 'mapper.failed',
      wholeItem: true,
    };
    return { records: [], rejections: [rejection] };
  }
}
