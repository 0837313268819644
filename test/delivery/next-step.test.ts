import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AssignmentState, assignmentReasons, termOfState } from '../../src/delivery/assignment.ts';
import {
  awaitingMail,
  nextStep,
  type PersonHistory,
  type Place,
  type Standing,
  toldByMail,
} from '../../src/delivery/next-step.ts';
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

/** A place whose latest day and whose last change tell it apart from the others. */
const dated = (base: Place, latestOn: Place['latestOn'], changedAt = base.changedAt): Place => ({
  ...base,
  latestOn,
  changedAt,
});

// The plan's days (here 3 for a doubtful mail, 14 for a returned letter, 7 for a decision) are counted on the Japanese calendar.
describe('where a person stands', () => {
  type Case = [string, Partial<PersonHistory>, Outcome, Standing['step'], Standing['dueOn'], string?, boolean?];
  const substitute = true;
  const cases: Case[] = [
    ['a mail waits for its wave', { places: [place('email', 'pending')] }, 'mail_waiting', 'email', '2026-12-01'],
    ['a mail is being sent', { places: [place('email', 'submitting')] }, 'mail_submitting', 'email', '2026-12-01'],
    ['a mail was put off', { places: [place('email', 'deferred')] }, 'mail_deferred', 'email', '2026-12-01'],
    [
      'a new mail is underway while an older one is in doubt',
      { places: [place('email', 'uncertain'), dated(place('email', 'pending'), '2026-12-20')] },
      'mail_waiting',
      'email',
      '2026-12-20',
    ],
    [
      'a mail is underway although the letter came back: the letter’s date counts',
      { places: [place('email', 'pending'), place('letter', 'failed', 'returned_moved')] },
      'letter_returned',
      'corrected_address',
      '2026-12-05',
    ],
    [
      'another mail is underway after one that does not do alone',
      { places: [place('email', 'accepted'), place('email', 'pending')], letterRequired: true },
      'mail_waiting',
      'email',
      '2026-12-01',
    ],
    ['a mail is in doubt', { places: [place('email', 'uncertain')] }, 'mail_uncertain', 'settle', '2026-11-24'],
    [
      'a mail is in doubt on its last day',
      { places: [place('email', 'uncertain')] },
      'mail_uncertain',
      'settle',
      '2026-11-24',
      '2026-11-24',
    ],
    [
      'a mail came into doubt late in the evening of the day before, which is today in Japan',
      { places: [dated(place('email', 'uncertain'), '2026-12-01', new Date('2026-11-20T16:00:00Z'))] },
      'mail_uncertain',
      'settle',
      '2026-11-24',
      '2026-11-24',
    ],
    [
      'a mail stayed in doubt: the letter is next, by the letter wave’s latest day',
      { places: [place('email', 'uncertain')] },
      'letter_due',
      'letter',
      '2026-12-10',
      '2026-11-25',
    ],
    [
      'a mail stays in doubt when the plan has no letter',
      { places: [place('email', 'uncertain')], letterLatestOn: null },
      'mail_uncertain',
      'settle',
      '2026-11-24',
      '2026-11-30',
    ],
    ['a letter waits', { places: [place('letter', 'pending')] }, 'letter_waiting', 'letter', '2026-12-01'],
    [
      'a letter in a lot goes before one that waits',
      { places: [dated(place('letter', 'pending'), '2026-12-09'), place('letter', 'in_lot')] },
      'letter_in_lot',
      'letter',
      '2026-12-01',
    ],
    [
      'another home may have posted the letter',
      { places: [place('letter', 'uncertain')] },
      'letter_uncertain',
      'settle',
      '2026-12-01',
    ],
    [
      'a letter that waits goes before one in doubt',
      { places: [place('letter', 'uncertain'), dated(place('letter', 'pending'), '2026-12-09')] },
      'letter_waiting',
      'letter',
      '2026-12-09',
    ],
    [
      'a letter in doubt goes before one that came back',
      { places: [place('letter', 'failed', 'returned_deceased'), place('letter', 'uncertain')] },
      'letter_uncertain',
      'settle',
      '2026-12-01',
    ],
    [
      'a letter came back: fourteen days for a new address',
      { places: [place('letter', 'failed', 'returned_unknown', '2026-11-10')] },
      'letter_returned',
      'corrected_address',
      '2026-11-24',
      '2026-11-24',
    ],
    [
      'a letter came back and no address was found: a week for the decision',
      { places: [place('letter', 'failed', 'returned_unknown', '2026-11-10')] },
      'unreachable',
      'decide',
      '2026-12-02',
      '2026-11-25',
    ],
    [
      'the newest letter that failed says why',
      {
        places: [
          place('letter', 'failed', 'returned_refused', '2026-11-10'),
          place('letter', 'failed', 'returned_moved', '2026-11-20'),
        ],
      },
      'letter_returned',
      'corrected_address',
      '2026-12-04',
    ],
    [
      'the font lacks a character',
      { places: [place('letter', 'failed', 'missing_glyph')] },
      'missing_glyph',
      'decide',
      '2026-11-28',
    ],
    [
      'the address does not fit',
      { places: [place('letter', 'failed', 'address_does_not_fit')] },
      'missing_glyph',
      'decide',
      '2026-11-28',
    ],
    [
      'a letter left out because a mail told the person is due when the mail comes back',
      { places: [place('email', 'failed', 'bounced'), place('letter', 'excluded', 'person_told')] },
      'letter_due',
      'letter',
      '2026-12-10',
    ],
    [
      'a pulled letter is a decision',
      { places: [place('email', 'failed', 'bounced'), place('letter', 'excluded', 'withdrawn')] },
      'unreachable',
      'decide',
      '2026-11-28',
    ],
    [
      'a bounced mail is a decision when the plan has no letter',
      { places: [place('email', 'failed', 'bounced')], letterLatestOn: null },
      'unreachable',
      'decide',
      '2026-11-28',
    ],
    [
      'the substitute measure takes whoever has no address left',
      { places: [place('email', 'failed', 'bounced')], hasAddress: false },
      'substituted',
      null,
      null,
      today,
      substitute,
    ],
    [
      'the substitute measure does not take whoever has an address',
      { places: [place('email', 'failed', 'bounced'), place('letter', 'excluded', 'withdrawn')] },
      'unreachable',
      'decide',
      '2026-11-28',
      today,
      substitute,
    ],
    ['nobody placed the person', {}, 'no_segment', 'decide', '2026-11-28'],
    ['the plan has no channel', { unplaced: 'no_channel' }, 'no_channel', 'decide', '2026-11-28'],
    [
      'the plan has no channel, and the substitute measure takes the person',
      { unplaced: 'no_channel', hasAddress: false },
      'substituted',
      null,
      null,
      today,
      substitute,
    ],
    [
      'the plan has no channel although there is an address: somebody must look',
      { unplaced: 'no_channel' },
      'no_channel',
      'decide',
      '2026-11-28',
      today,
      substitute,
    ],
    [
      'a protected address is never given to the substitute measure unseen',
      { unplaced: 'protected_address', hasAddress: false },
      'protected_address',
      'decide',
      '2026-11-28',
      today,
      substitute,
    ],
    ['the list says that the person has died', { unplaced: 'deceased' }, 'deceased', null, null],
    [
      'every place was left out: what the plan says counts',
      { places: [place('email', 'excluded', 'not_told')], unplaced: 'no_channel' },
      'no_channel',
      'decide',
      '2026-11-28',
    ],
    [
      'every place was left out and the plan says nothing: the letter is due',
      { places: [place('email', 'excluded', 'not_told')] },
      'letter_due',
      'letter',
      '2026-12-10',
    ],
    [
      'a place was kept: what the plan said no longer counts',
      { places: [place('email', 'failed', 'bounced')], unplaced: 'no_channel' },
      'letter_due',
      'letter',
      '2026-12-10',
    ],
    [
      'told otherwise, as somebody said by name',
      { places: [place('letter', 'in_lot')], decision: { kind: 'excluded', reason: 'told_otherwise' } },
      'told_otherwise',
      null,
      null,
    ],
    [
      'told by letter while a mail is open',
      { places: [place('email', 'pending'), place('letter', 'posted')] },
      'letter_posted',
      null,
      null,
    ],
    ['told by mail', { places: [place('email', 'accepted')] }, 'mail_accepted', null, null],
  ];
  it.each(cases)('%s', (_title, history, outcome, step, dueOn, on = today, hasSubstitute = false) => {
    expect(nextStep(person(history), { ...rules, hasSubstitute }, on as typeof today)).toEqual({
      term: termOfOutcome[outcome],
      outcome,
      step,
      dueOn,
    });
  });
});
