/** Pulls a folder: every whole file that was not read yet, in the order of delivery, page by page. */
import { messageOf } from '../../../errors.ts';
import { type PullContext, SourceFault, type SourcePage } from '../collector.ts';
import { type Folder, type Opened, UnreadableFile } from './folder.ts';
import { type Inbox, type InboxFile, readInbox, statedMd5 } from './inbox.ts';
import { shortDigest } from './items.ts';
import { Ledger } from './ledger.ts';
import { localFolder } from './local-folder.ts';
import { type OpenFile, readChunks } from './read-file.ts';
import type { FilesSettings } from './settings.ts';
import { survey } from './survey.ts';

export const STREAM = 'inbox';
const PAGE_ROWS = 2000;

type FilesContext = PullContext<FilesSettings>;

/** What a pull knows as it goes on. */
interface PullState {
  readonly context: FilesContext;
  readonly folder: Folder;
  readonly pageRows: number;
  ledger: Ledger;
  /** Lines of the files read in this pull, and bytes of those still to be read. */
  linesDone: number;
  bytesLeft: number;
}

export interface PullOptions {
  /** @default the folder of this machine that the settings name */
  readonly folder?: Folder;
  /** Rows of a page. */
  readonly pageRows?: number;
}

/**
 * Reads what is whole and ends. A file that cannot be read does not hold up the others: it is told by the fault that
 * ends the pull.
 */
export async function* pullFiles(context: FilesContext, options: PullOptions = {}): AsyncIterable<SourcePage> {
  const { folder = localFolder(context.source.settings.folder), pageRows = PAGE_ROWS } = options;
  try {
    yield* pullFrom(folder, { context, pageRows });
  } finally {
    folder.close();
  }
}

async function* pullFrom(folder: Folder, of: { context: FilesContext; pageRows: number }): AsyncIterable<SourcePage> {
  const { context } = of;
  const inbox = await settledInbox(folder, context);
  const ledger = Ledger.from(context.checkpoint).only(inbox.names);
  const unread = ledger.unread(inbox.whole);
  const bytesLeft = unread.reduce((sum, { size }) => sum + size, 0);
  const state: PullState = { ...of, folder, ledger, linesDone: 0, bytesLeft };
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
async function settledInbox(folder: Folder, context: FilesContext): Promise<Inbox> {
  const { checkpoint, clock, log, signal, source, sleep, stream } = context;
  const ledger = Ledger.from(checkpoint);
  const look = () => readInbox(folder, { settings: source.settings, now: clock.now() });
  let inbox = await look();
  const waits = ledger.unread(inbox.waiting).map(({ waitMs }) => waitMs);
  const settledInMs = Math.max(0, ...waits.filter(Number.isFinite));
  if (settledInMs > 0) {
    // An abort ends the wait; what is whole already is then left to the next pull.
    await sleep(settledInMs).catch((thrown: unknown) => {
      if (!signal.aborted) throw thrown;
    });
    if (signal.aborted) return inbox;
    inbox = await look();
  }
  const { length: count } = ledger.unread(inbox.waiting);
  if (count > 0) log.info({ source: source.id, stream, count }, 'files wait until they are whole');
  return inbox;
}

async function* pullFile(file: InboxFile, state: PullState): AsyncIterable<SourcePage> {
  const { context, folder } = state;
  const open = await folder.open(file);
  const { handle } = open;
  try {
    const found = await survey(handle, file.rule);
    const stated = await statedMd5(folder, file);
    if (stated !== null && stated !== found.md5)
      throw new UnreadableFile('its bytes are not those its md5 file speaks of');
    await open.assertUnchanged();
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
    const opened = { file, ...open, survey: found, deliveredAt: new Date(deliveredAt), source: context.source };
    yield* pagesOf(opened, { state, done, afterLine: resumed?.line ?? 0 });
  } finally {
    await handle.close();
  }
}

async function* pagesOf(
  opened: OpenFile & Opened,
  { state, done, afterLine }: { state: PullState; done: Ledger; afterLine: number },
): AsyncIterable<SourcePage> {
  const { survey: found, file, deliveredAt } = opened;
  const linesLeft = Math.round((state.bytesLeft * found.lines) / Math.max(1, file.size));
  const total = state.linesDone + found.lines + linesLeft;
  for await (const chunk of readChunks(opened, state.pageRows)) {
    const items = chunk.items.filter(({ position }) => position > afterLine);
    if (items.length === 0 && !chunk.last) continue;
    // Before the file is noted as read: bytes that changed on the way are no file that ever was.
    if (chunk.last) await opened.assertUnchanged();
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

function isFileError(thrown: unknown): boolean {
  return thrown instanceof UnreadableFile || /^[EZ]/.test(String((thrown as NodeJS.ErrnoException)?.code ?? ''));
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
