/** Exports: files of audiences, made in their turn, with a receipt; downloads are audited like the export itself. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Type } from 'typebox';
import {
  EXPORT_COLUMNS,
  type ExportReceipt,
  exportsFolder,
  readAudience,
  readExport,
  VIAS,
} from '../../segments/index.ts';
import { inBackground } from '../background.ts';
import { checkDownload, type ExportView, exportOf, listExports, requestExport } from '../exports.ts';
import { findRun } from '../reads/runs.ts';
import { ROLES, type Role } from '../roles.ts';
import { closed, type Route, route } from '../route.ts';
import type { ApiServices } from '../services.ts';
import { ById, Id, Instant, noteOf, Run } from './shared.ts';

const EXPORTERS: readonly Role[] = ['marketer', 'crm', 'privacy', 'admin'];

type Services = Pick<ApiServices, 'store' | 'documents' | 'clock' | 'audit' | 'jobs' | 'runs' | 'dataDir'>;

const asked = {
  audience: Id,
  columns: Type.Array(Type.Enum(EXPORT_COLUMNS.map((column) => column.id)), {
    minItems: 1,
    uniqueItems: true,
    description: 'GET /api/v1/exports/columns has their words.',
  }),
  purpose: Type.String({
    pattern: '^[a-z][a-z_]{1,39}$',
    description: 'The purpose that consents are asked for: marketing, service, analysis …',
  }),
  via: Type.Enum([...VIAS, 'any'], {
    default: 'any',
    description: 'How the people will be reached; any = each refusal counts.',
  }),
  require_consent: Type.Boolean({
    default: false,
    description: 'true = who never consented stays out too, not only who refused.',
  }),
  reveal: Type.Boolean({
    default: false,
    description: 'Personal values in clear; needs a role that may, and a reason.',
  }),
  reason: Type.String({
    maxLength: 200,
    default: '',
    description: 'What the list is for, in words; kept in the audit log.',
  }),
};

const Export = closed(
  { export_id: Type.String(), ...asked, requested_by: Type.String(), requested_at: Instant },
  { $id: 'Export' },
);

const Receipt = closed({
  audience_run: Type.Integer(),
  published_version: Type.Integer(),
  row_count: Type.Integer(),
  bytes: Type.Integer(),
  sha256: Type.String(),
  excluded_by_consent: Type.Integer(),
  excluded_by_suppression: Type.Integer(),
  no_longer_there: Type.Integer({ description: 'Members whose profile is gone, or has merged into another member.' }),
  taken_back: Type.Boolean({ description: 'true = somebody in the file was forgotten and the file removed.' }),
  finished_at: Instant,
});

export function exportRoutes(services: Services): Route[] {
  return [begin(services), list(services), columns(), get(services), download(services)];
}

function begin({ store, documents, clock, audit, jobs }: Services): Route {
  return route({
    id: 'createExport',
    method: 'post',
    path: '/api/v1/exports',
    tag: 'exports',
    roles: EXPORTERS,
    summary: 'Make a file of an audience',
    description:
      'CSV in UTF-8 with a byte order mark, masked unless asked otherwise; consent and suppression come last.',
    body: closed(asked),
    answer: {
      status: 202,
      description: 'The export and its run, which goes on; the run has the export’s id.',
      schema: closed({ export: Export, run: Run }),
    },
    problems: ['audience.not-found', 'export.invalid'],
    async handler(input) {
      const audience = await readAudience(store, input.body.audience);
      const request = await requestExport(documents, input.body, input.caller);
      const { export_id: id, reason, requested_by, requested_at: _, ...of } = request;
      const note = { action: request.reveal ? 'export-in-clear' : 'export', object: id, count: audience.member_count };
      await audit.note(noteOf(input, { ...note, purpose: purposeOf(request) }));
      const work = async () => countsOf(await jobs.export({ ...of, export_id: id, by: requested_by }));
      const run = await inBackground({ store, clock }, { kind: 'export', id, work });
      return { body: { export: request, run }, headers: { Location: `/api/v1/exports/${id}` } };
    },
  });
}

function list({ documents }: Services): Route {
  return route({
    id: 'listExports',
    method: 'get',
    path: '/api/v1/exports',
    tag: 'exports',
    roles: ROLES,
    summary: 'What was asked for',
    answer: { status: 200, description: 'Newest first.', schema: closed({ items: Type.Array(Export) }) },
    handler: () => ({ body: { items: listExports(documents) } }),
  });
}

function columns(): Route {
  const Column = closed({
    id: Type.String(),
    title: closed({ zh: Type.String(), en: Type.String() }),
    clear: Type.Boolean({ description: 'true = a personal value in clear: needs reveal.' }),
  });
  return route({
    id: 'listExportColumns',
    method: 'get',
    path: '/api/v1/exports/columns',
    tag: 'exports',
    roles: ROLES,
    summary: 'The columns an export can have',
    answer: { status: 200, description: 'All columns.', schema: closed({ items: Type.Array(Column) }) },
    handler: () => ({ body: { items: EXPORT_COLUMNS } }),
  });
}

function get({ store, documents, runs }: Services): Route {
  return route({
    id: 'getExport',
    method: 'get',
    path: '/api/v1/exports/{id}',
    tag: 'exports',
    roles: ROLES,
    summary: 'One export: what was asked for, how it goes, and the receipt of what left',
    params: ById,
    answer: {
      status: 200,
      description: 'The receipt is null until the file is whole.',
      schema: closed({
        export: Export,
        run: Type.Union([Run, Type.Null()]),
        receipt: Type.Union([Receipt, Type.Null()]),
      }),
    },
    problems: ['api.not-found'],
    async handler({ params: { id } }) {
      const request = exportOf(documents, id);
      const [run, receipt] = await Promise.all([findRun({ store, runs }, id), readExport(store, id)]);
      return { body: { export: request, run: run ?? null, receipt: receipt === null ? null : shown(receipt) } };
    },
  });
}

function download({ store, documents, audit, dataDir }: Services): Route {
  return route({
    id: 'downloadExport',
    method: 'get',
    path: '/api/v1/exports/{id}/file',
    tag: 'exports',
    roles: EXPORTERS,
    summary: 'The file of an export',
    description: 'Each download is audited. A file with values in clear is for the roles crm, privacy, admin only.',
    params: ById,
    answer: {
      status: 200,
      description: 'The file, streamed; Content-Length and Repr-Digest tell whether all of it arrived.',
      contentType: 'text/csv; charset=utf-8',
      schema: Type.String(),
    },
    problems: ['api.not-found', 'export.not-finished', 'export.taken-back'],
    async handler(input) {
      const request = exportOf(documents, input.params.id);
      const receipt = await readExport(store, request.export_id);
      checkDownload(receipt, input.caller);
      const note = { action: 'export-download', object: request.export_id, count: receipt.row_count };
      await audit.note(noteOf(input, { ...note, purpose: purposeOf(request) }));
      return { stream: createReadStream(join(exportsFolder(dataDir), receipt.file)), headers: headersOf(receipt) };
    },
  });
}

const purposeOf = ({ purpose, reason }: ExportView) => (reason === '' ? purpose : `${purpose}: ${reason}`);

const countsOf = ({ row_count, bytes, excluded_by_consent, excluded_by_suppression }: ExportReceipt) => ({
  rows: row_count,
  bytes,
  excluded_by_consent,
  excluded_by_suppression,
});

const headersOf = (receipt: ExportReceipt) => ({
  'Content-Length': String(receipt.bytes),
  'Content-Disposition': `attachment; filename="${receipt.file}"`,
  'Repr-Digest': `sha-256=:${Buffer.from(receipt.sha256, 'hex').toString('base64')}:`,
});

function shown(receipt: ExportReceipt) {
  const { audience_run, published_version, row_count, bytes, sha256, no_longer_there, finished_at } = receipt;
  const { excluded_by_consent, excluded_by_suppression, file } = receipt;
  return {
    ...{ audience_run, published_version, row_count, bytes, sha256, no_longer_there, finished_at },
    ...{ excluded_by_consent, excluded_by_suppression, taken_back: file === '' },
  };
}
