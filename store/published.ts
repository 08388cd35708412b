/** What readers may see: the newest row of `published`, written last by the job that made a version whole. */
import { type Clock, clickhouseInstant } from '../clock.ts';
import type { Store } from './client.ts';
import { sql } from './sql.ts';

export interface Published {
  /** Version of the row; 0 = nothing was published yet. */
  readonly version: number;
  readonly rules_version: number;
  /** Rows of identity_links with a version up to this one count. */
  readonly identity_version: number;
  /** The partition of `profiles` that holds traits and tags. */
  readonly tags_version: number;
  /** account_records up to this commit_seq were resolved. */
  readonly resolved_to: number;
  /** Facts delivered up to this instant are in. */
  readonly data_up_to: string;
  readonly published_at: string;
}

const NOTHING: Published = {
  version: 0,
  rules_version: 0,
  identity_version: 0,
  tags_version: 0,
  resolved_to: 0,
  data_up_to: '1970-01-01 00:00:00.000',
  published_at: '1970-01-01 00:00:00.000',
};

/** The version every preview, export and view keeps to. */
export async function readPublished(store: Store): Promise<Published> {
  const rows = await store.rows<Published>(sql`
    SELECT version, rules_version, identity_version, tags_version, resolved_to,
           toString(data_up_to) AS data_up_to, toString(published_at) AS published_at
    FROM published ORDER BY version DESC LIMIT 1`);
  return rows[0] ?? NOTHING;
}

/** Makes a new version visible: the last write of a job. */
export async function publish(
  store: Store,
  clock: Clock,
  next: Omit<Published, 'version' | 'published_at'>,
): Promise<Published> {
  const before = await readPublished(store);
  const row: Published = { ...next, version: before.version + 1, published_at: clickhouseInstant(clock.now()) };
  await store.insert('published', [row]);
  return row;
}
