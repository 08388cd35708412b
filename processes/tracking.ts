/** The tracking API from the main process's side: calls go to their source's spool, and the source is pulled soon after. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { TrackedCall, TrackingService } from '../api/index.ts';
import type { Clock } from '../clock.ts';
import type { ConfiguredSource } from '../config.ts';
import { messageOf, QuanyuError } from '../errors.ts';
import {
  DEFAULT_EVENTS_PER_SECOND,
  openSpoolWriter,
  type SpoolKeys,
  type SpoolWriter,
  type TrackSettings,
} from '../ingest/index.ts';
import { logFor } from '../log.ts';

const log = logFor('tracking');
/** What was taken is written to the tables at the latest after this and the time of a pull. */
const PULL_EVERY_MS = 5_000;
const BURST_SECONDS = 2;

interface Tracked {
  readonly id: string;
  readonly spool: SpoolWriter;
  readonly perSecond: number;
  /** Messages that may come at once, as of `countedAt`. */
  allowance: number;
  countedAt: number;
  pull: NodeJS.Timeout | null;
}

export interface TrackingOptions {
  readonly sources: readonly ConfiguredSource[];
  readonly dataDir: string;
  readonly clock: Clock;
  readonly keys: () => SpoolKeys;
  /** Begins a pull of a source; false = one is running, and it may be past what was just taken. */
  readonly pull: (sourceId: string) => Promise<boolean>;
}

/** The folder of a source's spool. */
export const spoolFolder = (dataDir: string, sourceId: string): string => join(dataDir, 'spool', sourceId);

export class Tracking implements TrackingService {
  readonly #options: TrackingOptions;
  readonly #byKey = new Map<string, Tracked>();
  readonly #all: Tracked[] = [];

  /** Throws config.invalid where two sources have one write key. */
  constructor(options: TrackingOptions) {
    this.#options = options;
    for (const source of options.sources.filter(({ platform }) => platform === 'track')) this.#add(source);
  }

  sourceOf(writeKey: string): string | undefined {
    return this.#byKey.get(writeKey)?.id;
  }

  async take(writeKey: string, call: TrackedCall): Promise<void> {
    const tracked = this.#byKey.get(writeKey);
    if (tracked === undefined) throw new QuanyuError('api.unauthenticated', 'The write key is not one of a source.');
    this.#count(tracked, call.messages);
    const { type, body } = call;
    await tracked.spool.append({ id: randomUUID(), receivedAt: this.#options.clock.now(), type, body });
    this.#pullSoon(tracked);
  }

  /** Closes the segments that are written to, so that all that was taken can be read to its end or rewritten. */
  async rotate(): Promise<void> {
    await Promise.all(this.#all.map(({ spool }) => spool.rotate()));
  }

  async stop(): Promise<void> {
    for (const { pull } of this.#all) if (pull) clearTimeout(pull);
    await Promise.all(this.#all.map(({ spool }) => spool.close()));
  }

  #add({ id, settings }: ConfiguredSource): void {
    const { write_keys, events_per_second: perSecond = DEFAULT_EVENTS_PER_SECOND } = settings as TrackSettings;
    const spool = openSpoolWriter(spoolFolder(this.#options.dataDir, id), this.#options.keys);
    const tracked = {
      id,
      spool,
      perSecond,
      allowance: perSecond * BURST_SECONDS,
      countedAt: performance.now(),
      pull: null,
    };
    this.#all.push(tracked);
    for (const key of write_keys) {
      const other = this.#byKey.get(key);
      if (other !== undefined)
        throw new QuanyuError('config.invalid', `Sources ${other.id} and ${id} have one write key. Give each its own.`);
      this.#byKey.set(key, tracked);
    }
  }

  /** A bucket that fills by the source's limit; a call larger than the bucket is taken when it is full. */
  #count(tracked: Tracked, messages: number): void {
    const { perSecond } = tracked;
    const now = performance.now();
    const filled = tracked.allowance + ((now - tracked.countedAt) / 1000) * perSecond;
    tracked.allowance = Math.min(perSecond * BURST_SECONDS, filled);
    tracked.countedAt = now;
    const asked = Math.min(messages, perSecond * BURST_SECONDS);
    if (tracked.allowance < asked)
      throw new QuanyuError('track.too-fast', `The limit of the source is ${perSecond} messages a second.`, {
        retry_after_seconds: Math.ceil((asked - tracked.allowance) / perSecond),
      });
    tracked.allowance -= asked;
  }

  #pullSoon(tracked: Tracked): void {
    tracked.pull ??= setTimeout(() => {
      tracked.pull = null;
      void this.#pull(tracked).catch((thrown: unknown) => {
        log.warn({ source: tracked.id }, `what was tracked waits in its spool: ${messageOf(thrown)}`);
        this.#pullSoon(tracked);
      });
    }, PULL_EVERY_MS).unref();
  }

  async #pull(tracked: Tracked): Promise<void> {
    await tracked.spool.rotate();
    if (!(await this.#options.pull(tracked.id))) this.#pullSoon(tracked);
  }
}
