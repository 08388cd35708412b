/**
 * How spools forget: what waits there and names the person is taken out of every segment that is not written to any more.
 * What comes meanwhile is left out when it is read, as from any source (suppression stands before anything is erased).
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ForgetsPeople, Forgotten } from '../../privacy/index.ts';
import { ERASED, readCall } from './call.ts';
import type { SpoolKeys } from './seal.ts';
import { readSegment, rewriteSegment, type SpooledCall, segmentsIn } from './segment.ts';

/** The participant for the spools of all sources, which lie in `<data folder>/spool/<source>`. */
export function spoolForgets(keys: SpoolKeys): ForgetsPeople {
  return {
    name: 'spool',
    async erase({ dataDir }, who) {
      const found = await search(keys, { dataDir, who });
      for (const { folder, segment } of found)
        await rewriteSegment({ folder, keys }, segment, (call) => without(call, who));
      return { messages: sum(found) };
    },
    async search({ dataDir }, who) {
      return { messages: sum(await search(keys, { dataDir, who })) };
    },
  };
}

interface Found {
  readonly folder: string;
  readonly segment: number;
  readonly messages: number;
}

const sum = (found: readonly Found[]) => found.reduce((all, { messages }) => all + messages, 0);

async function search(keys: SpoolKeys, { dataDir, who }: { dataDir: string; who: Forgotten }): Promise<Found[]> {
  const found: Found[] = [];
  for (const folder of await foldersIn(join(dataDir, 'spool'))) {
    for (const segment of (await segmentsIn(folder)).slice(0, -1)) {
      const { frames } = await readSegment({ folder, keys }, { segment, offset: 0 });
      let messages = 0;
      for (const { call } of frames) messages += readCall(call).messages.filter((text) => names(text, who)).length;
      if (messages > 0) found.push({ folder, segment, messages });
    }
  }
  return found;
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name));
}

/** The body without the person's messages, null where it has none. */
function without(call: SpooledCall, who: Forgotten): string | null {
  const { messages, head } = readCall(call);
  const left = messages.map((text) => (names(text, who) ? ERASED : text));
  if (left.every((text, n) => text === messages[n])) return null;
  if (call.type !== '') return ERASED;
  // What else stands beside the messages of a batch holds for all of them, and may name the person too.
  const sent = typeof head.sentAt === 'string' ? `"sentAt":${JSON.stringify(head.sentAt)},` : '';
  const body = `{${sent}"batch":[${left.join(',')}]}`;
  // Only a body that was spelled strangely grows; its place would not hold it.
  return Buffer.byteLength(body) <= Buffer.byteLength(call.body) ? body : '{"batch":[]}';
}

/** Whether a message says one of the values, however its JSON spells them. */
function names(text: string, { values }: Forgotten): boolean {
  const spelled = respelled(text).toLowerCase();
  return values.some((value) => spelled.includes(value.toLowerCase()));
}

function respelled(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
