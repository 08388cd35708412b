/** A result as it comes, byte by byte, that fails where the engine failed: it is whole only if it ends. */
import { pipeline, type Readable, Transform } from 'node:stream';
import { type Asked, storeError } from './store-error.ts';

/** More than the engine says at the end of a result that it could not finish. */
const TAIL_BYTES = 32 * 1024;

/**
 * `tag` is the answer's X-ClickHouse-Exception-Tag: an error that came up after the first rows were sent stands between
 * two marks with that tag at the end of the body (since ClickHouse 25.11; the body is then cut off, as it was before).
 */
export function resultBytes(source: Readable, of: { asked: Asked; tag: string | undefined }): Readable {
  let tail: Buffer = Buffer.alloc(0);
  const told = (): Error | undefined => {
    const mark = `__exception__\r\n${of.tag}\r\n`;
    const at = of.tag === undefined ? -1 : tail.indexOf(mark);
    return at === -1 ? undefined : new Error(tail.toString('utf8', at + mark.length));
  };
  const checked = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      tail =
        chunk.length >= TAIL_BYTES ? chunk.subarray(-TAIL_BYTES) : Buffer.concat([tail, chunk]).subarray(-TAIL_BYTES);
      done(null, chunk);
    },
    flush(done) {
      const fault = told();
      done(fault === undefined ? null : storeError(fault, of.asked));
    },
    destroy(error, done) {
      done(error === null ? null : storeError(told() ?? error, of.asked));
    },
  });
  return pipeline(source, checked, () => undefined);
}
