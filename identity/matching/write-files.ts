/** What a run writes: who is whose cluster, and the pairs behind it. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { raw, type Store } from '../../store/index.ts';
import type { Groups } from './groups.ts';
import { rowsOf } from './rows-of.ts';
import { SCORED } from './scoring.ts';
import { probability } from './training.ts';

const LINES_AT_ONCE = 5000;

/** RFC 4180, and nothing a spreadsheet would take for a formula is added. */
function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

async function* idsOf(store: Store): AsyncIterable<string> {
  const ids = raw('SELECT id FROM records ORDER BY rid');
  for await (const [id] of rowsOf(await store.stream(ids, 'TabSeparatedRaw'))) yield id!;
}

async function* inBlocks(lines: AsyncIterable<string>): AsyncIterable<string> {
  let block: string[] = [];
  for await (const line of lines) {
    block.push(line);
    if (block.length < LINES_AT_ONCE) continue;
    yield block.join('');
    block = [];
  }
  yield block.join('');
}

/** `id,cluster_id,confidence`, ordered by id. A cluster is called by the first of its ids. Tells how many clusters there are. */
export async function writeClusters(store: Store, { path, groups }: { path: string; groups: Groups }): Promise<number> {
  const ids: string[] = [];
  for await (const id of idsOf(store)) ids.push(id);
  async function* lines() {
    yield 'id,cluster_id,confidence\n';
    for (const [rid, id] of ids.entries()) {
      yield `${cell(id)},${cell(ids[groups.founders[rid]!]!)},${groups.confidence[rid]!.toFixed(4)}\n`;
    }
  }
  await pipeline(Readable.from(inBlocks(lines())), createWriteStream(path));
  return groups.founders.reduce((count, founder, rid) => count + (founder === rid ? 1 : 0), 0);
}

/** `id_1,id_2,probability,weight`: the pairs at or over `odds`, the likeliest first. */
export async function writePairs(store: Store, { path, odds }: { path: string; odds: number }): Promise<void> {
  const pairs = raw(`SELECT a.id, b.id, s.odds FROM (SELECT * FROM (${SCORED}) WHERE odds >= ${odds}) AS s
    INNER JOIN records AS a ON a.rid = s.l INNER JOIN records AS b ON b.rid = s.r ORDER BY s.odds DESC, s.l, s.r`);
  async function* lines() {
    yield 'id_1,id_2,probability,weight\n';
    for await (const [a, b, weight] of rowsOf(await store.stream(pairs, 'TabSeparatedRaw'))) {
      yield `${cell(a!)},${cell(b!)},${probability(Number(weight)).toFixed(6)},${Number(weight).toFixed(2)}\n`;
    }
  }
  await pipeline(Readable.from(inBlocks(lines())), createWriteStream(path));
}
