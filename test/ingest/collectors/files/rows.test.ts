import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Row, type RowFormat, readRows } from '../../../../ingest/collectors/files/rows.ts';

async function read(text: string | readonly string[], format: Partial<RowFormat> = {}): Promise<Row[]> {
  const rows: Row[] = [];
  const chunks = (async function* () {
    yield* typeof text === 'string' ? [text] : text;
  })();
  for await (const block of readRows(chunks, { separator: ',', columns: 0, loneCr: false, ...format }))
    rows.push(...block);
  return rows;
}

const cells = (rows: readonly Row[]) => rows.map((row) => row.cells);

describe('rows of a file', () => {
  const cases: readonly (readonly [string, string, Partial<RowFormat>, readonly (readonly string[])[]])[] = [
    [
      'end with LF',
      'a,b\nc,d\n',
      {},
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'end with CRLF',
      'a,b\r\nc,d\r\n',
      {},
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'end with a lone CR in old exports',
      'a,b\rc,d\r',
      { loneCr: true },
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'may hold a lone CR in a remark',
      'a,x\ry\nc,d\n',
      {},
      [
        ['a', 'x\ry'],
        ['c', 'd'],
      ],
    ],
    [
      'may lack the end of the last line',
      'a,b\nc,d',
      {},
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['may be blank', 'a,b\n\nc,d\n', {}, [['a', 'b'], [''], ['c', 'd']]],
    ['are parted by |@|', 'a|@|b|c\n', { separator: '|@|' }, [['a', 'b|c']]],
    ['are parted by ||', 'a||b|c\n', { separator: '||' }, [['a', 'b|c']]],
    ['are parted by \\x01', 'a\u0001b\n', { separator: '\u0001' }, [['a', 'b']]],
    ['hold separators within quotes', '"a,b",c\n', {}, [['a,b', 'c']]],
    ['hold doubled quotes', '"say ""hi""",c\n', {}, [['say "hi"', 'c']]],
    [
      'hold line breaks within quotes',
      '"a\r\nb",c\nd,e\n',
      { columns: 2 },
      [
        ['a\nb', 'c'],
        ['d', 'e'],
      ],
    ],
    ['take a quote within a cell as it is', '5" nail,c\n', {}, [['5" nail', 'c']]],
    ['take quotes around a part of a name as they are', '王"小明",c\n', {}, [['王"小明"', 'c']]],
    [
      'lose one line, not the file, to a quote that is never closed',
      '"a,b\nc,d\ne,f\n',
      { columns: 2 },
      [
        ['"a', 'b'],
        ['c', 'd'],
        ['e', 'f'],
      ],
    ],
    [
      'lose no neighbour to a quote that closes too late',
      '"张三,1\n"李四",2\n"王五",3\n',
      { columns: 2 },
      [
        ['"张三', '1'],
        ['李四', '2'],
        ['王五', '3'],
      ],
    ],
    [
      'take text behind a closing quote as a part of the cell',
      '"张三"丰,1\nb,2\n',
      { columns: 2 },
      [
        ['"张三"丰', '1'],
        ['b', '2'],
      ],
    ],
    [
      'are whole lines where there is no separator',
      '{"a":"b,c"}\n{"d":1}\n',
      { separator: '' },
      [['{"a":"b,c"}'], ['{"d":1}']],
    ],
  ];
  for (const [sentence, text, format, expected] of cases) {
    it(sentence, async () => assert.deepEqual(cells(await read(text, format)), expected));
  }

  it('know the line they begin at', async () => {
    const rows = await read('h1,h2\n\n"a\nb\nc",d\ne,f\n', { columns: 2 });
    assert.deepEqual(
      rows.map(({ line }) => line),
      [1, 2, 3, 6],
    );
  });

  it('are the same however the text arrives', async () => {
    const piece = fc.constantFrom('a', '"', '""', ',', '\n', '\r\n', '张', '"x,y"', '"\n"');
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 40 }),
        fc.array(fc.nat(60), { maxLength: 5 }),
        async (pieces, cuts) => {
          const text = pieces.join('');
          const places = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length];
          const chunks = places.slice(1).map((end, n) => text.slice(places[n]!, end));
          const whole = await read(text.replaceAll('\r\n', '\n'), { columns: 2 });
          const lines = (rows: readonly Row[]) => rows.map(({ line }) => line);
          const split = await read(chunks, { columns: 2 });
          // Quotes may be told strays at another place, but no line is lost and none is doubled.
          assert.equal(lines(split)[0], lines(whole)[0]);
          assertLines(split, text);
          assertLines(whole, text);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('hold every line of any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ') }), async (text) => {
        assertLines(await read(text, { columns: 3 }), text);
      }),
      { numRuns: 500 },
    );
  });
});

/** Lines begin at 1, follow one another by what they span, and end with the text; nothing but quotes is taken away. */
function assertLines(rows: readonly Row[], text: string): void {
  const plain = text.replaceAll('\r\n', '\n').replace(/\n$/, '');
  const count = text === '' ? 0 : plain.split('\n').length;
  let next = 1;
  for (const { line, cells: own } of rows) {
    assert.equal(line, next);
    next += 1 + own.join('').split('\n').length - 1;
  }
  assert.equal(next - 1, count);
  const letters = (value: string) => value.replace(/[^a-z张]/g, '');
  assert.equal(letters(rows.map((row) => row.cells.join('')).join('')), letters(text));
}
