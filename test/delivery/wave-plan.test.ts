// Where a person has a place from the beginning, or why none: nobody is lost (promise 1).
import { describe, expect, it } from 'vitest';
import type { SegmentTraits } from '../../src/campaign/wave/segment.ts';
import { placePerson } from '../../src/delivery/wave-plan.ts';
import { aCampaignFile } from '../support/campaign-file.ts';

const file = aCampaignFile();
const person = (over: Partial<SegmentTraits> = {}): SegmentTraits => ({
  kind: 'customer',
  flags: [],
  leakedItems: [],
  hasEmail: true,
  hasAddress: true,
  ...over,
});

describe('a person', () => {
  it('has a place in the waves of the segment, with its text', () => {
    const placed = placePerson(file, person());
    const segment = file.segments.find(({ id }) => id === placed.segment);
    expect(placed).toMatchObject({ variant: segment?.variant, unplaced: null, letterRequired: false });
    expect(placed.waveIds.length).toBeGreaterThan(0);
    for (const id of placed.waveIds)
      expect(file.waves.find((wave) => wave.id === id)?.segments).toContain(placed.segment);
  });

  it.each<[string, Partial<SegmentTraits>, string]>([
    ['who has died', { flags: ['deceased'] }, 'deceased'],
    ['who has died at a protected address', { flags: ['protected_address', 'deceased'] }, 'deceased'],
    ['at a protected address', { flags: ['protected_address'] }, 'protected_address'],
    ['with neither e-mail nor address', { hasEmail: false, hasAddress: false }, 'no_channel'],
  ])('%s has none, and it says why', (_, over, unplaced) => {
    expect(placePerson(file, person(over))).toMatchObject({ waveIds: [], unplaced });
  });

  it('whom no segment takes has none', () => {
    expect(placePerson({ ...file, segments: [] }, person())).toMatchObject({
      segment: null,
      variant: null,
      waveIds: [],
      unplaced: 'no_segment',
    });
  });

  it('who lost what wants a letter is marked so', () => {
    const items = { ...file, letterRequiredFor: ['card'] };
    expect(placePerson(items, person({ leakedItems: ['card'] })).letterRequired).toBe(true);
    expect(placePerson(items, person({ leakedItems: ['name'] })).letterRequired).toBe(false);
  });
});
