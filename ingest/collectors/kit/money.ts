/** Amounts: the platform gives yuan as decimal text, Quanyu keeps fen as integers; no float on the way. */
const YUAN = /^(-?)(\d{1,12})(?:\.(\d{1,2})0*)?$/;

/** `"200.07"` (or an integer of yuan) to 20007; null for what is no amount with at most two decimals. */
export function yuanToFen(yuan: string | number): number | null {
  const parts = YUAN.exec(String(yuan));
  if (!parts) return null;
  const [, minus, whole, cents = ''] = parts;
  const fen = Number(whole) * 100 + Number(cents.padEnd(2, '0'));
  return minus === '-' && fen !== 0 ? -fen : fen;
}

/**
 * Splits `total` fen by `weights` so that the parts add up to it exactly (largest remainder, the earlier part first).
 * Weights that are all 0 count as equal. A negative total gives zeros.
 */
export function share(total: number, weights: readonly number[]): number[] {
  if (total <= 0 || weights.length === 0) return weights.map(() => 0);
  const given = weights.some((weight) => weight > 0)
    ? weights.map((weight) => BigInt(Math.max(0, weight)))
    : weights.map(() => 1n);
  const sum = given.reduce((a, b) => a + b, 0n);
  const exact = given.map((weight) => BigInt(total) * weight);
  const parts = exact.map((product) => Number(product / sum));
  let left = total - parts.reduce((a, b) => a + b, 0);
  const byRemainder = exact
    .map((product, index) => ({ index, remainder: product % sum }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of byRemainder) {
    if (left === 0) break;
    parts[index]! += 1;
    left -= 1;
  }
  return parts;
}
