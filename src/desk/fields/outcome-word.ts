/** How a caller names people by where they stand: an outcome, or `undecided` for all that wait for a decision. */
import { type Outcome, outcomes, termOfOutcome } from '../../delivery/outcome.ts';

export const outcomeWords = ['undecided', ...outcomes] as const satisfies readonly string[];
export type OutcomeWord = (typeof outcomeWords)[number];

export function outcomesMeant(word: OutcomeWord): Outcome[] {
  return word === 'undecided' ? outcomes.filter((outcome) => termOfOutcome[outcome] === 'undecided') : [word];
}
