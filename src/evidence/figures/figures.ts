/**
 * The regulator's numbers (規則8条1項): ③ number of principals, ⑥ how they were told, ⑦ publications. Pure: sums what the
 * rooms counted, with handed over, posted and substitute apart, because "accepted" is not "told".
 */
import { toldOutcome } from '../../delivery/outcome.ts';
import type { Accounting } from '../verify/accounting.ts';

export type FigureInput = {
  readonly accounting: Accounting;
  /** People by outcome word, as the delivery room counts them. */
  readonly outcomes: readonly { readonly term: string; readonly outcome: string; readonly people: number }[];
  readonly publications: readonly { readonly kind: string; readonly url: string; readonly asOf: Date }[];
  readonly contacts: { readonly contacts: number; readonly offered: number; readonly answered: number };
};

export type Figures = {
  /** ③ */
  readonly principals: { readonly people: number; readonly records: number; readonly openRows: number };
  /** ⑥ People, not notices; the terms add up to `total`. */
  readonly response: {
    readonly total: number;
    readonly told: number;
    readonly toldByEmail: number;
    readonly toldByLetter: number;
    readonly underway: number;
    readonly substitute: number;
    readonly excluded: number;
    readonly undecided: number;
    readonly outcomes: Readonly<Record<string, number>>;
    readonly enquiries: { readonly contacts: number; readonly callsOffered: number; readonly callsAnswered: number };
  };
  /** ⑦ */
  readonly publications: readonly { readonly kind: string; readonly url: string; readonly asOf: string }[];
};

export function sumFigures({ accounting, outcomes, publications, contacts }: FigureInput): Figures {
  const { roster, persons } = accounting;
  const peopleIn = (outcome: string) =>
    outcomes.filter((item) => item.outcome === outcome).reduce((sum, item) => sum + item.people, 0);
  const excluded =
    typeof persons.excluded === 'number'
      ? persons.excluded
      : Object.values(persons.excluded).reduce((sum, part) => sum + part, 0);
  return {
    principals: { people: persons.total, records: roster.rows, openRows: roster.open },
    response: {
      total: persons.total,
      told: persons.told,
      toldByEmail: peopleIn(toldOutcome.email),
      toldByLetter: peopleIn(toldOutcome.letter),
      underway: persons.underway,
      substitute: persons.substitute,
      excluded,
      undecided: persons.undecided,
      outcomes: Object.fromEntries(outcomes.map((item) => [item.outcome, peopleIn(item.outcome)])),
      enquiries: { contacts: contacts.contacts, callsOffered: contacts.offered, callsAnswered: contacts.answered },
    },
    publications: publications.map((item) => ({ kind: item.kind, url: item.url, asOf: item.asOf.toISOString() })),
  };
}
