/**
 * The three equations of promise 1, as data and as a check. Every count that leaves the company goes through here, and
 * `verify` applies the same check to a bundle.
 */
import { z } from 'zod';
import type { Wording } from '../../kernel/wording.ts';

const count = z.int().min(0);

/** Excluded people are one number or a number per reason; the sum counts either way. */
const excluded = z.union([count, z.record(z.string(), count)]);

export const accounting = z.looseObject({
  roster: z.looseObject({ rows: count, people: count, merged: count, rejected: count, open: count }),
  waves: z.array(
    z.looseObject({
      id: z.string(),
      channel: z.string(),
      total: count,
      handedOver: count,
      failed: count,
      excluded,
      uncertain: count,
      pending: count,
    }),
  ),
  persons: z.looseObject({
    total: count,
    told: count,
    underway: count,
    substitute: count,
    excluded,
    undecided: count,
  }),
});
export type Accounting = z.output<typeof accounting>;

const sumOf = (value: z.output<typeof excluded>) =>
  typeof value === 'number' ? value : Object.values(value).reduce((sum, part) => sum + part, 0);

/** Every equation that does not hold; none means balanced. */
export function findImbalances({ roster, waves, persons }: Accounting): Wording[] {
  const faults: Wording[] = [];
  if (roster.rows !== roster.people + roster.merged + roster.rejected) {
    faults.push({
      word: 'evidence.detail.roster',
      params: { rows: roster.rows, people: roster.people, merged: roster.merged, rejected: roster.rejected },
    });
  }
  if (roster.open > roster.rejected)
    faults.push({ word: 'evidence.detail.rosterOpen', params: { open: roster.open, rejected: roster.rejected } });
  for (const wave of waves) {
    const sum = wave.handedOver + wave.failed + sumOf(wave.excluded) + wave.uncertain + wave.pending;
    if (wave.total !== sum)
      faults.push({ word: 'evidence.detail.wave', params: { wave: wave.id, total: wave.total, sum } });
  }
  const sum = persons.told + persons.underway + persons.substitute + sumOf(persons.excluded) + persons.undecided;
  if (persons.total !== sum) faults.push({ word: 'evidence.detail.persons', params: { total: persons.total, sum } });
  return faults;
}
