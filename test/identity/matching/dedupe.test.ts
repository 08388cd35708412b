import assert from 'node:assert/strict';
import { accuracy, clustersOf, people, randomOf } from './people.ts';

describe('matching without labels', function () {
  this.timeout(60_000);
  const rows = people(1200, 7).map(({ person: _, ...row }) => row);
  const truth = new Map(people(1200, 7).map(({ id, person }) => [id, person]));
  let strict: ReadonlyMap<string, string>;

  before(async () => {
    strict = await clustersOf(rows);
  });

  it('finds masked and whole records of one person, and hardly anybody else', () => {
    const { precision, recall } = accuracy(strict, truth);
    assert.ok(precision >= 0.97, `precision ${precision}`);
    assert.ok(recall >= 0.8, `recall ${recall}`);
  });

  it('gives the same clusters whatever the order of the rows', async () => {
    const random = randomOf(3);
    const shuffled = rows.map((row) => ({ row, at: random() })).sort((a, b) => a.at - b.at);
    const other = await clustersOf(shuffled.map(({ row }) => row));
    assert.deepEqual(new Map([...other].sort()), new Map([...strict].sort()));
  });

  it('never joins two records with the same exclusive value', async () => {
    const clusters = await clustersOf(rows, { exclusive: 'shop' });
    const seen = new Set<string>();
    for (const { id, shop } of rows) {
      const key = `${clusters.get(id)} ${shop}`;
      assert.ok(!seen.has(key), `two records of ${shop} in one cluster`);
      seen.add(key);
    }
  });

  it('makes no pairs of blanks', async () => {
    const blank = Array.from({ length: 500 }, (_, n) => ({
      id: `b${n}`,
      name: '',
      born: 'NULL',
      phone: '-',
      masked: '无',
      city: '',
    }));
    const clusters = await clustersOf([...rows.map(({ shop: _, ...row }) => row), ...blank]);
    for (const { id } of blank) assert.equal(clusters.get(id), id);
  });

  it('joins by identifiers alone at level exact', async () => {
    const clusters = await clustersOf(rows, { level: 'exact' });
    const { precision } = accuracy(clusters, truth);
    assert.ok(precision > 0.999);
    for (const { id, shop } of rows) if (shop === 'shop') assert.equal(clusters.get(id), id);
  });
});
