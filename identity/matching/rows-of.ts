/** Rows of a tab-separated stream whose values hold neither tabs nor line breaks. */
import type { Readable } from 'node:stream';

export async function* rowsOf(bytes: Readable): AsyncIterable<string[]> {
  let rest = '';
  bytes.setEncoding('utf8');
  for await (const chunk of bytes as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    for (const line of lines) yield line.split('\t');
  }
}
