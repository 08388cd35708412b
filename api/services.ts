/** What the routes need from the rest of the house, as narrow as they use it; main puts it together. */
import type { Clock } from '../clock.ts';
import type { IdentifierType } from '../ingest/identifiers/index.ts';
import type { Channel, PushAnswer, PushRequest } from '../ingest/index.ts';
import type { Audit, ForgetReport } from '../privacy/index.ts';
import type { AudienceRun, ExportReceipt, ExportRequest } from '../segments/index.ts';
import type { Documents, Published, RunStatus, RunView, Store, Vault } from '../store/index.ts';

/** The engine as `/health` tells it; `external` = a server of somebody else's is used. */
export interface EngineHealth {
  readonly status: 'running' | 'restarting' | 'failed' | 'stopped' | 'external';
  readonly restarts: number;
}

/** How the installation is, from memory. */
export interface StatusService {
  engine(): EngineHealth;
  /** True once everything is loaded and requests can be answered; false while stopping. */
  ready(): boolean;
  /** The version readers keep to. */
  published(): Published;
}

/** One configured source and how it is. */
export interface SourceView {
  readonly id: string;
  readonly platform: string;
  readonly channel: Channel;
  /** Cron expression of its pulls. */
  readonly schedule: string;
  /** `fault`: the last run failed; fault and advice say why and what to do. */
  readonly state: 'waiting' | 'running' | 'fault';
  /** The newest run, running or ended, with its counts (progress: done, total, rate, left_seconds); null before the first. */
  readonly last_run: RunView | null;
  readonly fault: string;
  readonly advice: string;
  /** Seconds since the source was last pulled to the present; null before the first whole run. */
  readonly lag_seconds: number | null;
}

/** The configured sources and what can be run on them. */
export interface SourcesService {
  list(): readonly SourceView[];
  /** Begins a pull (or names the one that runs) and returns at once. */
  run(id: string): Promise<RunView>;
  /** Begins mapping the open rejections of a source again and returns at once. */
  replay(id: string): Promise<RunView>;
  /** Begins mapping the whole archive of a source again and returns at once. */
  rebuild(id: string): Promise<RunView>;
  /** Hands a platform's call to its source; undefined = no source of this id. Resolves once what it brought is on disk. */
  push(id: string, request: PushRequest): Promise<Omit<PushAnswer, 'items'> | undefined>;
}

/** A call of the tracking API whose body has been found readable. */
export interface TrackedCall {
  /** The type of message that the address names; '' for a batch. */
  readonly type: string;
  /** JSON, as it was sent. */
  readonly body: string;
  readonly messages: number;
}

/** Where calls of the tracking API go. */
export interface TrackingService {
  /** The source that a write key is of. */
  sourceOf(writeKey: string): string | undefined;
  /** Resolves once the call is on the disk. Throws track.too-fast over the source's limit, store.disk-full. */
  take(writeKey: string, call: TrackedCall): Promise<void>;
}

/** Runs of one kind and source that ended one way since the process began, and the records they wrote. */
export interface RunTotals {
  readonly kind: string;
  readonly source: string;
  readonly status: Exclude<RunStatus, 'running'>;
  readonly runs: number;
  readonly records: number;
}

/** What the store's rows do not say yet: runs under way with their counts so far, and totals for metrics. */
export interface RunsService {
  running(): readonly RunView[];
  totals(): readonly RunTotals[];
}

/** What an administrator can have done by hand besides. */
export interface OperationsService {
  /** Resolves, tags and publishes what is new; `full` resolves everything anew. */
  refresh(full: boolean): Promise<Published>;
  /** Makes a new sealing key and seals everything anew with it; rows by table. */
  rotateKey(): Promise<Record<string, number>>;
}

/** Heavy jobs, each in its turn in a worker. They resolve when the job is done; what fails, rejects. */
export interface JobsService {
  audience(job: {
    readonly segment: string;
    readonly condition: unknown;
    readonly runId: string;
  }): Promise<AudienceRun>;
  export(request: ExportRequest): Promise<ExportReceipt>;
  /** Erases a person everywhere, publishes what is left, and says whether they are gone. */
  forget(person: {
    readonly requestId: string;
    readonly accountOrdinals: readonly number[];
    readonly profileOrdinals: readonly number[];
    readonly profileIds: readonly string[];
  }): Promise<ForgetReport>;
}

/** Who is behind an identifier. */
export interface ProfilesService {
  /** Ids of the profiles that hold the identifier in the published version. Throws for a value that is none of its type. */
  find(identifier: {
    readonly type: IdentifierType;
    readonly scope: string;
    readonly value: string;
  }): Promise<readonly string[]>;
}

export interface ApiServices {
  readonly profiles: ProfilesService;
  readonly jobs: JobsService;
  /** Folder of the installation's data, where finished exports lie. */
  readonly dataDir: string;
  /** The brand's zone. */
  readonly zone: string;
  readonly operations: OperationsService;
  readonly store: Store;
  readonly vault: Vault;
  readonly documents: Documents;
  readonly clock: Clock;
  readonly audit: Pick<Audit, 'note' | 'list'>;
  readonly status: StatusService;
  readonly sources: SourcesService;
  readonly runs: RunsService;
  readonly tracking: TrackingService;
}
