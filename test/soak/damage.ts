/** Bytes as a bad disk, a cut line or a careless export leaves them. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';

/** Pieces that have broken readers of files before. */
const PIECES: readonly Buffer[] = [
  ...['\0', '"', '""', '"\n', ',', '|', '\t', '\r', '\n', '\r\n', '\n\n', '\u2028', '\ufeff', '\ufffd', '\\', '{', '}'],
  ...["=cmd|'/c calc'!A0", '#TOTAL,3', '合计,3', 'END 2', '锟斤拷', '__proto__', '会员卡号,手机号\n', 'NULL', '1e309'],
  ...['99999999999999999999', '-0', '2026-02-31', '0000-00-00', '275760-09-13', '138****5678', '😀', 'e\u0301'],
  ...['x'.repeat(70_000), `"${'y\n'.repeat(40_000)}`, '9'.repeat(400), ','.repeat(3000)],
].map((text) => Buffer.from(text));
const RAW = [[0xff], [0xff, 0xfe], [0xfe, 0xff], [0x81], [0x81, 0x30], [0xd6, 0xd0], [0xed, 0xa0, 0x80], [0x1f, 0x8b]];

/** Somewhere in the bytes, whatever their length. */
const place = fc.nat(65_535);
const at = (bytes: Buffer, where: number) => Math.floor((where / 65_536) * (bytes.length + 1));

type Damage = (bytes: Buffer) => Buffer;

const damage: fc.Arbitrary<Damage> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(place, fc.constantFrom(...PIECES, ...RAW.map((raw) => Buffer.from(raw)))).map(
      ([where, piece]) =>
        (bytes: Buffer) =>
          put(bytes, at(bytes, where), piece),
    ),
  },
  fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 6 })).map(
    ([where, piece]) =>
      (bytes: Buffer) =>
        put(bytes, at(bytes, where), Buffer.from(piece)),
  ),
  fc.tuple(place, fc.nat(7)).map(
    ([where, bit]) =>
      (bytes: Buffer) =>
        flipped(bytes, at(bytes, where), bit),
  ),
  fc.tuple(place, fc.integer({ min: 1, max: 40 })).map(([where, length]) => (bytes: Buffer) => {
    const from = at(bytes, where);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length)]);
  }),
  fc
    .tuple(place, fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 40 }))
    .map(([where, length, times]) => (bytes: Buffer) => {
      const from = at(bytes, where);
      const piece = bytes.subarray(from, from + length);
      return put(bytes, from, Buffer.concat(Array.from({ length: times }, () => piece)));
    }),
  place.map((where) => (bytes: Buffer) => bytes.subarray(0, at(bytes, where))),
  fc.constant((bytes: Buffer) => Buffer.from(bytes.toString('latin1'), 'utf8')),
  fc.constant((bytes: Buffer) => Buffer.from(bytes.toString('utf8'), 'utf16le')),
  fc.constant((bytes: Buffer) => gzipSync(bytes)),
);

function put(bytes: Buffer, where: number, piece: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, where), piece, bytes.subarray(where)]);
}

function flipped(bytes: Buffer, where: number, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  if (where < copy.length) copy[where]! ^= 1 << bit;
  return copy;
}

/** The bytes with up to six damages, one after another; sound ones too. */
export const damaged = (bytes: Buffer): fc.Arbitrary<Buffer> =>
  fc.array(damage, { maxLength: 6 }).map((damages) => damages.reduce((result, one) => one(result), bytes));
