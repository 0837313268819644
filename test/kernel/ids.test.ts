import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNoticeNumber, isNoticeNumber, newNoticeNumber, newRef } from '../../src/kernel/ids.ts';

/** The standard's own words: P₁ = 10; Sⱼ = Pⱼ |₁₁ + aⱼ; Pⱼ₊₁ = Sⱼ ‖₁₀ × 2; the last sum is congruent to 1 modulo 10. */
function checkDigitOf(digits: string): number {
  const product = [...digits].reduce((p, digit) => (((p + Number(digit)) % 10 || 10) * 2) % 11, 10);
  return [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].find((check) => (product + check) % 10 === 1) ?? -1;
}

describe('a notice number', () => {
  it('has twelve digits and a check digit that finds every single wrong digit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 11 }), fc.integer({ min: 1, max: 9 }), (place, shift) => {
        const number = newNoticeNumber();
        expect(isNoticeNumber(number)).toBe(true);
        const wrong = (Number(number[place]) + shift) % 10;
        expect(isNoticeNumber(number.slice(0, place) + wrong + number.slice(place + 1))).toBe(false);
      }),
    );
  });

  // ISO/IEC 7064 MOD 11,10, worked out by hand.
  it.each(['123456789014', '000000000010', '999999999999'].map((number) => [number]))('%s', (number) => {
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].filter((digit) => isNoticeNumber(`${number.slice(0, 11)}${digit}`))).toEqual([
      checkDigitOf(number.slice(0, 11)),
    ]);
  });

  it('is none with a letter, a figure too few or one too many', () => {
    for (const text of ['12345678901', '1234567890144', 'x23456789014', '']) expect(isNoticeNumber(text)).toBe(false);
    expect(isNoticeNumber('1234 5678 9014')).toBe(true);
  });

  it('is understood as it is printed', () => {
    const number = newNoticeNumber();
    expect(formatNoticeNumber(number)).toMatch(/^\d{4}-\d{4}-\d{4}$/);
    expect(isNoticeNumber(formatNoticeNumber(number))).toBe(true);
  });
});

it('makes references that are UUIDs of version 7, ordered by time', () => {
  const early = newRef(1_700_000_000_000);
  const late = newRef(1_800_000_000_000);
  expect(early).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(early < late).toBe(true);
});
