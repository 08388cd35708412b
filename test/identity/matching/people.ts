/** Made-up people with known truth, for tests of matching: what each channel knows of them, with faults. */
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { type DedupeOptions, dedupe } from '../../../identity/matching/index.ts';

export interface Person {
  readonly id: string;
  readonly person: number;
  readonly shop: string;
  readonly name: string;
  readonly born: string;
  readonly phone: string;
  readonly masked: string;
  readonly city: string;
}

/** mulberry32: the same numbers for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const SURNAMES = [...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡'];
const GIVEN = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华文建国梅玲红云飞鹏辉'];
const CITIES = [
  '上海',
  '北京',
  '广州',
  '深圳',
  '杭州',
  '成都',
  '武汉',
  '西安',
  '南京',
  '重庆',
  '苏州',
  '长沙',
  '青岛',
  '大连',
];

/** `persons` people with one record in a till (all is known) and one in a shop (masked), some with one more. */
export function people(persons: number, seed: number): Person[] {
  const random = randomOf(seed);
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const digits = (count: number) => Array.from({ length: count }, () => Math.floor(random() * 10)).join('');
  const rows: Person[] = [];
  for (let person = 0; person < persons; person++) {
    const name = one(SURNAMES) + one(GIVEN) + (random() < 0.7 ? one(GIVEN) : '');
    const born = `${1950 + Math.floor(random() * 55)}-${String(1 + Math.floor(random() * 12)).padStart(2, '0')}-${String(2 + Math.floor(random() * 26)).padStart(2, '0')}`;
    const phone = `13${digits(9)}`;
    const city = one(CITIES);
    const masked = `${phone.slice(0, 3)}****${phone.slice(-4)}`;
    const stars = name[0]! + '*'.repeat(name.length - 1);
    const keep = (value: string, share: number) => (random() < share ? value : '');
    const blank = { person, name: '', born: '', phone: '', masked: '', city: '' };
    rows.push({ ...blank, id: `t${person}`, shop: 'till', name, born: keep(born, 0.8), phone, city: keep(city, 0.8) });
    rows.push({ ...blank, id: `s${person}`, shop: 'shop', name: stars, masked, city });
    if (random() < 0.5) {
      rows.push({
        ...blank,
        id: `a${person}`,
        shop: 'app',
        name: keep(name, 0.5),
        born,
        phone: keep(phone, 0.7),
        city,
      });
    }
  }
  return rows;
}

export const COLUMNS = 'name=full-name,born=date,phone=phone,masked=phone-masked,city=place';

/** Runs `dedupe` over rows; gives the cluster of each id. */
export async function clustersOf(
  rows: readonly Readonly<Record<string, string>>[],
  options: Partial<DedupeOptions> = {},
): Promise<ReadonlyMap<string, string>> {
  const dir = await mkdtemp(join(tmpdir(), 'quanyu-matching-'));
  const headers = Object.keys(rows[0]!);
  const lines = rows.map((row) => headers.map((header) => row[header]).join(','));
  await writeFile(join(dir, 'in.csv'), `${headers.join(',')}\n${lines.join('\n')}\n`);
  const [file, out] = [join(dir, 'in.csv'), join(dir, 'out.csv')];
  await dedupe(
    { file, id: 'id', columns: COLUMNS, level: 'strict', out, ...options },
    { now: () => new Date('2026-01-01') },
  );
  const written: { id: string; cluster_id: string }[] = parse(await readFile(options.out ?? out), { columns: true });
  return new Map(written.map(({ id, cluster_id }) => [id, cluster_id]));
}

/** Precision and recall over pairs of ids. */
export function accuracy(clusters: ReadonlyMap<string, string>, truth: ReadonlyMap<string, number>) {
  const pairs = (keys: readonly string[]) => {
    const counts = new Map<string, number>();
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    return [...counts.values()].reduce((sum, n) => sum + (n * (n - 1)) / 2, 0);
  };
  const ids = [...truth.keys()];
  const right = pairs(ids.map((id) => `${clusters.get(id)} ${truth.get(id)}`));
  return {
    precision: right / pairs(ids.map((id) => clusters.get(id)!)),
    recall: right / pairs(ids.map((id) => String(truth.get(id)))),
  };
}
