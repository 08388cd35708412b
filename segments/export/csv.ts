/**
 * Exports an audience to a CSV file (UTF-8 with BOM, CRLF, every row on one line), engine to file, in bounded memory.
 * Who is in it is decided and written down first; the file gets its name only when it is whole; the receipt comes last.
 * Run again for the same version, it gives the same bytes.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, clickhouseInstant } from '../../clock.ts';
import { QuanyuError } from '../../errors.ts';
import type { Published, Store, Vault } from '../../store/index.ts';
import { type AudienceRun, readAudience } from '../audiences/index.ts';
import { checkColumns } from './columns.ts';
import type { ExportReceipt, ExportRequest } from './receipt.ts';
import { decideRecipients, type Outcomes } from './recipients.ts';
import { readSlices, sliceRows } from './rows.ts';

export interface ExportOptions {
  readonly store: Store;
  readonly vault: Vault;
  readonly clock: Clock;
  /** The version the file is made of; its partition of profiles must be kept meanwhile. */
  readonly published: Published;
  readonly request: ExportRequest;
  /** Folder of the installation's data; files go to `exports` in it. */
  readonly dataDir: string;
  readonly signal?: AbortSignal;
}

const BOM = '\ufeff';
const LINE_END = '\r\n';
const FORMAT = {
  output_format_csv_crlf_end_of_line: 1,
  format_csv_null_representation: '',
  output_format_json_quote_64bit_integers: 0,
} as const;

/** The folder that holds the files of all exports. */
export function exportsFolder(dataDir: string): string {
  return join(dataDir, 'exports');
}

/** Makes the file and its receipt. Throws export.invalid, audience.not-found, export.incomplete. */
export async function exportAudience(options: ExportOptions): Promise<ExportReceipt> {
  const { store, request, published } = options;
  const { export_id: id } = request;
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(id))
    throw new QuanyuError('export.invalid', 'The export id must be 1 to 64 letters, digits, - or _.');
  checkColumns(request.columns, request.reveal);
  const run = await readAudience(store, request.audience);
  const outcomes = await decideRecipients({ store, request, run, versions: published });
  const file = `${id}.csv`;
  const folder = exportsFolder(options.dataDir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const part = join(folder, `${file}.part`);
  try {
    const written = await writeFile(part, options);
    await rename(part, join(folder, file));
    const receipt = receiptOf({ options, run, outcomes, written, file });
    await store.insert('exports', [{ ...receipt, revision: 1 }]);
    return receipt;
  } finally {
    await rm(part, { force: true });
  }
}

interface Written {
  readonly bytes: number;
  readonly sha256: string;
}

async function writeFile(path: string, options: ExportOptions): Promise<Written> {
  const handle = await open(path, 'w', 0o600);
  try {
    const sink = sinkOf(handle);
    await sink.write(Buffer.from(BOM + options.request.columns.join(',') + LINE_END));
    for (const slice of await readSlices(options.store, options.request.export_id)) {
      options.signal?.throwIfAborted();
      const before = sink.lines();
      const rows = sliceRows({
        exportId: options.request.export_id,
        tagsVersion: options.published.tags_version,
        columns: options.request.columns,
        slice,
        vault: options.vault,
      });
      const { signal } = options;
      const bytes = await options.store.stream(rows, 'CSV', { settings: FORMAT, ...(signal ? { signal } : {}) });
      for await (const chunk of bytes) await sink.write(chunk as Buffer);
      checkWhole(sink.lines() - before, slice.members);
    }
    await handle.sync();
    return sink.end();
  } finally {
    await handle.close();
  }
}

/** Every row is one line, so a stream that broke off, or ended in an error's text, is told by its lines. */
function checkWhole(lines: number, members: number): void {
  if (lines === members) return;
  throw new QuanyuError(
    'export.incomplete',
    `A part of the file came to ${lines} rows where ${members} were expected; the file was thrown away. Run the export again.`,
    { rows: lines, expected: members },
  );
}

function sinkOf(handle: FileHandle) {
  const hash = createHash('sha256');
  let bytes = 0;
  let lines = 0;
  return {
    lines: () => lines,
    end: (): Written => ({ bytes, sha256: hash.digest('hex') }),
    async write(chunk: Buffer): Promise<void> {
      hash.update(chunk);
      bytes += chunk.length;
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines++;
      await handle.write(chunk);
    },
  };
}

function receiptOf(of: {
  options: ExportOptions;
  run: AudienceRun;
  outcomes: Outcomes;
  written: Written;
  file: string;
}): ExportReceipt {
  const { options, run, outcomes, written, file } = of;
  const { request, published } = options;
  return {
    export_id: request.export_id,
    audience_run: run.run,
    published_version: published.version,
    identity_version: published.identity_version,
    tags_version: published.tags_version,
    file,
    columns: request.columns,
    revealed: request.reveal,
    purpose: request.purpose,
    via: request.via,
    require_consent: request.require_consent,
    requested_by: request.by,
    row_count: outcomes.sent,
    ...written,
    excluded_by_consent: outcomes.consent,
    excluded_by_suppression: outcomes.suppression,
    no_longer_there: run.member_count - outcomes.sent - outcomes.consent - outcomes.suppression,
    finished_at: clickhouseInstant(options.clock.now()),
  };
}
