import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, formatYen, multiply, parsePrice, roundYen } from '../../src/kernel/yen.ts';

describe('a price', () => {
  it('is read exactly, to a hundredth of a sen', () => {
    expect(parsePrice('100.1')).toBe(1_001_000n);
    expect(parsePrice(530)).toBe(5_300_000n);
    expect(parsePrice('-0.0001')).toBe(-1n);
  });

  it.each(['1,000', '1.00001', '', 'abc', '1.', '１００'])('refuses %j, which is not an amount', (text) => {
    expect(() => parsePrice(text)).toThrow(RangeError);
  });

  it('rounds halves away from zero, so that a reversal mirrors its original', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
        (scaled) => roundYen(-scaled) === -roundYen(scaled),
      ),
    );
    expect(roundYen(15_000n)).toBe(2n);
    expect(roundYen(14_999n)).toBe(1n);
  });

  it('multiplies without loss', () => {
    expect(roundYen(multiply(parsePrice('100.1'), 20_000))).toBe(2_002_000n);
  });
});

describe('allocate', () => {
  it.each([
    ['what is left goes to the largest remainders', 100n, [1n, 2n, 4n], [14n, 29n, 57n]],
    ['ties go to the earlier part', 10n, [1n, 1n, 1n], [4n, 3n, 3n]],
    ['a reversal mirrors its original', -10n, [1n, 1n, 1n], [-4n, -3n, -3n]],
    ['a part without weight gets nothing', 7n, [0n, 1n, 1n], [0n, 4n, 3n]],
    ['without any weight the first bears it', 7n, [0n, 0n], [7n, 0n]],
    ['nobody bears nothing', 7n, [], []],
  ])('%s', (_rule, total, weights, parts) => {
    expect(allocate(total, weights)).toEqual(parts);
  });

  it('gives away exactly the total, no part more than one yen off its share', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 12n }),
        fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 12 }),
        (total, weights) => {
          const parts = allocate(total, weights);
          const sum = weights.reduce((a, b) => a + b, 0n);
          expect(parts.reduce((a, b) => a + b, 0n)).toBe(total);
          if (sum === 0n) return;
          for (const [index, part] of parts.entries()) {
            const share = (total * (weights[index] ?? 0n)) / sum;
            expect(part === share || part === share + 1n).toBe(true);
          }
        },
      ),
    );
  });
});

it('writes yen with thousands separators', () => {
  expect(formatYen(12_150_000n)).toBe('12,150,000');
  expect(formatYen(-500)).toBe('-500');
});
