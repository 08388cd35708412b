/** What was asked for, and the receipt of what left: rows, hash, purpose, by whom, from which run, and who was left out. */
import { p, type Store, sql } from '../../store/index.ts';
import type { Via } from '../reach.ts';

/** Plain data: it travels to a worker. */
export interface ExportRequest {
  /** The caller's id for it, also the file's name: letters, digits, - and _. */
  readonly export_id: string;
  /** run_id of the audience. */
  readonly audience: string;
  readonly columns: readonly string[];
  /** The caller's role may see clear values and a purpose was stated. */
  readonly reveal: boolean;
  /** The purpose consents are asked for, and the way; `any` = by whatever way, so that each refusal counts. */
  readonly purpose: string;
  readonly via: Via | 'any';
  /** True: who never consented stays out too, not only who refused. */
  readonly require_consent: boolean;
  readonly by: string;
}

export interface ExportReceipt {
  readonly export_id: string;
  readonly audience_run: number;
  readonly published_version: number;
  readonly identity_version: number;
  readonly tags_version: number;
  /** Name of the file under the exports folder; '' once it was taken back. */
  readonly file: string;
  readonly columns: readonly string[];
  readonly revealed: boolean;
  readonly purpose: string;
  readonly via: string;
  readonly require_consent: boolean;
  readonly requested_by: string;
  readonly row_count: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly excluded_by_consent: number;
  readonly excluded_by_suppression: number;
  /** Members whose profile is no more, or has merged into another member. */
  readonly no_longer_there: number;
  readonly finished_at: string;
}

/** The receipt of a finished export; null while there is none. */
export async function readExport(store: Store, exportId: string): Promise<ExportReceipt | null> {
  const [receipt] = await store.rows<ExportReceipt>(sql`
    SELECT export_id, audience_run, published_version, identity_version, tags_version, file, columns,
      toBool(revealed) AS revealed, purpose, via, toBool(require_consent) AS require_consent, requested_by, row_count,
      bytes, sha256, excluded_by_consent, excluded_by_suppression, no_longer_there, toString(finished_at) AS finished_at
    FROM exports FINAL WHERE export_id = ${p('String', exportId)}`);
  return receipt ?? null;
}
