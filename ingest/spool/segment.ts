/**
 * The files of a spool: `<number>.spool`, each a head (16 bytes: mark, key id) and frames (length, sealed bytes). Only the
 * segment with the highest number is ever written to; a writer begins a new one at every start, so what a kill cut off
 * stands at an end and was never acknowledged.
 */
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { QuanyuError } from '../../errors.ts';
import { type SpoolKeys, seal, unseal } from './seal.ts';

/** Where a source's calls wait, and the keys they are sealed with. */
export interface SpoolPlace {
  readonly folder: string;
  readonly keys: SpoolKeys;
}

/** A call as it was taken: who sent it stands in its body. */
export interface SpooledCall {
  /** Given when it was taken; the same however often it is read. */
  readonly id: string;
  readonly receivedAt: Date;
  /** What the address said of the body: a type of message, '' for a batch. */
  readonly type: string;
  readonly body: string;
}

/** A frame: where it begins and ends in its segment. */
export interface Frame {
  readonly call: SpooledCall;
  readonly start: number;
  readonly end: number;
}

const MARK = 'QYSPOOL1';
export const HEAD_BYTES = 16;
const LENGTH_BYTES = 4;
const NAME = /^(\d{1,15})\.spool$/;

export const segmentFile = (folder: string, segment: number): string => join(folder, `${segment}.spool`);

/** Numbers of the segments there are, ascending. */
export async function segmentsIn(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const numbers = names.flatMap((name) => NAME.exec(name)?.[1] ?? []);
  return numbers.map(Number).sort((a, b) => a - b);
}

export function segmentHead(keyId: number): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.write(MARK, 'latin1');
  head.writeUInt16BE(keyId, MARK.length);
  return head;
}

export function frameOf(key: Buffer, call: SpooledCall): Buffer {
  const { id, receivedAt, type, body } = call;
  const head = JSON.stringify({ id, at: receivedAt.getTime(), type });
  return framed(seal(key, Buffer.from(`${head}\n${body}`)));
}

function framed(sealed: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(sealed.length);
  return Buffer.concat([length, sealed]);
}

/** A segment's frames from `offset` on; `whole` = every byte belongs to a frame. */
export async function readSegment(
  { folder, keys }: SpoolPlace,
  { segment, offset }: { segment: number; offset: number },
): Promise<{ frames: Frame[]; whole: boolean }> {
  const bytes = await readFile(segmentFile(folder, segment));
  const frames: Frame[] = [];
  if (bytes.length < HEAD_BYTES) return { frames, whole: false };
  const key = keyOf(bytes, keys);
  let at = Math.max(offset, HEAD_BYTES);
  while (at + LENGTH_BYTES <= bytes.length) {
    const end = at + LENGTH_BYTES + bytes.readUInt32BE(at);
    const clear = end > bytes.length ? null : unseal(key, bytes.subarray(at + LENGTH_BYTES, end));
    if (clear === null) break;
    frames.push({ call: callOf(clear), start: at, end });
    at = end;
  }
  return { frames, whole: at === bytes.length };
}

function keyOf(bytes: Buffer, keys: SpoolKeys): Buffer {
  const id = bytes.readUInt16BE(MARK.length);
  const key = keys.byId.get(id);
  if (key !== undefined && bytes.toString('latin1', 0, MARK.length) === MARK) return key;
  throw new QuanyuError(
    'vault.key-missing',
    `A segment of the spool was sealed with key ${id}, which was not given. Give the keys it was written with; nothing was dropped.`,
    { key: id },
  );
}

/**
 * Writes a segment anew with other bodies in some of its frames, none longer than before (`null` = as it is), so that
 * every frame stays where it was and positions keep their meaning. Cut off, it left the old file or the new one.
 */
export async function rewriteSegment(
  { folder, keys }: SpoolPlace,
  segment: number,
  change: (call: SpooledCall) => string | null,
): Promise<void> {
  const file = segmentFile(folder, segment);
  const bytes = await readFile(file);
  const { frames } = await readSegment({ folder, keys }, { segment, offset: 0 });
  for (const { call, start, end } of frames) {
    const body = change(call);
    if (body === null) continue;
    const padding = ' '.repeat(Buffer.byteLength(call.body) - Buffer.byteLength(body));
    frameOf(keyOf(bytes, keys), { ...call, body: body + padding }).copy(bytes, start, 0, end - start);
  }
  const beside = `${file}.new`;
  await writeFile(beside, bytes, { mode: 0o600, flush: true });
  await rename(beside, file);
}

function callOf(clear: Buffer): SpooledCall {
  const cut = clear.indexOf(10);
  const { id, at, type } = JSON.parse(clear.toString('utf8', 0, cut)) as { id: string; at: number; type: string };
  return { id, receivedAt: new Date(at), type, body: clear.toString('utf8', cut + 1) };
}
