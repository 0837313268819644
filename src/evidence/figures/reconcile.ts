/**
 * Compares what was counted of the same thing in different places: counters, rows, events, facts, lots, postings, cards, ledger. A difference is a
 * fault of ours or of a vendor's file and stops nobody silently (domain: reconcile daily). Pure.
 */
import type { EventCounts } from '../../delivery/tally-store.ts';
import type { Driver } from '../../journal/driver.ts';
import type { Wording } from '../../kernel/wording.ts';

/** Where something was counted; each has its word. */
export const countedPlaces = [
  'call_reports',
  'card_accounts',
  'counters',
  'events',
  'expected',
  'facts',
  'invoices',
  'ledger',
  'lots',
  'pieces',
  'places',
  'posting_slips',
  'rows',
  'unbalanced',
] as const;
type Side = { readonly from: (typeof countedPlaces)[number]; readonly count: number };

export type Comparison = {
  /** What is counted, as a code: `letters.posted`. */
  readonly what: string;
  readonly left: Side;
  readonly right: Side;
};

export type Difference = Comparison & { readonly difference: number };

export type Reconciliation = {
  readonly ok: boolean;
  readonly compared: number;
  readonly comparisons: readonly Comparison[];
  readonly differences: readonly Difference[];
};

export type RoomCounts = {
  /** Driver totals of the journal, all attributes together. */
  readonly drivers: Readonly<Partial<Record<Driver, number>>>;
  readonly lots: readonly {
    posted: number;
    spoiled: number;
    withdrawn: number;
    open: number;
    manifest: number;
    returned: number;
  }[];
  readonly postings: readonly { pieces: number }[];
  readonly gifts: readonly { posted: number; spoiled: number; onHand: number; received: number; balanced: boolean }[];
  readonly calls: { answered: number };
  readonly equations: readonly Wording[];
  /** The counters of all rooms beside their rows. */
  readonly counters: readonly Comparison[];
  readonly events: EventCounts;
  /** Gross yen: of invoice lines, of the ledger's invoice entries. */
  readonly invoicedYen: { readonly invoices: number; readonly ledger: number };
};

const sum = <T>(items: readonly T[], pick: (item: T) => number) => items.reduce((total, item) => total + pick(item), 0);

export function reconcile(counts: RoomCounts): Reconciliation {
  const { drivers, lots, postings, gifts } = counts;
  const facts = (driver: Driver): Side => ({ from: 'facts', count: drivers[driver] ?? 0 });
  const comparisons: Comparison[] = [
    {
      what: 'letters.posted',
      left: { from: 'lots', count: sum(lots, (lot) => lot.posted) },
      right: facts('letter.posted'),
    },
    {
      what: 'letters.posted',
      left: { from: 'lots', count: sum(lots, (lot) => lot.posted) },
      right: { from: 'posting_slips', count: sum(postings, (posting) => posting.pieces) },
    },
    { what: 'postings', left: { from: 'posting_slips', count: postings.length }, right: facts('posting.made') },
    {
      what: 'letters.spoiled',
      left: { from: 'lots', count: sum(lots, (lot) => lot.spoiled) },
      right: facts('letter.spoiled'),
    },
    {
      what: 'letters.returned',
      left: { from: 'lots', count: sum(lots, (lot) => lot.returned) },
      right: facts('letter.returned'),
    },
    {
      what: 'letters.manifest',
      left: { from: 'lots', count: sum(lots, (lot) => lot.manifest) },
      right: { from: 'pieces', count: sum(lots, (lot) => lot.posted + lot.spoiled + lot.withdrawn + lot.open) },
    },
    {
      what: 'gifts.unbalanced',
      left: { from: 'card_accounts', count: gifts.filter((gift) => !gift.balanced).length },
      right: { from: 'expected', count: 0 },
    },
    {
      what: 'calls.answered',
      left: { from: 'call_reports', count: counts.calls.answered },
      right: facts('call.answered'),
    },
    {
      what: 'yen.invoiced',
      left: { from: 'invoices', count: counts.invoicedYen.invoices },
      right: { from: 'ledger', count: counts.invoicedYen.ledger },
    },
    {
      what: 'equations',
      left: { from: 'unbalanced', count: counts.equations.length },
      right: { from: 'expected', count: 0 },
    },
    ...compareEvents(counts.events, facts('mail.accepted')),
    ...counts.counters,
  ];
  const differences = comparisons
    .filter((item) => item.left.count !== item.right.count)
    .map((item) => ({ ...item, difference: item.left.count - item.right.count }));
  return { ok: differences.length === 0, compared: comparisons.length, comparisons, differences };
}

/** The states of places are a cache of their events; what was accepted is on record a third time, in the facts. */
function compareEvents(events: EventCounts, acceptedFacts: Comparison['right']): Comparison[] {
  const of = (what: string, places: number, found: number): Comparison => ({
    what,
    left: { from: 'places', count: places },
    right: { from: 'events', count: found },
  });
  return [
    of('mails.attempts', events.attempts_of_places, events.attempts),
    of('mails.accepted', events.accepted_places, events.accepted_by_events),
    of('letters.handed_over', events.posted_places, events.posted_by_events),
    { what: 'mails.accepted', left: { from: 'events', count: events.accepted_attempts }, right: acceptedFacts },
  ];
}
