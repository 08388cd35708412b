/** Reading from an SFTP server, as promises. */
import type { SFTPWrapper, Stats } from 'ssh2';

/** What every server gives in one answer. Bytes. */
const PIECE = 32 * 1024;
/** An `.md5` and the like. Bytes. */
const SMALL = 4096;

export function statOf(sftp: SFTPWrapper, path: string): Promise<Stats> {
  return new Promise((resolve, reject) => sftp.stat(path, (error, stats) => (error ? reject(error) : resolve(stats))));
}

/** Reads `length` bytes, its pieces asked for at once; null when the file ends before. */
export async function readAt(
  sftp: SFTPWrapper,
  path: string,
  { at, length }: { at: number; length: number },
): Promise<Buffer | null> {
  const into = Buffer.allocUnsafe(length);
  const whole = await withFile(sftp, path, (file) => {
    const starts = Array.from({ length: Math.ceil(length / PIECE) }, (_, n) => n * PIECE);
    return Promise.all(
      starts.map(async (start) => {
        const piece = into.subarray(start, start + PIECE);
        return (await fill(sftp, { file, into: piece, at: at + start })) === piece.length;
      }),
    );
  });
  return whole.every(Boolean) ? into : null;
}

/** The first bytes of a small file as text. */
export async function readText(sftp: SFTPWrapper, path: string): Promise<string> {
  const into = Buffer.alloc(SMALL);
  const length = await withFile(sftp, path, (file) => fill(sftp, { file, into, at: 0 }));
  return into.toString('utf8', 0, length);
}

async function withFile<T>(sftp: SFTPWrapper, path: string, work: (file: Buffer) => Promise<T>): Promise<T> {
  const file = await new Promise<Buffer>((resolve, reject) =>
    sftp.open(path, 'r', (error, handle) => (error ? reject(error) : resolve(handle))),
  );
  try {
    return await work(file);
  } finally {
    sftp.close(file, () => undefined);
  }
}

/** Fills a buffer as far as the file goes; servers may give less than was asked for. Answers the number of bytes. */
async function fill(sftp: SFTPWrapper, of: { file: Buffer; into: Buffer; at: number }): Promise<number> {
  const { file, into, at } = of;
  let got = 0;
  while (got < into.length) {
    const read = await new Promise<number>((resolve, reject) =>
      sftp.read(file, into, got, into.length - got, at + got, (error, count) =>
        error ? reject(error) : resolve(count),
      ),
    );
    if (read === 0) break;
    got += read;
  }
  return got;
}
