/** Pure: the pages of one commit, mapped: items, records and rejections numbered through, with their distinct accounts. */
import { messageOf } from '../../errors.ts';
import type { Collector, Source, SourcePage } from '../collectors/collector.ts';
import type { Completeness, Mapped, Rejection, SourceAccount, SourceItem, SourceRecord } from '../record.ts';
import { digestOf, versionOf } from './rows.ts';

export interface GroupItem {
  readonly n: number;
  readonly item: SourceItem;
  readonly pageId: string;
  readonly digest: number;
}

export interface GroupRecord {
  readonly itemN: number;
  readonly record: SourceRecord;
  readonly version: string;
}

export interface GroupRejection {
  readonly itemN: number;
  readonly rejection: Rejection;
}

/** What one commit writes: everything of some pages of one stream. */
export interface Group {
  readonly source: Source;
  readonly mapperVersion: number;
  readonly items: readonly GroupItem[];
  readonly records: readonly GroupRecord[];
  readonly rejections: readonly GroupRejection[];
  /** Distinct accounts by accountKey. */
  readonly accounts: ReadonlyMap<string, { readonly account: SourceAccount; readonly itemN: number }>;
  readonly pages: readonly {
    readonly stream: string;
    readonly id: string;
    readonly items: number;
    readonly deliveredAt: Date;
    readonly complete?: Completeness;
  }[];
  readonly deliveredUpTo: Date;
}

/** Key of an account within one source. */
export function accountKey(account: SourceAccount): string {
  return `${account.kind}\u0000${account.key}`;
}

/** Maps pages; an item that makes the mapper throw is a rejection like any other, never a crash. */
export function mapGroup(collector: Collector, source: Source, pages: readonly SourcePage[]): Group {
  const items: GroupItem[] = [];
  const records: GroupRecord[] = [];
  const rejections: GroupRejection[] = [];
  const accounts = new Map<string, { account: SourceAccount; itemN: number }>();
  let deliveredUpTo = new Date(0);
  for (const page of pages) {
    for (const item of page.items) {
      const n = items.length;
      const digest = digestOf(item);
      items.push({ n, item, pageId: page.id, digest });
      if (item.deliveredAt > deliveredUpTo) deliveredUpTo = item.deliveredAt;
      const mapped = mapSafely(collector, source, item);
      for (const rejection of mapped.rejections) rejections.push({ itemN: n, rejection });
      for (const record of mapped.records) {
        records.push({
          itemN: n,
          record,
          version: versionOf(record.modifiedAt, { deliveredAt: item.deliveredAt, digest }),
        });
        if (record.account === null) continue;
        const key = accountKey(record.account);
        if (!accounts.has(key)) accounts.set(key, { account: record.account, itemN: n });
      }
    }
  }
  return {
    source,
    mapperVersion: collector.mapperVersion,
    items,
    records,
    rejections,
    accounts,
    pages: pages.map((page) => ({
      stream: page.stream,
      id: page.id,
      items: page.items.length,
      deliveredAt: page.items.at(-1)?.deliveredAt ?? deliveredUpTo,
      ...(page.complete ? { complete: page.complete } : {}),
    })),
    deliveredUpTo,
  };
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
