/** Exports as they were asked for, kept as documents; how each went is in its run and its receipt. */
import { randomBytes } from 'node:crypto';
import { QuanyuError } from '../errors.ts';
import { EXPORT_COLUMNS, type ExportReceipt, type ExportRequest } from '../segments/index.ts';
import type { Documents } from '../store/index.ts';
import { type Caller, MAY_REVEAL } from './roles.ts';

const COLLECTION = 'exports';

export interface ExportView extends Omit<ExportRequest, 'export_id' | 'by'> {
  readonly export_id: string;
  /** The reason in words, for the audit log. */
  readonly reason: string;
  readonly requested_by: string;
  readonly requested_at: string;
}

type Body = Omit<ExportView, 'export_id' | 'requested_by' | 'requested_at'>;

/** Keeps what is asked for. Throws export.invalid or api.forbidden where clear values are not asked for as they must be. */
export async function requestExport(documents: Documents, asked: Body, caller: Caller): Promise<ExportView> {
  checkReveal(asked, caller);
  const id = `exp_${randomBytes(8).toString('hex')}`;
  await documents.put(COLLECTION, id, asked, { expected: 0, by: caller.key });
  return exportOf(documents, id);
}

/** Newest first. */
export function listExports(documents: Documents): ExportView[] {
  return documents
    .list<Body>(COLLECTION)
    .map(({ id }) => exportOf(documents, id))
    .sort((a, b) => (a.requested_at > b.requested_at ? -1 : 1));
}

/** The export of an id; throws api.not-found. */
export function exportOf(documents: Documents, id: string): ExportView {
  const document = documents.get<Body>(COLLECTION, id);
  if (document === undefined)
    throw new QuanyuError('api.not-found', 'No export has this id. GET /api/v1/exports lists the exports there are.');
  return { export_id: id, ...document.body, requested_by: document.changed_by, requested_at: document.changed_at };
}

/** Throws where the file of a receipt cannot be handed to this caller. */
export function checkDownload(receipt: ExportReceipt | null, caller: Caller): asserts receipt is ExportReceipt {
  if (receipt === null)
    throw new QuanyuError('export.not-finished', 'The export has no file yet. GET /api/v1/runs/{id} says how it goes.');
  if (receipt.file === '')
    throw new QuanyuError(
      'export.taken-back',
      'The file was taken back because somebody in it was forgotten. Export the audience again.',
    );
  if (receipt.revealed) checkRole(caller);
}

function checkReveal({ columns, reveal, reason }: Body, caller: Caller): void {
  const clear = EXPORT_COLUMNS.filter((column) => column.clear && columns.includes(column.id)).map(({ id }) => id);
  if (clear.length > 0 && !reveal)
    throw new QuanyuError(
      'export.invalid',
      `The columns ${clear.join(', ')} hold personal values in clear. Leave them out, or send "reveal": true with a reason.`,
      { columns: clear },
    );
  if (!reveal) return;
  checkRole(caller);
  if (reason.trim().length < 4)
    throw new QuanyuError(
      'export.invalid',
      'Personal values in clear need a reason: say in "reason" what they are for.',
    );
}

function checkRole({ key, role }: Caller): void {
  if (MAY_REVEAL.includes(role)) return;
  throw new QuanyuError(
    'api.forbidden',
    `The key ${key} has the role ${role}; personal values in clear need one of: ${MAY_REVEAL.join(', ')}.`,
    { role, allowed: MAY_REVEAL },
  );
}
