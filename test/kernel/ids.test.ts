import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNoticeNumber, isNoticeNumber, newNoticeNumber, newRef } from '../../src/kernel/ids.ts';

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
