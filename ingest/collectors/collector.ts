/**
 * The one shape of every collector: a declaration, `pull` (effects: signing, paging, limits) and `map` (pure).
 * Adding a platform = one folder here and one line in registry.ts; test/contracts/collector.ts runs against each.
 */

import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Channel, Completeness, Mapped, RecordKind, SourceItem } from '../record.ts';
import type { SpoolPlace } from '../spool/index.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One page as the platform sent it, split into items, with the cursor to go on from once it is committed. */
export interface SourcePage {
  readonly stream: string;
  /** Names the page in the page ledger: a digest of its bytes or its request (never a personal value). */
  readonly id: string;
  readonly items: readonly SourceItem[];
  /** The checkpoint of the stream after this page; kept only once the page's items are written. */
  readonly cursor: Json;
  /** How far the stream is, for progress with rate and time left; total null = unknown. */
  readonly progress?: { readonly done: number; readonly total: number | null };
  /** Set on the last page of a delivery that is whole: what it no longer holds becomes a tombstone. */
  readonly complete?: Completeness;
  /** Called once the page and its checkpoint are on disk (confirm a message, note a file as read). */
  readonly committed?: () => Promise<void>;
}

/** One configured origin of data. `settings` has passed the collector's schema; secrets are resolved from the environment. */
export interface Source<Settings = unknown> {
  readonly id: string;
  readonly platform: string;
  readonly channel: Channel;
  readonly settings: Settings;
  /** The brand's zone, for business days. */
  readonly zone: string;
  /** Where calls wait that were acknowledged before they are written; the process that runs the source gives it. */
  readonly spool?: SpoolPlace;
}

export interface PullContext<Settings> {
  readonly source: Source<Settings>;
  readonly stream: string;
  /** The last kept cursor of this stream; null at the first run. */
  readonly checkpoint: Json;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Waits (rate limits, bans); ends early when the signal aborts. */
  sleep(ms: number): Promise<void>;
}

export interface MapContext<Settings> {
  readonly source: Source<Settings>;
}

/** An item handed in by a push (SPI copy, webhook): it is archived, mapped and committed before it is acknowledged. */
export interface PushRequest {
  readonly method: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface PushAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** Items to commit before the answer is sent; empty when the request was refused. */
  readonly items: readonly SourceItem[];
}

export interface Collector<Settings = unknown> {
  readonly platform: string;
  readonly title: { readonly zh: string; readonly en: string };
  /** JSON schema (ajv) of `settings`; every property has a description. Secrets are written `{"env": "NAME"}` in the file. */
  readonly settingsSchema: object;
  /** Kinds of records it can deliver. */
  readonly kinds: readonly RecordKind[];
  /** The platform's limits, in words, for docs and the page. */
  readonly limits: readonly string[];
  /** Raised whenever `map` changes what it makes of an item. */
  readonly mapperVersion: number;
  /** Streams with a checkpoint each (`trades`, `refunds`, `inbox`), in the order they are pulled. */
  streams(settings: Settings): readonly string[];
  /** Pulls from the checkpoint to the present and ends; throws SourceFault when it cannot go on. */
  pull(context: PullContext<Settings>): AsyncIterable<SourcePage>;
  /** Pure: the same item gives the same answer at any time and place. Never throws for bad input. */
  map(item: SourceItem, context: MapContext<Settings>): Mapped;
  /** Verifies and answers a platform's call; `now` for time stamps. Absent for platforms that do not push. */
  receive?(request: PushRequest, context: MapContext<Settings> & { readonly clock: Clock }): PushAnswer;
}

/**
 * Why a pull stopped, by what happens next. `reauthorise` and `misconfigured` stop the source until a person acts;
 * `later` is tried again at `retryAt` or by the schedule; both keep what was committed.
 */
export class SourceFault extends Error {
  readonly kind: 'reauthorise' | 'misconfigured' | 'later';
  readonly advice: string;
  readonly retryAt: Date | null;

  constructor(fault: {
    kind: SourceFault['kind'];
    message: string;
    advice: string;
    retryAt?: Date | null;
    cause?: unknown;
  }) {
    super(fault.message, { cause: fault.cause });
    this.name = 'SourceFault';
    this.kind = fault.kind;
    this.advice = fault.advice;
    this.retryAt = fault.retryAt ?? null;
  }
}
