/** What the conformance suite of collectors drives: a platform with a known number of items, and a writer in memory. */
import type { Clock } from '../../clock.ts';
import type { Collector, Json, Source, SourcePage } from '../../ingest/collectors/collector.ts';
import type { SourceItem } from '../../ingest/record.ts';
import type { Log } from '../../log.ts';

/** What of the suite applies to a platform. */
export interface Capabilities {
  /** It bans callers for some time. */
  readonly rateLimited: boolean;
  /** It refuses questions that are too wide; broken rules are told by `brokenRules`. */
  readonly windowed: boolean;
  /** Calls are signed and authorised. */
  readonly authorised: boolean;
  /** It is reached over a network that can fail. */
  readonly networked: boolean;
}

/**
 * Faults a platform can be made to show. The first group passes when it is tried again; `long-ban` ends the pull until it is
 * lifted; the last three are not to be tried again.
 */
export const PASSING_FAULTS = ['server-error', 'garbage', 'half-a-body', 'empty', 'reset', 'busy'] as const;
export type Fault = (typeof PASSING_FAULTS)[number] | 'ban' | 'long-ban' | 'refused' | 'wrong-signature' | 'expired';

/** An item that cannot become a record, and what its rejection must say. */
export interface MalformedItem {
  readonly key: string;
  readonly path: string;
  readonly expected: RegExp;
}

export interface CollectorDriver<Settings> {
  readonly source: Source<Settings>;
  readonly stream: string;
  readonly clock: Clock;
  /** Lets time pass on the driver's clock. */
  sleep(ms: number): Promise<void>;
  /** `kind key` of every item that the stream holds, malformed ones included. */
  expected(): readonly string[];
  readonly malformed: readonly MalformedItem[];
  /** Items of other streams and of pushes, for the map's tests. */
  readonly samples: readonly SourceItem[];
  /** Required where the platform is rate limited, authorised or networked. `times` calls are befallen, else all. */
  misbehave?(fault: Fault, times?: number): void;
  /** Calls made so far; required with `misbehave`. */
  calls?(): number;
  /** What the platform refused as against its rules; required where it is windowed or rate limited. */
  brokenRules?(): readonly string[];
  close(): Promise<void>;
}

/** Makes a platform with some `items` in the stream, the malformed ones extra; enough of them for at least three pages. */
export type MakeDriver<Settings> = (options: { malformed: boolean }) => Promise<CollectorDriver<Settings>>;

/** How a consumer ends: `lost` pages were pulled and not kept, as after a kill before the checkpoint. */
export interface Stop {
  readonly pages: number;
  readonly lost: boolean;
}

export interface Consumed {
  readonly items: readonly SourceItem[];
  readonly pages: number;
  readonly cursor: Json;
  /** The stream ended by itself. */
  readonly ended: boolean;
}

export const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** Pulls the stream from a cursor, keeps each page with its cursor, and stops where it is told. */
export async function consume<Settings>(
  { collector, driver }: { collector: Collector<Settings>; driver: CollectorDriver<Settings> },
  from: { cursor: Json; stop?: Stop; signal?: AbortSignal },
): Promise<Consumed> {
  const items: SourceItem[] = [];
  let { cursor } = from;
  let pages = 0;
  const pull = collector.pull({
    source: driver.source,
    stream: driver.stream,
    checkpoint: cursor,
    clock: driver.clock,
    signal: from.signal ?? new AbortController().signal,
    log: silent,
    sleep: (ms) => driver.sleep(ms),
  });
  for await (const page of pull) {
    pages += 1;
    if (from.stop && pages > from.stop.pages) return { items, pages, cursor, ended: false };
    if (from.stop?.lost && pages === from.stop.pages) return { items, pages, cursor, ended: false };
    items.push(...page.items);
    cursor = throughJson(page);
    await page.committed?.();
  }
  return { items, pages, cursor, ended: true };
}

/** A cursor as the checkpoint keeps it: written as JSON and read again. */
export function throughJson({ cursor }: SourcePage): Json {
  return JSON.parse(JSON.stringify(cursor)) as Json;
}
