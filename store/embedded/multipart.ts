/** Reads multipart/form-data (RFC 7578) that is held in memory. Pure. */
import { exception } from './exception.ts';

export interface Part {
  readonly name: string;
  readonly filename: string | undefined;
  readonly body: Buffer;
}

/** The parts of a body, in their order. Throws when the body is no multipart with that boundary. */
export function partsOf(body: Buffer, contentType: string): Part[] {
  const boundary = /boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType);
  const mark = `--${boundary?.[1] ?? boundary?.[2] ?? ''}`;
  const parts: Part[] = [];
  let at = body.indexOf(mark);
  if (boundary === null || at === -1) throw malformed('the boundary of its Content-Type does not occur in the body');
  for (;;) {
    at += mark.length;
    if (body.subarray(at, at + 2).toString('latin1') === '--') return parts;
    const headEnd = body.indexOf('\r\n\r\n', at);
    const next = body.indexOf(`\r\n${mark}`, headEnd === -1 ? at : headEnd + 2);
    if (headEnd === -1 || next === -1) throw malformed('a part does not end');
    const disposition = /^content-disposition:(.*)$/im.exec(body.subarray(at, headEnd).toString('utf8'))?.[1] ?? '';
    const name = /[;\s]name="([^"]*)"/i.exec(disposition)?.[1];
    if (name === undefined) throw malformed('a part has no name');
    const filename = /[;\s]filename="([^"]*)"/i.exec(disposition)?.[1];
    parts.push({ name, filename, body: body.subarray(headEnd + 4, Math.max(next, headEnd + 4)) });
    at = next + 2;
  }
}

function malformed(what: string): Error {
  return exception(36, 'BAD_ARGUMENTS', `Malformed multipart/form-data: ${what}`);
}
