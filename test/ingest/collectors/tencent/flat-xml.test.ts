import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readFlatXml } from '../../../../ingest/collectors/tencent/flat-xml.ts';

describe('XML of callbacks', () => {
  it('is read: character data, numbers, empty members, entities', () => {
    const text =
      '<xml>\n<A><![CDATA[a<b>&amp;]]></A>\n<B>12</B><C/><D></D><E> x &lt;&amp;&gt; </E><F><![CDATA[]]></F>\n</xml>\n';
    assert.deepEqual(readFlatXml(text), { A: 'a<b>&amp;', B: '12', C: '', D: '', E: 'x <&>', F: '' });
    assert.deepEqual(readFlatXml(`<?xml version="1.0"?>\n${text}`), readFlatXml(text));
  });

  it('has lists, in the new way and the old', () => {
    const of = (list: string) => readFlatXml(`<xml><L>${list}</L></xml>`)?.L;
    assert.equal(of('\n<Item>Jack</Item>\n<Item><![CDATA[Rose]]></Item>\n'), 'Jack,Rose');
    assert.equal(of('<![CDATA[Jack,Rose]]>'), 'Jack,Rose');
  });

  const NONE: [why: string, text: string][] = [
    ['nothing', ''],
    ['JSON', '{"a":1}'],
    ['another root', '<a><b>1</b></a>'],
    ['a document type', '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><A>&a;</A></xml>'],
    ['a cut end', '<xml><A>1</A>'],
    ['a member that does not close', '<xml><A>1</xml>'],
    ['character data that does not close', '<xml><A><![CDATA[1</A></xml>'],
    ['members within members', '<xml><A><B>1</B></A></xml>'],
    ['text between members', '<xml>x<A>1</A></xml>'],
    ['attributes', '<xml><A a="1">1</A></xml>'],
    ['lists within lists', '<xml><A><Item><Item>1</Item></Item></A></xml>'],
  ];
  for (const [why, text] of NONE) it(`is none: ${why}`, () => assert.equal(readFlatXml(text), null));

  it('does not replace entities that a message names itself', () => {
    assert.deepEqual(readFlatXml('<xml><A>&a;</A></xml>'), { A: '&a;' });
  });

  it('has members of any name, those of objects too', () => {
    assert.equal(readFlatXml('<xml><constructor>1</constructor></xml>')?.constructor, '1');
    assert.equal(readFlatXml('<xml><A>1</A></xml>')?.B, undefined);
  });

  it('never makes it throw, and is read in one pass', () => {
    const parts = fc.constantFrom(
      '<xml>',
      '</xml>',
      '<A>',
      '</A>',
      '<Item>',
      '</Item>',
      '<![CDATA[',
      ']]>',
      ' ',
      'x',
      '&',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 40 }), (all) => {
        readFlatXml(all.join(''));
        readFlatXml(`<xml>${all.join('')}</xml>`);
      }),
      { numRuns: 2000 },
    );
    for (const of of [' ', '<A>', '<Item>', '<![CDATA[', '</xml>', '<A> ', '<A><Item>', '<A><Item></Item>']) {
      const before = performance.now();
      readFlatXml(`<xml>${of.repeat(1_000_000 / of.length)}</xml>`);
      assert.ok(performance.now() - before < 500, of);
    }
  });
});
