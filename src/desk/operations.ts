/**
 * The table of contents: every operation in the order of the data path, behind every door (command line, status page, demo).
 * A row says what kind it is, which right it needs and whether it touches what names affected people; its code is loaded when
 * it is called. To add one: write `operations/<name>.ts`, which exports `operation = operationOf({kind, input, output, run})`
 * (copy a neighbour), and its row here; a door calls it by name. `run-operation.ts` opens the campaign, checks the right and
 * both schemas and writes the audit entry, so that no operation does any of it. docs/how-to-add/operation.md shows it in steps.
 */
import type { z } from 'zod';
import type { OperationEntry, OperationKind } from './operation.ts';

export const operations = {
  /** A new campaign folder with the sample. */
  'create-folder': {
    kind: 'local',
    right: 'prepare',
    people: false,
    load: () => import('./operations/create-folder.ts'),
  },
  /** The columns that outsiders' files must have. */
  'describe-formats': {
    kind: 'local',
    right: 'look',
    people: false,
    load: () => import('./operations/describe-formats.ts'),
  },
  /** All campaigns of the home, by client. */
  'list-campaigns': {
    kind: 'home-read',
    right: 'look',
    people: false,
    load: () => import('./operations/list-campaigns.ts'),
  },
  /** Every fault of a campaign folder. */
  'check-folder': { kind: 'local', right: 'look', people: false, load: () => import('./operations/check-folder.ts') },
  /** A folder's documents become the next revision of the draft, unless somebody else was first. */
  'push-draft': { kind: 'write', right: 'prepare', people: false, load: () => import('./operations/push-draft.ts') },
  /** A revision of the draft, written into a folder. */
  'pull-draft': { kind: 'read', right: 'look', people: false, load: () => import('./operations/pull-draft.ts') },
  /** The revisions of the draft: when, by whom, and what each changed. */
  'list-drafts': { kind: 'read', right: 'look', people: false, load: () => import('./operations/list-drafts.ts') },
  /** What is due in the first day, week and month. */
  'show-checklist': {
    kind: 'read',
    right: 'look',
    people: false,
    load: () => import('./operations/show-checklist.ts'),
  },
  /** A step of the checklist is done, or is not. */
  'tick-step': { kind: 'write', right: 'prepare', people: false, load: () => import('./operations/tick-step.ts') },
  /** A roster file becomes people. */
  'import-roster': {
    kind: 'write',
    right: 'prepare',
    people: true,
    load: () => import('./operations/import-roster.ts'),
  },
  /** Rejected rows that wait for a decision, and the decision. */
  'list-rows': { kind: 'read', right: 'read-people', people: false, load: () => import('./operations/list-rows.ts') },
  'settle-rows': { kind: 'write', right: 'prepare', people: true, load: () => import('./operations/settle-rows.ts') },
  /** Rows that were taken for one person, and taking that back. */
  'list-merges': {
    kind: 'read',
    right: 'read-people',
    people: false,
    load: () => import('./operations/list-merges.ts'),
  },
  'undo-merge': { kind: 'write', right: 'prepare', people: true, load: () => import('./operations/undo-merge.ts') },
  /** The people imported so far become list version n. */
  'freeze-list': { kind: 'write', right: 'prepare', people: false, load: () => import('./operations/freeze-list.ts') },
  /** Somebody may approve from now on. */
  'register-approver': {
    kind: 'write',
    right: 'approve',
    people: false,
    load: () => import('./operations/register-approver.ts'),
  },
  /** Who may approve. */
  'list-approvers': {
    kind: 'read',
    right: 'look',
    people: false,
    load: () => import('./operations/list-approvers.ts'),
  },
  /** One person's approval of what the draft says now. */
  'approve-plan': {
    kind: 'write',
    right: 'approve',
    people: false,
    load: () => import('./operations/approve-plan.ts'),
  },
  /** The client published something. */
  'record-publication': {
    kind: 'write',
    right: 'money',
    people: false,
    load: () => import('./operations/record-publication.ts'),
  },
  /** What was published, when and where. */
  'list-publications': {
    kind: 'read',
    right: 'look',
    people: false,
    load: () => import('./operations/list-publications.ts'),
  },
  /** What the insurer was asked and answered. */
  'record-consent': {
    kind: 'write',
    right: 'money',
    people: false,
    load: () => import('./operations/record-consent.ts'),
  },
  /** Consents as they stand, and how much of each is held. */
  'list-consents': { kind: 'read', right: 'look', people: false, load: () => import('./operations/list-consents.ts') },
  /** What the newest plan does to whom. */
  'describe-plan': { kind: 'read', right: 'look', people: false, load: () => import('./operations/describe-plan.ts') },
  /** Starts what was approved. */
  'launch-campaign': {
    kind: 'write',
    right: 'send',
    people: false,
    load: () => import('./operations/launch-campaign.ts'),
  },
  /** Pause, resume, stop and close. */
  'change-state': { kind: 'write', right: 'send', people: false, load: () => import('./operations/change-state.ts') },
  /** Who waits for a decision, the decision, and a second notice for those whom the first did not reach. */
  'list-people': {
    kind: 'read',
    right: 'read-people',
    people: false,
    load: () => import('./operations/list-people.ts'),
  },
  'decide-people': { kind: 'write', right: 'send', people: true, load: () => import('./operations/decide-people.ts') },
  'resend-people': { kind: 'write', right: 'send', people: true, load: () => import('./operations/resend-people.ts') },
  /** Equations, progress, clocks and what needs a decision. */
  'show-status': { kind: 'read', right: 'look', people: false, load: () => import('./operations/show-status.ts') },
  /** Mails and letters whose end is unknown. */
  'list-uncertain': {
    kind: 'read',
    right: 'look',
    people: false,
    load: () => import('./operations/list-uncertain.ts'),
  },
  'settle-uncertain': {
    kind: 'write',
    right: 'send',
    people: false,
    load: () => import('./operations/settle-uncertain.ts'),
  },
  /** Mails that came back. */
  'read-mails': { kind: 'local', right: 'read-people', people: true, load: () => import('./operations/read-mails.ts') },
  'record-mails': { kind: 'write', right: 'send', people: true, load: () => import('./operations/record-mails.ts') },
  /** Lots: what the print house gets, and what it reports back. */
  'list-lots': { kind: 'read', right: 'letters', people: false, load: () => import('./operations/list-lots.ts') },
  'form-lots': { kind: 'write', right: 'letters', people: false, load: () => import('./operations/form-lots.ts') },
  'post-lots': { kind: 'write', right: 'letters', people: false, load: () => import('./operations/post-lots.ts') },
  'load-vendor-file': {
    kind: 'write',
    right: 'letters',
    people: false,
    load: () => import('./operations/load-vendor-file.ts'),
  },
  'pull-pieces': { kind: 'write', right: 'letters', people: false, load: () => import('./operations/pull-pieces.ts') },
  /** Letters that the post brought back. */
  'load-returns': {
    kind: 'write',
    right: 'letters',
    people: false,
    load: () => import('./operations/load-returns.ts'),
  },
  /** Lines of vendors' files that could not be used as they were. */
  'list-lines': { kind: 'read', right: 'letters', people: false, load: () => import('./operations/list-lines.ts') },
  'settle-lines': {
    kind: 'write',
    right: 'letters',
    people: false,
    load: () => import('./operations/settle-lines.ts'),
  },
  /** The stock of cards. */
  'receive-gifts': {
    kind: 'write',
    right: 'letters',
    people: false,
    load: () => import('./operations/receive-gifts.ts'),
  },
  'count-gifts': { kind: 'write', right: 'letters', people: false, load: () => import('./operations/count-gifts.ts') },
  'lose-gifts': { kind: 'write', right: 'letters', people: false, load: () => import('./operations/lose-gifts.ts') },
  'list-gifts': { kind: 'read', right: 'letters', people: false, load: () => import('./operations/list-gifts.ts') },
  /** One person's whole story, with what proves it. */
  'tell-story': { kind: 'read', right: 'read-people', people: true, load: () => import('./operations/tell-story.ts') },
  /** Who did what and whose data was opened, and whether the chain covers it. */
  'list-audit': { kind: 'read', right: 'read-people', people: false, load: () => import('./operations/list-audit.ts') },
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
