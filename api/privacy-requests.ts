/**
 * Requests to be forgotten, kept as documents until the searcher's report is in: who they are about stands in them only
 * while they run. One that was cut off is begun again at the next start.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { clickhouseInstant } from '../clock.ts';
import { QuanyuError } from '../errors.ts';
import type { ForgetReport } from '../privacy/index.ts';
import { readProfile } from '../segments/index.ts';
import { accountIdOf, type Document } from '../store/index.ts';
import { inBackground } from './background.ts';
import type { Caller } from './roles.ts';
import type { ApiServices } from './services.ts';

const COLLECTION = 'privacy_requests';

type Services = Pick<ApiServices, 'documents' | 'store' | 'clock' | 'audit' | 'status' | 'jobs' | 'operations'>;

interface Body {
  /** `incomplete`: erased, but the searcher still found something. */
  readonly status: 'running' | 'done' | 'incomplete' | 'failed';
  readonly reason: string;
  readonly requested_at: string;
  readonly requested_by: string;
  readonly role: string;
  /** The newest run of it. */
  readonly run_id: string;
  readonly report: ForgetReport | null;
  /** Who it is about; null once it is done. `person` is kept before anything is erased, so that it can be done again. */
  readonly about: { readonly profileId: string; readonly person: Person | null } | null;
}

type Person = Omit<Parameters<ApiServices['jobs']['forget']>[0], 'requestId'>;

export interface PrivacyRequestView extends Omit<Body, 'about' | 'role'> {
  readonly request_id: string;
}

/** Newest first. */
export function listPrivacyRequests({ documents }: Pick<Services, 'documents'>): PrivacyRequestView[] {
  return documents
    .list<Body>(COLLECTION)
    .map(viewOf)
    .sort((a, b) => (a.requested_at > b.requested_at ? -1 : 1));
}

/** The request of an id; throws api.not-found. */
export function privacyRequestOf({ documents }: Pick<Services, 'documents'>, id: string): PrivacyRequestView {
  const document = documents.get<Body>(COLLECTION, id);
  if (document !== undefined) return viewOf(document);
  throw new QuanyuError('api.not-found', 'No privacy request has this id. GET /api/v1/privacy/requests lists them.');
}

/** Keeps the request and its audit row, then begins to forget the profile. */
export async function requestForgetting(
  services: Services,
  asked: { readonly profileId: string; readonly reason: string; readonly caller: Caller; readonly requestId: string },
): Promise<PrivacyRequestView> {
  const { reason, caller } = asked;
  const id = `forget_${randomBytes(8).toString('hex')}`;
  const body: Body = {
    status: 'running',
    reason,
    requested_at: clickhouseInstant(services.clock.now()),
    requested_by: caller.key,
    role: caller.role,
    run_id: randomUUID(),
    report: null,
    about: { profileId: asked.profileId, person: null },
  };
  const note = { action: 'forget', object: id, purpose: reason, count: 1, request_id: asked.requestId };
  await services.audit.note({ ...note, actor: caller.key, role: caller.role });
  await services.documents.put(COLLECTION, id, body, { expected: 0, by: caller.key });
  await begin(services, id, body);
  return privacyRequestOf(services, id);
}

/** Does a request again that failed or left something over; one that runs or is done stays as it is. */
export async function repeatForgetting(services: Services, id: string): Promise<PrivacyRequestView> {
  const { status } = privacyRequestOf(services, id);
  if (status === 'failed' || status === 'incomplete') await beginAgain(services, id);
  return privacyRequestOf(services, id);
}

/** Begins again what was cut off with the process before, or did not end well; main calls it once at the start. */
export async function resumePrivacyRequests(services: Services): Promise<number> {
  const open = services.documents.list<Body>(COLLECTION).filter(({ body }) => body.status !== 'done');
  for (const { id } of open) await beginAgain(services, id);
  return open.length;
}

async function beginAgain(services: Services, id: string): Promise<void> {
  const { body } = services.documents.get<Body>(COLLECTION, id)!;
  const again: Body = { ...body, status: 'running', run_id: randomUUID() };
  await services.documents.put(COLLECTION, id, again, { by: body.requested_by });
  await begin(services, id, again);
}

async function begin(services: Services, id: string, body: Body): Promise<void> {
  let now = body;
  const change = async (more: Partial<Body>) => {
    now = { ...now, ...more };
    await services.documents.put(COLLECTION, id, now, { by: body.requested_by });
  };
  const work = async () => {
    try {
      const { profileId } = body.about!;
      const person = body.about?.person ?? (await personOf(services, profileId));
      await change({ about: { profileId, person } });
      const report = await services.jobs.forget({ requestId: id, ...person });
      const gone = Object.keys(report.left).length === 0;
      const note = { action: 'forgotten', object: id, purpose: body.reason, count: report.accounts };
      await services.audit.note({ ...note, actor: body.requested_by, role: body.role, request_id: body.run_id });
      await change(gone ? { status: 'done', report, about: null } : { status: 'incomplete', report });
      return { accounts: report.accounts, left: Object.values(report.left).reduce((sum, rows) => sum + rows, 0) };
    } catch (thrown) {
      await change({ status: 'failed' });
      throw thrown;
    }
  };
  await inBackground(services, { kind: 'forget', id: body.run_id, work });
}

/** Every account the profile holds once all that was collected is resolved. */
async function personOf({ store, operations }: Services, profileId: string): Promise<Person> {
  const published = await operations.refresh(false);
  const profile = await readProfile(store, { published, accountId: accountIdOf(profileId) ?? '0' });
  if (profile === null)
    throw new QuanyuError('api.not-found', 'The profile is no more: it was forgotten, or its records were deleted.');
  const { accounts, profile_ordinal, profile_id } = profile;
  return { accountOrdinals: accounts, profileOrdinals: [profile_ordinal], profileIds: [profile_id] };
}

function viewOf({ id, body }: Document<Body>): PrivacyRequestView {
  const { about: _, role: __, ...shown } = body;
  return { request_id: id, ...shown };
}
