/**
 * Money without floats. A Price is a scaled integer in 1/10,000 yen, quantities multiply it exactly, and rounding happens
 * once per statement line: so any batching of the same events gives the same yen (promise 6).
 */

/** 1/10,000 yen. */
export type Price = bigint;

export const PRICE_SCALE = 10_000n;

/** `"100.1"` or `100` → Price. At most four decimals; throws RangeError otherwise. */
export function parsePrice(text: string | number): Price {
  const match = /^(-?)(\d+)(?:\.(\d{1,4}))?$/.exec(String(text));
  if (!match) throw new RangeError(`not an amount in yen with at most four decimals: ${text}`);
  const scaled = BigInt(match[2] ?? '0') * PRICE_SCALE + BigInt((match[3] ?? '').padEnd(4, '0') || '0');
  return match[1] ? -scaled : scaled;
}

/** Exact: price × quantity, in 1/10,000 yen. */
export function multiply(price: Price, quantity: number | bigint): Price {
  return price * BigInt(quantity);
}

/** Scaled amount → whole yen, halves away from zero (so a reversal mirrors its original). */
export function roundYen(scaled: Price): bigint {
  const half = PRICE_SCALE / 2n;
  return scaled >= 0n ? (scaled + half) / PRICE_SCALE : -((-scaled + half) / PRICE_SCALE);
}

/** Whole yen with thousands separators: `12,150,000`. */
export function formatYen(yen: bigint | number): string {
  const text = String(yen);
  return text.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/**
 * Splits `total` in proportion to `weights` by largest remainder: parts are integers, sum exactly to total, ties go to the
 * earlier part. Weights are ≥ 0; all zero puts everything on the first part.
 */
export function allocate(total: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (weights.length === 0) return [];
  if (sum === 0n) return weights.map((_, index) => (index === 0 ? total : 0n));
  const sign = total < 0n ? -1n : 1n;
  const magnitude = total * sign;
  const parts = weights.map((weight) => (magnitude * weight) / sum);
  let left = magnitude - parts.reduce((a, b) => a + b, 0n);
  const order = weights
    .map((weight, index) => ({ index, remainder: (magnitude * weight) % sum }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of order) {
    if (left === 0n) break;
    parts[index] = (parts[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return parts.map((part) => part * sign);
}
