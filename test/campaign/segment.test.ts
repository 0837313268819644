// Which segment takes a person, by worked examples: each condition by itself, the first that fits, and none.
import { describe, expect, it } from 'vitest';
import type { Segment } from '../../src/campaign/folder/campaign-file.ts';
import { findSegment, requiresLetter, type SegmentTraits } from '../../src/campaign/wave/segment.ts';

const person = (over: Partial<SegmentTraits> = {}): SegmentTraits => ({
  kind: 'customer',
  flags: [],
  leakedItems: ['name'],
  hasEmail: true,
  hasAddress: true,
  ...over,
});
const segment = (id: string, when: Segment['when']) =>
  ({ id, title: id, variant: 'adult', when }) as unknown as Segment;

describe('a segment', () => {
  it.each<[string, Segment['when'], Partial<SegmentTraits>, boolean]>([
    ['without conditions takes everybody', {}, {}, true],
    ['of a kind takes that kind', { kinds: ['customer'] }, {}, true],
    ['of a kind takes no other', { kinds: ['corporate_contact'] }, {}, false],
    ['of leaked items takes whoever lost one of them', { items: ['card', 'name'] }, {}, true],
    ['of leaked items takes nobody who lost none of them', { items: ['card', 'health'] }, {}, false],
    [
      'of flags takes whoever has one of them',
      { flags: ['minor', 'abroad'] },
      { flags: ['litigation', 'abroad'] },
      true,
    ],
    ['of flags takes nobody without', { flags: ['minor'] }, {}, false],
    [
      'without flags leaves out whoever has one of them',
      { withoutFlags: ['minor', 'abroad'] },
      { flags: ['abroad'] },
      false,
    ],
    ['without flags takes whoever has others', { withoutFlags: ['minor'] }, { flags: ['abroad'] }, true],
    ['of people with e-mail takes them', { hasEmail: true }, {}, true],
    ['of people with e-mail takes no others', { hasEmail: true }, { hasEmail: false }, false],
    ['of people without e-mail takes them', { hasEmail: false }, { hasEmail: false }, true],
    ['of people without e-mail takes no others', { hasEmail: false }, {}, false],
    ['of people with an address takes them', { hasAddress: true }, {}, true],
    ['of people with an address takes no others', { hasAddress: true }, { hasAddress: false }, false],
    [
      'of several conditions wants them all',
      { flags: ['minor'], hasEmail: true },
      { flags: ['minor'], hasEmail: false },
      false,
    ],
  ])('%s', (_, when, over, fits) => {
    expect(findSegment({ segments: [segment('a', when)] }, person(over))?.id ?? null).toBe(fits ? 'a' : null);
  });

  it('that comes first takes the person, whatever follows', () => {
    const segments = [segment('minors', { flags: ['minor'] }), segment('mail', { hasEmail: true }), segment('all', {})];
    expect(findSegment({ segments }, person())?.id).toBe('mail');
    expect(findSegment({ segments }, person({ flags: ['minor'] }))?.id).toBe('minors');
    expect(findSegment({ segments }, person({ hasEmail: false }))?.id).toBe('all');
  });
});

it('a letter is required of whoever lost one of the things that want it', () => {
  const file = { letterRequiredFor: ['card', 'health'] };
  expect(requiresLetter(file, ['name', 'card'])).toBe(true);
  expect(requiresLetter(file, ['name'])).toBe(false);
  expect(requiresLetter(file, [])).toBe(false);
});
