/** Pulls a folder: every whole file that was not read yet, in the order of delivery, page by page. */
import { type FileHandle, open } from 'node:fs/promises';
import { messageOf } from '../../../errors.ts';
import { type PullContext, SourceFault, type SourcePage } from '../collector.ts';
import { type Inbox, type InboxFile, readInbox, statedMd5 } from './inbox.ts';
import { shortDigest } from './items.ts';
import { Ledger } from './ledger.ts';
import { type OpenFile, readChunks } from './read-file.ts';
import type { FilesSettings } from './settings.ts';
import { survey } from './survey.ts';

export const STREAM = 'inbox';
const PAGE_ROWS = 2000;

type FilesContext = PullContext<FilesSettings>;

/** What a pull knows as it goes on. */
interface PullState {
  readonly context: FilesContext;
  readonly pageRows: number;
  ledger: Ledger;
  /** Lines of the files read in this pull, and bytes of those still to be read. */
  linesDone: number;
  bytesLeft: number;
}

/** A file that was written while it was read, or is not what its `.md5` says. */
class FileChanged extends Error {}

/**
 * Reads what is whole and ends. A file that cannot be read does not hold up the others: it is told by the fault that
 * ends the pull. `pageRows` is the number of rows of a page.
 */
export async function* pullFiles(context: FilesContext, pageRows = PAGE_ROWS): AsyncIterable<SourcePage> {
  const inbox = await settledInbox(context);
  const ledger = Ledger.from(context.checkpoint).only(inbox.names);
  const unread = ledger.unread(inbox.whole);
  const bytesLeft = unread.reduce((sum, { size }) => sum + size, 0);
  const state: PullState = { context, pageRows, ledger, linesDone: 0, bytesLeft };
  const faults: string[] = [];
  for (const file of unread) {
    if (context.signal.aborted) return;
    state.bytesLeft -= file.size;
    try {
      yield* pullFile(file, state);
    } catch (thrown) {
      if (!isFileError(thrown)) throw thrown;
      faults.push(`${file.name} (${messageOf(thrown)})`);
    }
  }
  if (faults.length > 0) throw unreadable(context.source.settings.folder, faults);
}

/** Files that were just dropped are waited for once, so that a pull by hand brings them too. */
async function settledInbox({ clock, log, signal, source, sleep, stream }: FilesContext): Promise<Inbox> {
  let inbox = await readInbox(source.settings, clock.now());
  if (inbox.settledInMs > 0) {
    // An abort ends the wait; what is whole already is then left to the next pull.
    await sleep(inbox.settledInMs).catch((thrown: unknown) => {
      if (!signal.aborted) throw thrown;
    });
    inbox = await readInbox(source.settings, clock.now());
  }
  if (inbox.waiting.length > 0) {
    log.info({ source: source.id, stream, count: inbox.waiting.length }, 'files wait until they are whole');
  }
  return inbox;
}

async function* pullFile(file: InboxFile, state: PullState): AsyncIterable<SourcePage> {
  const { context } = state;
  const handle = await open(file.path);
  try {
    const found = await survey(handle, file.rule);
    const stated = await statedMd5(file);
    if (stated !== null && stated !== found.md5)
      throw new FileChanged('its bytes are not those its md5 file speaks of');
    await assertUnchanged(handle, file);
    const { current } = state.ledger;
    const resumed = current?.digest === found.digest ? current : null;
    const deliveredAt = resumed?.deliveredAt ?? state.ledger.deliveryOf(file, context.clock.now());
    const readBefore = state.ledger.hasBytes(found.digest);
    const done = state.ledger.done({ ...file, digest: found.digest, deliveredAt });
    if (readBefore) {
      state.ledger = done;
      yield { stream: STREAM, id: `${shortDigest(found.digest)}:again`, items: [], cursor: done.cursor };
      return;
    }
    const opened = { file, handle, survey: found, deliveredAt: new Date(deliveredAt), source: context.source };
    yield* pagesOf(opened, { state, done, afterLine: resumed?.line ?? 0 });
  } finally {
    await handle.close();
  }
}

async function* pagesOf(
  opened: OpenFile,
  { state, done, afterLine }: { state: PullState; done: Ledger; afterLine: number },
): AsyncIterable<SourcePage> {
  const { survey: found, file, handle, deliveredAt } = opened;
  const linesLeft = Math.round((state.bytesLeft * found.lines) / Math.max(1, file.size));
  const total = state.linesDone + found.lines + linesLeft;
  for await (const chunk of readChunks(opened, state.pageRows)) {
    const items = chunk.items.filter(({ position }) => position > afterLine);
    if (items.length === 0 && !chunk.last) continue;
    // Before the file is noted as read: bytes that changed on the way are no file that ever was.
    if (chunk.last) await assertUnchanged(handle, file);
    const line = chunk.items.at(-1)?.position ?? 0;
    state.ledger = chunk.last
      ? done
      : state.ledger.at({ digest: found.digest, line, deliveredAt: deliveredAt.getTime() });
    yield {
      stream: STREAM,
      id: `${shortDigest(found.digest)}:${items[0]?.position ?? 'end'}`,
      items,
      cursor: state.ledger.cursor,
      progress: { done: state.linesDone + (chunk.last ? found.lines : line), total },
      ...(chunk.complete && { complete: chunk.complete }),
    };
    if (state.context.signal.aborted) return;
  }
  state.linesDone += found.lines;
  const { log, source } = state.context;
  log.info({ source: source.id, stream: STREAM, name: file.name, count: found.lines }, 'file read');
}

async function assertUnchanged(handle: FileHandle, file: InboxFile): Promise<void> {
  const { size, mtimeMs } = await handle.stat();
  if (size !== file.size || mtimeMs !== file.mtime) throw new FileChanged('it was written while it was read');
}

function isFileError(thrown: unknown): boolean {
  return thrown instanceof FileChanged || /^[EZ]/.test(String((thrown as NodeJS.ErrnoException)?.code ?? ''));
}

function unreadable(folder: string, faults: readonly string[]): SourceFault {
  const some =
    faults.length > 5 ? `${faults.slice(0, 5).join('; ')}; and ${faults.length - 5} more` : faults.join('; ');
  return new SourceFault({
    kind: 'later',
    message: `${faults.length} of the files in ${folder} could not be read: ${some}.`,
    advice:
      'All other files were read. Let this process read these, check the disk, or deliver them again; the next scheduled run tries again.',
  });
}
