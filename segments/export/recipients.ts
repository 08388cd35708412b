/** Decides who of an audience is in a file, and writes it down first: consent and suppression are the last word. */
import { p, type SqlFragment, type Store, sql } from '../../store/index.ts';
import type { AudienceRun } from '../audiences/index.ts';
import { membersAt } from '../audiences/index.ts';
import { profilesOf } from '../links.ts';
import { type ConsentQuestion, consentingProfiles, refusingProfiles, suppressedAccounts } from '../reach.ts';
import type { ExportRequest } from './receipt.ts';

export interface Outcomes {
  readonly sent: number;
  readonly consent: number;
  readonly suppression: number;
}

interface Versions {
  readonly identity_version: number;
  readonly tags_version: number;
}

/** Fills export_members anew for this export and counts the outcomes. */
export async function decideRecipients(options: {
  readonly store: Store;
  readonly request: ExportRequest;
  readonly run: AudienceRun;
  readonly versions: Versions;
}): Promise<Outcomes> {
  const { store, request, run, versions } = options;
  const id = p('String', request.export_id);
  const [leftOver] = await store.rows<{ rows: number }>(
    sql`SELECT count() AS rows FROM export_members WHERE export_id = ${id}`,
  );
  if ((leftOver?.rows ?? 0) > 0)
    await store.run(sql`ALTER TABLE export_members DELETE WHERE export_id = ${id}`, {
      settings: { mutations_sync: '2' },
    });
  await store.run(sql`
    INSERT INTO export_members (export_id, profile_ordinal, outcome)
    SELECT ${id}, profile_ordinal, ${outcomeOf(request, versions)}
    FROM profiles
    WHERE version = ${p('UInt32', versions.tags_version)}
      AND profile_ordinal IN ${membersAt(run, versions.identity_version)}`);
  const rows = await store.rows<{ outcome: keyof Outcomes; members: number }>(
    sql`SELECT outcome, count() AS members FROM export_members WHERE export_id = ${id} GROUP BY outcome`,
  );
  return { sent: 0, consent: 0, suppression: 0, ...Object.fromEntries(rows.map((row) => [row.outcome, row.members])) };
}

function outcomeOf(request: ExportRequest, { identity_version }: Versions): SqlFragment {
  const question: ConsentQuestion = request;
  const missing = request.require_consent
    ? sql`profile_ordinal NOT IN ${consentingProfiles(question, identity_version)}`
    : sql`0`;
  return sql`multiIf(
    profile_ordinal IN ${profilesOf(suppressedAccounts(), identity_version)}, 'suppression',
    profile_ordinal IN ${refusingProfiles(question, identity_version)} OR ${missing}, 'consent',
    'sent')`;
}
