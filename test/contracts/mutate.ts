/** Payloads that no platform should send: cut, scrambled, of another shape, with one value replaced by anything. */
import fc from 'fast-check';

/** Values that have broken mappers before. */
const NASTY = fc.constantFrom(
  ...[
    '',
    ' ',
    '\u0000',
    '\ud800',
    '0',
    '-0',
    '1e309',
    '99999999999999999999',
    '0000-00-00 00:00:00',
    '2026-02-31 10:00:00',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    '张三',
    '138****5678',
    '13912345678',
    '{}',
    '[]',
    'null',
    'x'.repeat(70_000),
  ],
);

/** Some text made from a good payload. */
export function mutatedPayload(payload: string): fc.Arbitrary<string> {
  return fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc.nat(payload.length).map((end) => payload.slice(0, end)),
    fc.tuple(fc.nat(payload.length), fc.string({ unit: 'binary', maxLength: 5 })).map(([at, text]) => {
      return payload.slice(0, at) + text + payload.slice(at + text.length);
    }),
    fc
      .tuple(fc.nat(200), fc.oneof(NASTY, fc.jsonValue(), fc.double()))
      .map(([n, value]) => replaced(payload, n, value)),
    fc.constantFrom(`${'['.repeat(100_000)}${']'.repeat(100_000)}`, '{"__proto__":{"tid":1}}'),
  );
}

/** The payload with its nth value (members and elements counted through, nested ones too) replaced. */
function replaced(payload: string, n: number, value: unknown): string {
  let tree: unknown;
  try {
    tree = JSON.parse(payload);
  } catch {
    return payload;
  }
  const places: [Record<string, unknown>, string][] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      places.push([node as Record<string, unknown>, key]);
      walk((node as Record<string, unknown>)[key]);
    }
  };
  walk(tree);
  const place = places[n % Math.max(1, places.length)];
  if (!place) return payload;
  place[0][place[1]] = value;
  return JSON.stringify(tree) ?? '';
}
