/**
 * The XML of a callback: one element with members of text, or with lists of `Item`s; nothing else is read. No document
 * type, no entities of its own, nothing from outside: what a message may not hold makes it no message. Read in one pass
 * without regular expressions over the whole, for anybody may send it.
 */

/** Members of the outermost element; a list's texts are joined by commas, as older versions of the platform wrote them. */
export type FlatXml = Readonly<Record<string, string>>;

const NAME = /^[A-Za-z][\w.-]{0,63}$/;
const LONGEST_TAG = 70;
const CDATA = '<![CDATA[';
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** null for what is no such message. Never throws. */
export function readFlatXml(text: string): FlatXml | null {
  const whole = withoutDeclaration(text.trim());
  if (!whole.startsWith('<xml>') || !whole.endsWith('</xml>')) return null;
  const reader = { text: whole.slice('<xml>'.length, -'</xml>'.length), at: 0 };
  const members = new Map<string, string>();
  for (skipSpace(reader); reader.at < reader.text.length; skipSpace(reader)) {
    const member = element(reader);
    if (member === null) return null;
    members.set(member.name, member.value);
  }
  return Object.fromEntries(members);
}

interface Reader {
  readonly text: string;
  at: number;
}

interface Element {
  readonly name: string;
  readonly value: string;
}

function withoutDeclaration(text: string): string {
  const end = text.startsWith('<?xml') ? text.indexOf('?>') : -1;
  return end < 0 ? text : text.slice(end + 2).trimStart();
}

/** Reads `<name>value</name>` or `<name/>`; null where there is none. */
function element(reader: Reader): Element | null {
  const name = tag(reader);
  if (name === null) return null;
  if (name.endsWith('/')) return NAME.test(name.slice(0, -1)) ? { name: name.slice(0, -1), value: '' } : null;
  if (!NAME.test(name)) return null;
  const value = content(reader, name);
  return value === null || tag(reader) !== `/${name}` ? null : { name, value };
}

/** What stands between < and >, and moves behind it. */
function tag(reader: Reader): string | null {
  if (reader.text[reader.at] !== '<') return null;
  const end = reader.text.slice(reader.at, reader.at + LONGEST_TAG).indexOf('>');
  if (end < 0) return null;
  const name = reader.text.slice(reader.at + 1, reader.at + end);
  reader.at += end + 1;
  return name;
}

/** Up to the closing tag of `name`: character data, plain text, or a list. */
function content(reader: Reader, name: string): string | null {
  const start = reader.at;
  skipSpace(reader);
  if (reader.text.startsWith(CDATA, reader.at)) return characterData(reader);
  if (reader.text.startsWith('<Item>', reader.at) && name !== 'Item') return list(reader);
  const end = reader.text.indexOf('<', reader.at);
  if (end < 0) return null;
  reader.at = end;
  return plain(reader.text.slice(start, end).trim());
}

function characterData(reader: Reader): string | null {
  const start = reader.at + CDATA.length;
  const end = reader.text.indexOf(']]>', start);
  if (end < 0) return null;
  reader.at = end + 3;
  skipSpace(reader);
  return reader.text.slice(start, end);
}

function list(reader: Reader): string | null {
  const values: string[] = [];
  while (reader.text.startsWith('<Item>', reader.at)) {
    const item = element(reader);
    if (item === null) return null;
    values.push(item.value);
    skipSpace(reader);
  }
  return values.join(',');
}

function plain(text: string): string {
  return text.replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => ENTITIES[name]!);
}

function skipSpace(reader: Reader): void {
  while (reader.at < reader.text.length && ' \t\r\n'.includes(reader.text[reader.at]!)) reader.at += 1;
}
