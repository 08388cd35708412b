import assert from 'node:assert/strict';
import fc from 'fast-check';
import { encoded, type Folder, fileOf, inFolder, told } from './folder.ts';

const HEADER = '会员卡号,手机号,姓名,积分';
const file = (...lines: string[]) => `${[HEADER, ...lines].join('\n')}\n`;
const keys = ({ records }: { records: readonly { key: string }[] }) => records.map(({ key }) => key);

describe('lines that are no rows', () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[], readonly string[]])[] = [
    ['are blank', ['A,,王小明,1', '', '   ', ',,,', 'B,,王小明,1'], ['A', 'B'], []],
    ['are the header again', ['A,,王小明,1', HEADER, `\ufeff${HEADER}`, 'B,,王小明,1'], ['A', 'B'], []],
    ['are a total of rows', ['A,,王小明,1', 'B,,王小明,7', '合计,,,2'], ['A', 'B'], []],
    ['are a total of a column', ['A,,王小明,1', 'B,,王小明,7.50', '合计,,,8.50'], ['A', 'B'], []],
    [
      'are a total that leaves repeats out',
      ['A,,王小明,5', 'A,,王小明,5', 'B,,王小明,5', '总计,,,2'],
      ['A', 'A', 'B'],
      [],
    ],
    [
      'are a total that leaves broken rows out',
      ['A,,王小明,5', 'B', '#TOTAL,1'],
      ['A'],
      ['row.too-few-cells at line 3'],
    ],
    ['are a total in words', ['A,,王小明,1', '共1条'], ['A'], []],
    ['are a total in words that does not agree', ['A,,王小明,1', '共1234条'], ['A'], ['file.total-differs at ']],
    [
      'are a total behind a mark that does not agree',
      ['A,,王小明,1', '#TOTAL,1234'],
      ['A'],
      ['file.total-differs at '],
    ],
    [
      'are a total of a column that does not agree',
      ['A,,王小明,1', '合计,,,1234'],
      ['A'],
      ['file.total-differs at 积分'],
    ],
    ['are a part’s total', ['A,,王小明,1', '小计,,,1234', '本页合计：12'], ['A'], []],
    ['are a ruler and an end mark', ['A,,王小明,1', '------', '#END 2026-01-15'], ['A'], []],
  ];
  for (const [sentence, lines, expected, rejected] of cases) {
    it(sentence, async () => {
      const pulled = await fileOf(file(...lines));
      assert.deepEqual([keys(pulled), told(pulled)], [expected, rejected]);
    });
  }

  it('are titles above the header', async () => {
    const pulled = await fileOf(`会员资料导出\n导出时间：2026-01-15,,,\n${file('A,,王小明,1')}`);
    assert.deepEqual([keys(pulled), told(pulled)], [['A'], []]);
  });

  it('says what it found where a total does not agree', async () => {
    const { rejections } = await fileOf(file('A,,王小明,1', 'A,,王小明,1', 'B', '共9条'));
    assert.deepEqual(rejections[1], {
      path: '',
      given: '9',
      expected: 'what this file holds before this line: 3 rows (1 not whole, 1 repeated)',
      code: 'file.total-differs',
      wholeItem: true,
    });
  });

  it('are not members whose first cell is a spelling of nothing', async () => {
    assert.deepEqual(keys(await fileOf(file('--,13912341234,王小明,1'))), ['+8613912341234']);
  });
});

describe('rows that do not fit', () => {
  it('are told with their line when they are short, cut at the end of the file included', async () => {
    const { rejections } = await fileOf(`${HEADER}\nA,,王小明\nB,,王小明,1\nC,,王`);
    assert.deepEqual(
      rejections.map(({ path, given, expected, code, wholeItem }) => ({ path, given, expected, code, wholeItem })),
      [2, 4].map((line) => ({
        path: `line ${line}`,
        given: '3 cells',
        expected: '4 cells, as its header line has',
        code: 'row.too-few-cells',
        wholeItem: true,
      })),
    );
  });

  it('are told when they are long, as where a comma stands in a bare name', async () => {
    assert.deepEqual(told(await fileOf(file('A,,王小明,张三,1'))), ['row.too-many-cells at line 2']);
  });

  it('fit with empty cells behind', async () => {
    const pulled = await fileOf(`${HEADER},\nA,,王小明,1,\nB,,王小明,1\nC,,王小明,1,,\n`);
    assert.deepEqual([keys(pulled), told(pulled)], [['A', 'B', 'C'], []]);
  });

  it('have the columns of the header before them, where files of several tills were put together', async () => {
    const pulled = await fileOf(`${file('A,,王小明,1')}姓名,会员卡号,积分\n李四,B,2\n`);
    assert.deepEqual(
      pulled.records.map(({ key, personal }) => [key, personal.name]),
      [
        ['A', '王小明'],
        ['B', '李四'],
      ],
    );
  });

  it('keep both cells where two columns have one name', async () => {
    const { items } = await fileOf('会员卡号,姓名,备注,备注,手机\nA,王小明,x,y,\n');
    assert.deepEqual(JSON.parse(items[0]!.payload), {
      file: '文件.csv',
      cells: { 会员卡号: 'A', 姓名: '王小明', 备注: 'x', '备注#4': 'y' },
    });
  });
});

