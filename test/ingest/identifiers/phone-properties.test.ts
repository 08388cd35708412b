import assert from 'node:assert/strict';
import fc from 'fast-check';
import { identifierDefinition, maskPhone } from '../../../ingest/identifiers/index.ts';

const { normalise } = identifierDefinition('phone');

/** Made-up mobiles of one block, none of them junk. */
const mobile = fc
  .integer({ min: 0, max: 9999 })
  .map((n) => `1390000${String(n).padStart(4, '0')}`)
  .filter((digits) => normalise(digits).ok);

const prefix = fc.constantFrom(
  '',
  '+86',
  '＋86',
  '0086',
  '86',
  '086',
  '17951',
  '12593',
  '17911',
  '0',
  '(+86)',
  '（86）',
);
/** Between groups of digits; the first digit is never parted, as `1-…` is North America. */
const separator = fc.constantFrom('', '', ' ', '\u00a0', '\u3000', '-', '－', '—', '\u200b', '\ufeff');
const wrapping = fc.constantFrom(
  ...([
    ['', ''],
    [' ', ' '],
    ["'", ''],
    ['"', '"'],
    ['="', '"'],
    ['\u202d', '\u202c'],
    ['\ufeff', '\t'],
    ['‘', '’'],
  ] as const),
);

const fullWidth = (digits: string) =>
  digits.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));

const dirt = fc.record({ prefix, between: fc.tuple(separator, separator, separator), wrapping, wide: fc.boolean() });
type Dirt = typeof dirt extends fc.Arbitrary<infer T> ? T : never;

function soil(digits: string, { prefix: before, between: [a, b, c], wrapping: [open, close], wide }: Dirt): string {
  const [head, middle, tail] = [digits.slice(0, 3), digits.slice(3, 7), digits.slice(7)];
  const body = `${before}${before === '' ? '' : a}${head}${b}${middle}${c}${tail}`;
  return `${open}${wide ? fullWidth(body) : body}${close}`;
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'0123456789*-+/ ,.xE、转()#\u200b') }),
  fc.tuple(fc.string(), mobile, fc.string({ unit: 'grapheme' })).map((parts) => parts.join('')),
);

describe('reading phones', () => {
  it('gives the same number through any dirt of the known kinds', () => {
    fc.assert(
      fc.property(mobile, dirt, (digits, kinds) => {
        assert.deepEqual(normalise(soil(digits, kinds)), {
          ok: true,
          values: [{ type: 'phone', value: `+86${digits}`, weak: false }],
        });
      }),
      { numRuns: 2000 },
    );
  });

  it('gives the same number through what Excel does to it without rounding', () => {
    fc.assert(
      fc.property(mobile, fc.constantFrom('E10', 'E+10', 'e10', '.0', '.00'), (digits, form) => {
        const cell = form.startsWith('.') ? digits + form : `${digits[0]}.${digits.slice(1)}${form}`;
        assert.deepEqual(normalise(cell), normalise(digits));
      }),
    );
  });

  it('never throws, and what it has read it reads again unchanged', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const read = normalise(text);
        for (const { type, value } of read.ok ? read.values : []) {
          const again = identifierDefinition(type).normalise(value);
          assert.ok(again.ok && again.values[0]?.value === value, `${value} is read as something else`);
        }
      }),
      { numRuns: 5000 },
    );
  });

  it('never makes two numbers of a cell strong', () => {
    fc.assert(
      fc.property(mobile, mobile, fc.constantFrom('/', '、', ',', ';', ' ', '|', ' / '), (one, two, between) => {
        fc.pre(one !== two);
        const read = normalise(one + between + two);
        assert.ok(read.ok && read.values.length === 2 && read.values.every(({ weak }) => weak));
      }),
    );
  });
});

describe('masking phones', () => {
  it('never shows more than 4 + 3 digits, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyText,
          fc.tuple(mobile, dirt).map(([digits, kinds]) => soil(digits, kinds)),
        ),
        (text) => {
          const shown = maskPhone(text).normalize('NFKC').replace(/\D/g, '');
          assert.ok(shown.length <= 7, `${shown.length} digits are shown`);
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('never shows the middle four digits of a mobile', () => {
    fc.assert(
      fc.property(mobile, dirt, (digits, kinds) => {
        assert.doesNotMatch(maskPhone(soil(digits, kinds)).normalize('NFKC'), /\d{5}/);
      }),
    );
  });
});
