import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AssignmentState, assignmentReasons, termOfState } from '../../src/delivery/assignment.ts';
import { awaitingMail, nextStep, type PersonHistory, type Place, toldByMail } from '../../src/delivery/next-step.ts';
import { type Outcome, termOfOutcome } from '../../src/delivery/outcome.ts';

const rules = { uncertainDays: 3, returnedDays: 14, undecidedDays: 7, hasSubstitute: false };
const today = '2026-11-21';
const place = (
  channel: Place['channel'],
  state: AssignmentState,
  reason: Place['reason'] = null,
  changed = today,
): Place => ({
  channel,
  state,
  reason,
  latestOn: '2026-12-01',
  changedAt: new Date(`${changed}T03:00:00Z`),
});
const person = (history: Partial<PersonHistory>): PersonHistory => ({
  places: [],
  decision: null,
  letterRequired: false,
  hasAddress: true,
  letterLatestOn: '2026-12-10',
  unplaced: null,
  ...history,
});
const outcomeOf = (history: Partial<PersonHistory>, on = today) => nextStep(person(history), rules, on).outcome;

describe('the next step of a person', () => {
  const cases: [string, Partial<PersonHistory>, Outcome, string?][] = [
    ['is told when the mail system took the mail', { places: [place('email', 'accepted')] }, 'mail_accepted'],
    [
      'is a letter although the mail was taken, when card data leaked',
      { places: [place('email', 'accepted')], letterRequired: true },
      'letter_due',
    ],
    [
      'is told by the posted letter, whatever the mail did',
      { places: [place('email', 'failed', 'bounced'), place('letter', 'posted')] },
      'letter_posted',
    ],
    ['is a letter when the mail bounced', { places: [place('email', 'failed', 'bounced')] }, 'letter_due'],
    [
      'is a decision when the mail bounced and there is no address',
      { places: [place('email', 'failed', 'bounced')], hasAddress: false },
      'unreachable',
    ],
    [
      'is a decision when the letter was pulled',
      { places: [place('email', 'failed', 'bounced'), place('letter', 'excluded', 'withdrawn')] },
      'unreachable',
    ],
    ['waits while the outcome of the mail is not known', { places: [place('email', 'uncertain')] }, 'mail_uncertain'],
    [
      'is a letter when the outcome stays unknown past its date',
      { places: [place('email', 'uncertain')] },
      'letter_due',
      '2026-11-25',
    ],
    [
      'stays unknown past its date when no letter can be sent',
      { places: [place('email', 'uncertain')], hasAddress: false },
      'mail_uncertain',
      '2026-11-25',
    ],
    [
      'looks for a new address when the letter came back',
      { places: [place('letter', 'failed', 'returned_moved')] },
      'letter_returned',
    ],
    [
      'is a decision when no new address was found in time',
      { places: [place('letter', 'failed', 'returned_moved')] },
      'unreachable',
      '2026-12-06',
    ],
    [
      'is nothing more when the addressee refused the letter',
      { places: [place('letter', 'failed', 'returned_refused')] },
      'letter_refused',
    ],
    [
      'is nothing more when the addressee has died',
      { places: [place('letter', 'failed', 'returned_deceased')] },
      'deceased',
    ],
    [
      'follows a named decision before anything else',
      { places: [place('email', 'pending')], decision: { kind: 'substituted' } },
      'substituted',
    ],
    ['is undecided for whoever fits no wave', { unplaced: 'no_channel' }, 'no_channel'],
  ];
  it.each(cases)('%s', (_title, history, outcome, on) => {
    expect(outcomeOf(history, on)).toBe(outcome);
  });

  it('is told by one accepted mail when nothing but a mail was waited for, as the store says without asking', () => {
    const states = Object.keys(termOfState) as AssignmentState[];
    const anyPlace = fc.record({
      channel: fc.constantFrom('email' as const, 'letter' as const),
      state: fc.constantFrom(...states),
      reason: fc.constantFrom(...assignmentReasons, null),
      latestOn: fc.constant('2026-12-01'),
      changedAt: fc.date({ min: new Date('2026-10-01'), max: new Date('2026-12-31'), noInvalidDate: true }),
    });
    const decisions = [{ kind: 'substituted' }, { kind: 'excluded', reason: 'told_otherwise' }, null] as const;
    let shortcuts = 0;
    fc.assert(
      fc.property(
        fc.array(anyPlace, { maxLength: 4 }),
        fc.constantFrom(...decisions, null, null),
        fc.boolean(),
        fc.constantFrom('2026-12-10', null),
        (places, decision, hasAddress, letterLatestOn) => {
          const history = person({ places, decision, hasAddress, letterLatestOn });
          const before: readonly string[] = [nextStep(history, rules, today).outcome];
          if (!awaitingMail.some((outcome) => before.includes(outcome))) return;
          for (const mail of places.filter((each) => each.channel === 'email')) {
            shortcuts += 1;
            const after = places.map((each) => (each === mail ? { ...each, state: 'accepted' as const } : each));
            expect(nextStep({ ...history, places: after }, rules, today)).toEqual(toldByMail);
          }
        },
      ),
      { numRuns: 1_000 },
    );
    expect(shortcuts).toBeGreaterThan(50);
  });

  it('gives every history exactly one term, and a date to whoever is underway or undecided', () => {
    const states = Object.keys(termOfState) as AssignmentState[];
    const anyPlace = fc.record({
      channel: fc.constantFrom('email' as const, 'letter' as const),
      state: fc.constantFrom(...states),
      reason: fc.constantFrom(...assignmentReasons, null),
      latestOn: fc.constant('2026-12-01'),
      changedAt: fc.date({ min: new Date('2026-10-01'), max: new Date('2026-12-31'), noInvalidDate: true }),
    });
    fc.assert(
      fc.property(
        fc.array(anyPlace, { maxLength: 4 }),
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom('2026-12-10', null),
        (places, letterRequired, hasAddress, letterLatestOn) => {
          const standing = nextStep(person({ places, letterRequired, hasAddress, letterLatestOn }), rules, today);
          expect(standing.term).toBe(termOfOutcome[standing.outcome]);
          expect(standing.dueOn !== null).toBe(standing.term === 'underway' || standing.term === 'undecided');
        },
      ),
    );
  });
});
