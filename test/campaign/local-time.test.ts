// Times as people write them in campaign.yaml, on the clock of Japan.
import { describe, expect, it } from 'vitest';
import { dayOf, daySchema, endInstant, localTimeSchema, startInstant } from '../../src/campaign/folder/local-time.ts';

describe('a time in campaign.yaml', () => {
  it.each([
    ['2026-11-20', true, true],
    ['2026-11-20 09:00', false, true],
    ['2026-11-20T23:59', false, true],
    ['2028-02-29', true, true],
    ['2026-02-29', false, false],
    ['2026-11-31 09:00', false, false],
    ['2026-11-20 24:00', false, false],
    ['2026-11-20 09:60', false, false],
    ['2026-11-20 9:00', false, false],
    ['2026-11-20 09:00:00', false, false],
    ['2026/11/20', false, false],
    ['11-20', false, false],
    ['', false, false],
  ])('%j is a day: %s, a time: %s', (text, isOneDay, isTime) => {
    expect(daySchema.safeParse(text).success).toBe(isOneDay);
    expect(localTimeSchema.safeParse(text).success).toBe(isTime);
  });

  it('begins at midnight in Japan and ends a moment before the next one, unless it names the minute', () => {
    expect(startInstant('2026-11-20').toISOString()).toBe('2026-11-19T15:00:00.000Z');
    expect(endInstant('2026-11-20').toISOString()).toBe('2026-11-20T14:59:59.999Z');
    for (const instant of [startInstant, endInstant])
      expect(instant('2026-11-20 09:30').toISOString()).toBe('2026-11-20T00:30:00.000Z');
    expect(dayOf('2026-11-20 09:30')).toBe('2026-11-20');
  });
});
