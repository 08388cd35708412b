/** The jobs that worker processes run for the main process, with their arguments and results. */
import type { ConfiguredSource } from '../config.ts';
import type { IdentityRules } from '../identity/index.ts';
import type { PullEnded, PushAnswer, PushRequest } from '../ingest/index.ts';
import type { ForgetReport } from '../privacy/index.ts';
import type { AudienceRun, ExportReceipt, ExportRequest } from '../segments/index.ts';
import type { Published, RunView, StoreOptions, VaultKeys } from '../store/index.ts';

export interface Jobs {
  /** Pulls one source to the present. */
  collect: { args: { sourceId: string; runId: string }; result: PullEnded };
  /** A platform's call: written before it is answered. */
  push: { args: { sourceId: string; request: PushRequest }; result: Omit<PushAnswer, 'items'> };
  replay: { args: { sourceId: string; runId: string }; result: RunView };
  rebuild: { args: { sourceId: string; runId: string }; result: RunView };
  /** Resolves what is new (or everything), computes profiles and tags, publishes. */
  refresh: {
    args: { full: boolean; runId: string; rules: IdentityRules };
    result: { run: RunView; published: Published };
  };
  audience: { args: { segment: string; condition: unknown; runId: string }; result: AudienceRun };
  export: { args: ExportRequest; result: ExportReceipt };
  forget: {
    args: {
      requestId: string;
      accountOrdinals: readonly number[];
      profileOrdinals: readonly number[];
      profileIds: readonly string[];
      rules: IdentityRules;
    };
    result: ForgetReport;
  };
  /** Seals everything anew with the current sealing key; counts rows by table. */
  reseal: { args: { runId: string }; result: Record<string, number> };
}

export type JobName = keyof Jobs;

/** Jobs of the long-lived collector (which holds the writer) and of the job worker; one job worker job at a time. */
export const COLLECTOR_JOBS: readonly JobName[] = ['collect', 'push', 'replay', 'rebuild'];

/** Everything a worker needs; it comes over IPC, never by arguments or environment. */
export interface WorkerInit {
  readonly role: 'collector' | 'jobs';
  readonly store: StoreOptions;
  readonly keys: VaultKeys;
  readonly sources: readonly ConfiguredSource[];
  readonly zone: string;
  readonly dataDir: string;
}

export type ToWorker =
  | { readonly type: 'init'; readonly init: WorkerInit }
  | { readonly type: 'call'; readonly id: number; readonly job: JobName; readonly args: unknown }
  | { readonly type: 'cancel'; readonly id: number };

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly id: number; readonly view: RunView }
  | { readonly type: 'done'; readonly id: number; readonly result: unknown }
  | {
      readonly type: 'failed';
      readonly id: number;
      readonly code: string | null;
      readonly message: string;
      readonly details: unknown;
    };
