/** A named person's decision about people who cannot be told in the ordinary way. */
import { z } from 'zod';
import { decidePeople, type PersonDecision } from '../../delivery/decide-people.ts';
import { listPiecesToPull } from '../../delivery/letters/piece-store.ts';
import type { ExclusionReason } from '../../delivery/outcome.ts';
import { listPeopleByOutcome } from '../../delivery/standing-store.ts';
import { AppError } from '../../kernel/errors.ts';
import { actingName, count } from '../fields/operation-field.ts';
import { outcomesMeant, outcomeWords } from '../fields/outcome-word.ts';
import { findPerson } from '../find-person.ts';
import { operationOf } from '../operation.ts';

/** `told-otherwise` for `told_otherwise`: each reason has its word. */
type Hyphened<S extends string> = S extends `${infer Head}_${infer Tail}` ? `${Head}-${Hyphened<Tail>}` : S;

const decisions = {
  substitute: { kind: 'substituted', code: 'public_notice' },
  readmit: { kind: 'readmitted', code: 'none' },
  'release-letter': { kind: 'released_from_letter', code: 'lawyer' },
  deceased: { kind: 'excluded', code: 'deceased' },
  'not-affected': { kind: 'excluded', code: 'not_affected' },
  'told-otherwise': { kind: 'excluded', code: 'told_otherwise' },
} as const satisfies Record<'substitute' | 'readmit' | 'release-letter' | Hyphened<ExclusionReason>, PersonDecision>;
type Decision = keyof typeof decisions;
const decisionWords = Object.keys(decisions) as [Decision, ...Decision[]];

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({
    decision: z.enum(decisionWords),
    by: actingName,
    /** Notice numbers or references, and everyone who stands at an outcome. */
    person: z.array(z.string()).default([]),
    outcome: z.enum(outcomeWords).optional(),
    dryRun: z.boolean().default(false),
  }),
  output: z.strictObject({
    people: count,
    decided: count,
    /** Letters that are in a lot already and have to be taken out; absent in a dry run. */
    pull: z.array(z.string()).optional(),
  }),
  run: async ({ app, campaign, actor, concerns }, { decision, by, person, outcome, dryRun }) => {
    const named = await Promise.all(person.map((text) => findPerson(app.pool, campaign.id, text)));
    const standing =
      outcome === undefined ? [] : await listPeopleByOutcome(app.pool, campaign.id, outcomesMeant(outcome));
    const refs = [...new Set([...named, ...standing])];
    if (refs.length === 0) throw new AppError('USAGE_WRONG.nobody');
    if (dryRun) return { people: refs.length, decided: 0 };
    await concerns(refs);
    const actorId = await actor(by);
    const decided = await decidePeople(app, { campaignId: campaign.id, refs, decision: decisions[decision], actorId });
    return { people: refs.length, decided, pull: await listPiecesToPull(app.pool, campaign.id, refs) };
  },
});
