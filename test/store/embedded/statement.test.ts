import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type InsertStatement, parseInsert } from '../../../store/embedded/insert-statement.ts';
import { parseStatement, placeholdersOf } from '../../../store/embedded/statement.ts';

describe('where the data of an INSERT begins', () => {
  const cases: readonly (readonly [text: string, format: string, data: string, what: string])[] = [
    ['INSERT INTO t FORMAT CSV\n1,2', 'CSV', '1,2', 'after the line of the format'],
    ['insert into t format CSV 1,2', 'CSV', '1,2', 'after blanks where no line ends'],
    ['INSERT INTO t FORMAT CSV\n\n1', 'CSV', '\n1', 'after one line end, not two'],
    ['INSERT INTO t FORMAT CSV\r\n1', 'CSV', '1', 'after a Windows line end'],
    ['INSERT INTO t VALUES (1), (2)', 'Values', '(1), (2)', 'after VALUES'],
    ['INSERT INTO t(a,b)VALUES(1,2)', 'Values', '(1,2)', 'without any blank'],
    ['INSERT INTO db.`my table` (`values`, format) FORMAT TSV\nx', 'TSV', 'x', 'with columns named like keywords'],
    ['INSERT INTO {t:Identifier} (a) FORMAT CSV\n1', 'CSV', '1', 'into a table named by a parameter'],
    ['INSERT INTO values VALUES (1)', 'Values', '(1)', 'into a table named values'],
    ['INSERT INTO t SETTINGS max_threads = 1 FORMAT CSV\n1', 'CSV', '1', 'after settings'],
    ["INSERT INTO t FORMAT CSV SETTINGS a = -1, b = 'x'\n1", 'CSV', '1', 'after settings that follow the format'],
    ['INSERT /* FORMAT TSV */ INTO t -- VALUES\n FORMAT CSV\n1', 'CSV', '1', 'past comments'],
    ["INSERT INTO FUNCTION file('VALUES.csv') FORMAT CSV\n1", 'CSV', '1', 'into a table function'],
    ["INSERT INTO t SELECT x AS format FROM input('x Int8') FORMAT CSV\n1", 'CSV', '1', 'behind a SELECT from input()'],
    ['INSERT INTO t FORMAT RowBinary\n\u0000;\n\n\u00ff', 'RowBinary', '\u0000;\n\n\u00ff', 'whatever the data is'],
  ];
  for (const [text, format, data, what] of cases) {
    it(`is found ${what}`, () => {
      const insert = parseInsert(text, true) as InsertStatement;
      assert.deepEqual([insert.format, text.slice(insert.dataAt)], [format, data]);
    });
  }

  it('is found in the same place however the body is cut into chunks', () => {
    fc.assert(
      fc.property(fc.constantFrom(...cases), fc.nat(), ([text, , data], cut) => {
        const head = text.slice(0, cut % (text.length + 1));
        const found = parseInsert(head, false);
        if (typeof found === 'object') assert.equal(found.dataAt, text.length - data.length);
        else if (head.length < text.length - data.length) assert.equal(found, 'more');
      }),
    );
  });

  for (const text of [
    'INSERT INTO t SELECT 1',
    'SELECT 1',
    "INSERT INTO t FROM INFILE 'x' FORMAT CSV",
    'INSERT INTO t SELECT a AS format FROM u',
  ]) {
    it(`is nowhere in ${text}`, () => assert.equal(parseInsert(text, true), 'none'));
  }
});

describe('an INSERT that reads its rows from a pipe', () => {
  const reading = (text: string) =>
    (parseInsert(text, true) as InsertStatement).reading('pipes/p0').replace(/\s+/g, ' ');

  it('keeps its columns and settings', () => {
    const text = 'INSERT INTO t (a) SETTINGS max_threads = 1 FORMAT CSV\n1';
    const pipe = "FROM INFILE 'pipes/p0' COMPRESSION 'none'";
    assert.equal(reading(text), `INSERT INTO t (a) ${pipe} SETTINGS max_threads = 1 FORMAT CSV`);
  });

  it('reads the pipe where it called input()', () => {
    const text = "INSERT INTO t SELECT a + 1 FROM input('a UInt8') WHERE a > 1 FORMAT CSV\n1";
    assert.equal(
      reading(text).trim(),
      "INSERT INTO t SELECT a + 1 FROM file('pipes/p0', 'CSV', 'a UInt8') WHERE a > 1",
    );
  });
});

describe('a query that writes its result to a pipe', () => {
  const writing = (text: string) => {
    const statement = parseStatement(text);
    assert.equal(statement.kind, 'select');
    return [statement.format, statement.kind === 'select' && statement.writing('p', 'JSON').replace(/\s+/g, ' ')];
  };
  const outfile = "INTO OUTFILE 'p' TRUNCATE COMPRESSION 'none'";

  it('uses the wanted format where it names none', () => {
    assert.deepEqual(writing('SELECT 1;'), [undefined, `SELECT 1 ${outfile} FORMAT JSON`]);
  });

  it('keeps the format and settings it names', () => {
    assert.deepEqual(writing('SELECT 1 FORMAT TSV SETTINGS max_threads = 1 -- end'), [
      'TSV',
      `SELECT 1 ${outfile} FORMAT TSV SETTINGS max_threads = 1`,
    ]);
  });

  for (const text of [
    'SELECT 1 AS format',
    'SELECT 1 AS format FROM t',
    "SELECT format('{}', 1)",
    '(SELECT 1)',
    'WITH 1 AS x SELECT x',
    'FROM t SELECT a',
    "SELECT 'FORMAT TSV'",
    'SELECT 1 /* FORMAT TSV */',
  ]) {
    it(`finds no format in ${text}`, () => assert.equal(writing(text)[0], undefined));
  }
});

describe('a text', () => {
  for (const text of [
    'SELECT 1; SELECT 2',
    'SELECT 1;; DROP TABLE t',
    "SET a = ';'; SELECT 1",
    '/* ; */ SELECT 1; -- x\n SELECT 2',
  ]) {
    it(`is refused when it holds several statements: ${text}`, () => {
      assert.throws(() => parseStatement(text), /Code: 62\..*Multi-statements are not allowed/);
    });
  }

  for (const text of [
    "SELECT ';'",
    'SELECT 1 -- ; SELECT 2',
    'SELECT `;`',
    'SELECT 1; ;',
    'SELECT $a$; SELECT $a$',
    "SELECT 'it''s \\'; '",
  ]) {
    it(`is one statement: ${text}`, () => assert.equal(parseStatement(text).kind, 'select'));
  }

  it('is refused when it is empty', () => {
    assert.throws(() => parseStatement(' -- nothing\n'), /Code: 62\..*Empty query/);
  });

  it('may not write or read files of the server', () => {
    assert.throws(() => parseStatement("SELECT 1 INTO OUTFILE '/tmp/x'"), /INTO_OUTFILE_NOT_ALLOWED/);
    assert.throws(() => parseStatement("INSERT INTO t FROM INFILE '/etc/passwd' FORMAT CSV"), /infile/);
  });

  it('names the parameters it needs, not those in strings', () => {
    assert.deepEqual(placeholdersOf("SELECT {a:UInt8}, { b : Array(String) }, '{c:UInt8}', {d: 1}"), ['a', 'b', 'd']);
  });

  it('is never taken for another one because of how long it is', () => {
    const list = Array.from({ length: 100_000 }, (_, index) => index).join(',');
    assert.equal(parseStatement(`SELECT 1 WHERE 1 IN (${list})`).kind, 'select');
  });
});
