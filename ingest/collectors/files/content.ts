/** The bytes of an open file, plain or gzipped, as often as they are needed. */
import type { FileHandle } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

const CHUNK_BYTES = 256 * 1024;
const GZIP = Buffer.from([0x1f, 0x8b]);

/** The first bytes of the file as it lies in the folder. */
export async function firstBytes(handle: FileHandle): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
  return buffer.subarray(0, bytesRead);
}

export const isGzip = (first: Buffer) => first.subarray(0, 2).equals(GZIP);

/** Reads the file from its first byte, unpacked, in bounded memory. `raw` sees the bytes as they lie in the folder. */
export function contentOf(
  handle: FileHandle,
  options: { gzip: boolean; raw?: (chunk: Buffer) => void },
): AsyncIterable<Buffer> {
  const file = bytesOf(handle);
  const packed = options.raw ? watched(file, options.raw) : file;
  // Errors of the packed bytes reach whoever reads the unpacked ones; a reader that stops early closes both.
  return options.gzip ? pipeline(packed, createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined) : packed;
}

/** Not the handle's own stream: that one closes the handle when it is left before its end. */
async function* bytesOf(handle: FileHandle): AsyncIterable<Buffer> {
  for (let at = 0; ; ) {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

async function* watched(bytes: AsyncIterable<Buffer>, see: (chunk: Buffer) => void): AsyncIterable<Buffer> {
  for await (const chunk of bytes) {
    see(chunk);
    yield chunk;
  }
}

/** A buffer read as a stream. */
export const streamOf = (bytes: Buffer): AsyncIterable<Buffer> => Readable.from([bytes]);