describe('the layout of a file', () => {
  for (const separator of [',', '\t', '|', '|@|', '||', '^', ';', '\u0001']) {
    it(`is told where cells are parted by ${JSON.stringify(separator)}`, async () => {
      const content = file('A,13912341234,王小明,1').replaceAll(',', separator);
      const { records } = await fileOf(content);
      assert.deepEqual(records[0]?.personal, { name: '王小明', phone: '+8613912341234' });
    });
  }

  it('is told from UTF-16, as Excel writes Unicode text', async () => {
    const { records } = await fileOf(
      encoded(file('A,,王小明,1').replaceAll(',', '\t').replaceAll('\n', '\r\n'), 'utf-16le'),
    );
    assert.equal(records[0]?.personal.name, '王小明');
  });

  it('is what the settings say, for files without a header', async () => {
    const settings = { header: ['会员卡号', '手机号', '姓名', '积分'], separator: ';' };
    assert.deepEqual(keys(await fileOf('A;;王小明;1\nB;;李四;2\n', settings)), ['A', 'B']);
  });

  it('is what the settings say, for headers of one’s own', async () => {
    const settings = { columns: { card_no: '客户代号', name: '称呼' } } as const;
    const { records } = await fileOf('客户代号,称呼\nA,王小明\n', settings);
    assert.deepEqual([records[0]?.key, records[0]?.personal.name], ['A', '王小明']);
  });

  it('follows the first rule whose pattern fits the name', async () => {
    const files = [
      { pattern: '会员*.csv', gender_codes: { '1': 'male' } },
      { pattern: '*', gender_codes: { '1': 'female' } },
    ] as const;
    const content = '会员卡号,姓名,性别\nA,王小明,1\n';
    const genderOf = async (name: string) => (await fileOf(content, { name, files })).records[0]?.traits.gender;
    assert.deepEqual([await genderOf('会员20260115.csv'), await genderOf('a.csv')], ['male', 'female']);
  });
});

describe('any bytes at all', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '\n',
      '\r\n',
      '\r',
      ',',
      '|',
      '"',
      '\t',
      '合计',
      HEADER,
      'VIP1,13912341234,王小明,1',
      '{"card_no":"1"}',
      '\ufffd',
    ),
    fc.string({ unit: 'binary', maxLength: 12 }),
  );
  const bytes = fc.oneof(
    fc.array(piece, { maxLength: 30 }).map((pieces) => Buffer.from(pieces.join(''))),
    fc.array(piece, { maxLength: 30 }).map((pieces) => Buffer.from(`${HEADER}\n${pieces.join('')}`)),
    fc.array(piece, { maxLength: 30 }).map((pieces) => Buffer.from(`\ufeff${HEADER}\n${pieces.join('')}`, 'utf16le')),
    fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.concat([encoded(`${HEADER}\r\n`, 'gb18030'), array])),
    fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
  );

  it('are read without a fall, and every line that is no blank or header is an item', () =>
    inFolder({}, (folder) =>
      fc.assert(
        fc.asyncProperty(bytes, (content) => assertTold(folder, content)),
        { numRuns: 500 },
      ),
    ));
});

async function assertTold(folder: Folder, content: Buffer): Promise<void> {
  await folder.put('a.csv', content);
  const { items, records, rejections } = await folder.pull();
  const lines = items.map(({ position }) => position);
  assert.deepEqual(
    lines,
    lines.toSorted((a, b) => a - b),
  );
  assert.equal(new Set(lines).size, lines.length, 'one item a line');
  const notes = items.filter(({ kind }) => kind === 'file_note').length;
  assert.ok(records.length + rejections.length + notes >= items.length, 'an item that became nothing');
  if (rejections.some(({ code }) => code === 'file.not-text')) return;
  const text = content.toString();
  // Where a quote may hold line breaks, a line can stand in the item of one above it.
  if (!text.startsWith(`${HEADER}\n`) || text.includes('"')) return;
  const given = text.split('\n').map((line) => line.replace(/^[\s\ufeff,]+|[\s\ufeff,]+$/g, ''));
  const dropped = given.flatMap((line, n) =>
    line === '' || line.startsWith(HEADER) || lines.includes(n + 1) ? [] : [n + 1],
  );
  assert.deepEqual(dropped, [], JSON.stringify(text));
}
