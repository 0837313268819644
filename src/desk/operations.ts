/**
 * The table of contents: every operation in the order of the data path, behind every door (command line, status page, demo).
 * A row says what kind it is, which right it needs and whether it touches what names affected people; its code is loaded when
 * it is called. To add one: write `operations/<name>.ts`, which exports `operation = operationOf({kind, input, output, run})`
 * (copy a neighbour), and its row here; a door calls it by name. `run-operation.ts` opens the campaign, checks the right and
 * both schemas and writes the audit entry, so that no operation does any of it. docs/how-to-add/operation.md shows it in steps.
 */
import type { z } from 'zod';
import type { OperationEntry, OperationKind } from './operation.ts';
import type { Right } from './rights.ts';

type Mark = {
  /** Reads or changes what names affected people. */
  readonly people: boolean;
};

/** Makes the rows of one kind. */
const rowOf =
  <K extends OperationKind>(kind: K) =>
  <L>(right: Right, load: () => Promise<L>, { people }: Mark = { people: false }) => ({ kind, right, people, load });
const local = rowOf('local');
const homeRead = rowOf('home-read');
const homeWrite = rowOf('home-write');
const read = rowOf('read');
const write = rowOf('write');

export const operations = {
  /** A new campaign folder with the sample. */
  'create-folder': local('prepare', () => import('./operations/create-folder.ts')),
  /** The columns that outsiders' files must have. */
  'describe-formats': local('look', () => import('./operations/describe-formats.ts')),
  /** All campaigns of the home, by client. */
  'list-campaigns': homeRead('look', () => import('./operations/list-campaigns.ts')),
  /** Every fault of a campaign folder. */
  'check-folder': local('look', () => import('./operations/check-folder.ts')),
  /** A folder's documents become the next revision of the draft, unless somebody else was first. */
  'push-draft': write('prepare', () => import('./operations/push-draft.ts')),
  /** A revision of the draft, written into a folder. */
  'pull-draft': read('look', () => import('./operations/pull-draft.ts')),
  /** The revisions of the draft: when, by whom, and what each changed. */
  'list-drafts': read('look', () => import('./operations/list-drafts.ts')),
  /** What is due in the first day, week and month. */
  'show-checklist': read('look', () => import('./operations/show-checklist.ts')),
  /** A step of the checklist is done, or is not. */
  'tick-step': write('prepare', () => import('./operations/tick-step.ts')),
  /** A roster file becomes people. */
  'import-roster': write('prepare', () => import('./operations/import-roster.ts'), { people: true }),
  /** Rejected rows that wait for a decision, and the decision. */
  'list-rows': read('read-people', () => import('./operations/list-rows.ts')),
  'settle-rows': write('prepare', () => import('./operations/settle-rows.ts'), { people: true }),
  /** Rows that were taken for one person, and taking that back. */
  'list-merges': read('read-people', () => import('./operations/list-merges.ts')),
  'undo-merge': write('prepare', () => import('./operations/undo-merge.ts'), { people: true }),
  /** The people imported so far become list version n. */
  'freeze-list': write('prepare', () => import('./operations/freeze-list.ts')),
  /** What chosen people may get, as files. */
  'preview-notices': read('read-people', () => import('./operations/preview-notices.ts')),
  /** Somebody may approve from now on. */
  'register-approver': write('approve', () => import('./operations/register-approver.ts')),
  /** Who may approve. */
  'list-approvers': read('look', () => import('./operations/list-approvers.ts')),
  /** One person's approval of what the draft says now. */
  'approve-plan': write('approve', () => import('./operations/approve-plan.ts')),
  /** The client published something. */
  'record-publication': write('money', () => import('./operations/record-publication.ts')),
  /** What was published, when and where. */
  'list-publications': read('look', () => import('./operations/list-publications.ts')),
  /** What the insurer was asked and answered. */
  'record-consent': write('money', () => import('./operations/record-consent.ts')),
  /** Consents as they stand, and how much of each is held. */
  'list-consents': read('look', () => import('./operations/list-consents.ts')),
  /** What the newest plan does to whom. */
  'describe-plan': read('look', () => import('./operations/describe-plan.ts')),
  /** Starts what was approved. */
  'launch-campaign': write('send', () => import('./operations/launch-campaign.ts')),
  /** Pause, resume, stop and close. */
  'change-state': write('send', () => import('./operations/change-state.ts')),
  /** Who waits for a decision, the decision, and a second notice for those whom the first did not reach. */
  'list-people': read('read-people', () => import('./operations/list-people.ts')),
  'decide-people': write('send', () => import('./operations/decide-people.ts'), { people: true }),
  'resend-people': write('send', () => import('./operations/resend-people.ts'), { people: true }),
  /** Equations, progress, clocks and what needs a decision. */
  'show-status': read('look', () => import('./operations/show-status.ts')),
  /** Mails and letters whose end is unknown. */
  'list-uncertain': read('read-people', () => import('./operations/list-uncertain.ts')),
  'settle-uncertain': write('send', () => import('./operations/settle-uncertain.ts')),
  /** Mails that came back. */
  'read-mails': local('read-people', () => import('./operations/read-mails.ts'), { people: true }),
  'record-mails': write('send', () => import('./operations/record-mails.ts'), { people: true }),
  /** Lots: what the print house gets, and what it reports back. */
  'list-lots': read('letters', () => import('./operations/list-lots.ts')),
  'form-lots': write('letters', () => import('./operations/form-lots.ts')),
  'post-lots': write('letters', () => import('./operations/post-lots.ts')),
  'load-vendor-file': write('letters', () => import('./operations/load-vendor-file.ts')),
  'pull-pieces': write('letters', () => import('./operations/pull-pieces.ts')),
  /** Letters that the post brought back. */
  'load-returns': write('letters', () => import('./operations/load-returns.ts')),
  /** Lines of vendors' files that could not be used as they were. */
  'list-lines': read('letters', () => import('./operations/list-lines.ts')),
  'settle-lines': write('letters', () => import('./operations/settle-lines.ts')),
  /** The stock of cards. */
  'receive-gifts': write('letters', () => import('./operations/receive-gifts.ts')),
  'count-gifts': write('letters', () => import('./operations/count-gifts.ts')),
  'lose-gifts': write('letters', () => import('./operations/lose-gifts.ts')),
  'list-gifts': read('letters', () => import('./operations/list-gifts.ts')),
  /** What people asked at the window, and the cases of those who say they are affected. */
  'record-contact': write('answer', () => import('./operations/record-contact.ts'), { people: true }),
  'load-intervals': write('answer', () => import('./operations/load-intervals.ts')),
  'count-contacts': read('look', () => import('./operations/count-contacts.ts')),
  'list-cases': read('answer', () => import('./operations/list-cases.ts')),
  'recheck-cases': write('answer', () => import('./operations/recheck-cases.ts'), { people: true }),
  'close-case': write('answer', () => import('./operations/close-case.ts')),
  /** Vendors' invoices, which are what is claimed. */
  'record-invoice': write('money', () => import('./operations/record-invoice.ts')),
  'load-invoices': write('money', () => import('./operations/load-invoices.ts')),
  'list-invoices': read('look', () => import('./operations/list-invoices.ts')),
  /** What it would cost before anything has happened, and what the terms call themselves. */
  'estimate-campaign': local('look', () => import('./operations/estimate-campaign.ts')),
  'describe-terms': local('look', () => import('./operations/describe-terms.ts')),
  /** What it has cost, what the insurer owes, and what is still to come. */
  'list-ledger': read('look', () => import('./operations/list-ledger.ts')),
  'compute-claim': read('look', () => import('./operations/compute-claim.ts')),
  'forecast-campaign': read('look', () => import('./operations/forecast-campaign.ts')),
  /** The regulator's numbers, and whether all records agree. */
  'count-figures': read('look', () => import('./operations/count-figures.ts')),
  'recount-campaign': write('send', () => import('./operations/recount-campaign.ts')),
  'rebuild-counters': write('send', () => import('./operations/rebuild-counters.ts')),
  /** The record that leaves: without people's data, or with it for one receiver; and its check by anybody. */
  'build-bundle': write('money', () => import('./operations/build-bundle.ts')),
  'build-full-bundle': write('read-people', () => import('./operations/build-full-bundle.ts'), { people: true }),
  'verify-bundle': local('look', () => import('./operations/verify-bundle.ts')),
  /** One person's whole story, with what proves it. */
  'tell-story': read('read-people', () => import('./operations/tell-story.ts'), { people: true }),
  /** Who did what and whose data was opened, and whether the chain covers it. */
  'list-audit': read('read-people', () => import('./operations/list-audit.ts')),
  /** What stays at the end: a legal hold, and the destruction of the keys, both under two names. */
  'hold-campaign': write('keep', () => import('./operations/hold-campaign.ts')),
  'purge-campaign': write('keep', () => import('./operations/purge-campaign.ts'), { people: true }),
  /** The whole home: into one file, out of it, its schema, and which home sends. */
  'back-up-home': homeWrite('keep', () => import('./operations/back-up-home.ts')),
  'restore-home': homeWrite('keep', () => import('./operations/restore-home.ts')),
  'list-migrations': homeRead('look', () => import('./operations/list-migrations.ts')),
  'take-home': write('send', () => import('./operations/take-home.ts')),
} as const satisfies Record<string, OperationEntry>;

export type OperationName = keyof typeof operations;

type Loaded<N extends OperationName> = Awaited<ReturnType<(typeof operations)[N]['load']>>['operation'];
type CampaignOf<K extends OperationKind> = K extends 'read' | 'write'
  ? {
      /** The campaign's id, or at a door on this machine its folder. */
      readonly campaign: string;
    }
  : unknown;

/** What a call takes: the operation's own input and, when it works in a campaign, which. */
export type OperationInput<N extends OperationName> = z.input<Loaded<N>['input']> &
  CampaignOf<(typeof operations)[N]['kind']>;
export type OperationOutput<N extends OperationName> = z.output<Loaded<N>['output']>;

export type LocalOperation = {
  [N in OperationName]: (typeof operations)[N]['kind'] extends 'local' ? N : never;
}[OperationName];
