import assert from 'node:assert/strict';
import { join, name, p, sql } from '../../store/index.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';

/** Texts that break a store which glues values into statements, by what they try. */
const HOSTILE: Record<string, string> = {
  'a single quote': "O'Neill",
  'a closing quote and a statement': "'); DROP TABLE documents; --",
  'a closing quote after a backslash': "\\'); DROP TABLE documents; --",
  'a lone backslash': '\\',
  'a backslash at the end': 'C:\\',
  'an escaped quote': "\\'",
  'escapes of the tab-separated format': '\\t\\n\\r\\0\\N\\x41',
  'the null of the tab-separated format': '\\N',
  'the word NULL': 'NULL',
  'tabs, line ends and carriage returns': 'a\tb\nc\r\nd',
  'an empty line, at which inline data would end': 'a\n\nDROP TABLE documents',
  'a NUL byte': 'nul\0inside',
  'a NUL byte at the end': 'nul\0',
  'control characters': '\x01\x07\b\v\f\x1b\x7f',
  'double quotes and backticks': '"`"`',
  'a placeholder': '{p0:String}',
  'braces and dollars': '}{ $$ $tag$ {',
  comments: '-- /* # */',
  'a semicolon': '; SELECT 1',
  'a multipart boundary':
    '\r\n--boundary--\r\nContent-Disposition: form-data; name="query"\r\n\r\nDROP TABLE documents',
  'a URL': '%00%27&query=DROP TABLE documents&param_p0=x#',
  'JSON in JSON': '{"a":"\\"}]"}',
  'a family of emoji': '👩‍👩‍👧‍👦 ok',
  'Chinese with full-width signs': '张三＇；－－「」',
  'right-to-left and zero-width marks': '\u202eabc\u200b\u200d\u2066',
  'line and paragraph separators': 'a\u2028b\u2029c',
  'a byte order mark': '\ufefftext',
  'blanks at both ends': '  text  ',
  nothing: '',
};
const LONG = `${'长\'"\\\n\0'.repeat(131_072)}end`;

describe('hostile input', function () {
  this.timeout(60_000);
  let test: TestStore;
  before(async () => {
    test = await openTestStore();
  });
  after(() => test.close());
  afterEach('the tables still stand', async () => {
    const tables = await test.store.rows<{ n: number }>(
      sql`SELECT count() AS n FROM system.tables WHERE database = 'quanyu' AND table IN ('documents', 'audit_log')`,
    );
    assert.equal(tables[0]?.n, 2);
  });

  const back = async (type: string, value: unknown) =>
    (await test.store.rows<{ value: unknown }>(sql`SELECT ${p(type, value)} AS value`))[0]?.value;

  for (const [what, text] of Object.entries(HOSTILE)) {
    it(`comes back as it went, alone and in an array and a map: ${what}`, async () => {
      const [row] = await test.store.rows<{ alone: string; many: string[]; map: Record<string, string> }>(
        sql`SELECT ${p('String', text)} AS alone, ${p('Array(String)', [text, 'x', text])} AS many,
                   ${p('Map(String, String)', { [text]: text })} AS map`,
      );
      assert.deepEqual(row, { alone: text, many: [text, 'x', text], map: { [text]: text } });
    });
  }

  it('comes back as it went through insert, in any column that holds text', async () => {
    const rows = Object.values(HOSTILE).map((text, n) => ({
      at: '2026-01-01 00:00:00.000',
      actor: text,
      role: text,
      action: text,
      object: text,
      purpose: text,
      count: n,
      request_id: text,
    }));
    await test.store.insert('audit_log', rows);
    const found = await test.store.rows(
      sql`SELECT toString(at) AS at, actor, role, action, object, purpose, count, request_id FROM audit_log ORDER BY count`,
    );
    assert.deepEqual(found, rows);
  });

  it('finds what it wrote when the hostile text is looked for', async () => {
    for (const text of Object.values(HOSTILE)) {
      const found = await test.store.rows<{ n: number }>(
        sql`SELECT count() AS n FROM audit_log WHERE actor = ${p('String', text)} AND has(${p('Array(String)', [text])}, object)`,
      );
      assert.equal(found[0]?.n, 1, JSON.stringify(text));
    }
  });

  it('takes a text of a megabyte', async () => {
    assert.ok(Buffer.byteLength(LONG) > 1_000_000);
    assert.ok((await back('String', LONG)) === LONG, 'as a parameter');
    await test.store.insert('documents', [
      { collection: 'long', id: LONG.slice(-300), revision: 1, deleted: 0, body: LONG, changed_at: 0, changed_by: '' },
    ]);
    const found = await test.store.rows<{ body: string }>(
      sql`SELECT body FROM documents WHERE collection = 'long' AND body = ${p('String', LONG)}`,
    );
    assert.ok(found[0]?.body === LONG, 'in a column');
  });

  it('takes arrays of 20,000 values', async () => {
    const texts = Array.from({ length: 20_000 }, (_, n) => `${n}'\\张\n\0`);
    const numbers = texts.map((_, n) => n);
    const wide = texts.map((_, n) => (2n ** 127n + BigInt(n)).toString());
    assert.deepEqual(await back('Array(String)', texts), texts);
    assert.deepEqual(await back('Array(UInt32)', numbers), numbers);
    const [row] = await test.store.rows<{ n: number }>(
      sql`SELECT uniqExact(toString(one)) AS n FROM (SELECT arrayJoin(${p('Array(UInt128)', wide)}) AS one)
          WHERE toString(one) IN (SELECT arrayJoin(${p('Array(String)', wide)}))`,
    );
    assert.equal(row?.n, 20_000);
  });

  it('keeps nothing apart from null', async () => {
    assert.equal(await back('Nullable(String)', null), null);
    assert.equal(await back('Nullable(String)', ''), '');
    assert.equal(await back('Nullable(String)', '\\N'), '\\N');
    assert.equal(await back('Nullable(UInt8)', null), null);
  });

  it('takes a hostile name only as one identifier', async () => {
    const rows = await test.store
      .rows<{ n: number }>(sql`SELECT count() AS n FROM ${name('system.one')}`)
      .catch(() => []);
    assert.deepEqual(rows, [], 'a dot in a name does not reach another database');
    await assert.rejects(test.store.rows(sql`SELECT 1 FROM ${name('documents; DROP TABLE documents')}`));
    await assert.rejects(test.store.rows(sql`SELECT ${name('1 FROM system.one --')} FROM documents`));
  });

  it('numbers the values of nested and joined fragments through', async () => {
    const parts = ["a'b", 'c\\d', 'e'].map((text) => sql`${p('String', text)} = ${p('String', text)}`);
    const [row] = await test.store.rows<{ all: number }>(
      sql`SELECT ${join(parts, ' AND ')} AND ${p('String', "a'b")} != ${p('String', 'e')} AS all`,
    );
    assert.deepEqual(row, { all: 1 });
  });
});
