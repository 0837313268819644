// A status document as a running campaign has it; tests change only what they are about.
import type { OperationOutput } from '../../src/desk/operations.ts';

type StatusDocument = OperationOutput<'show-status'>;

const shippedRule = {
  law: 'appi',
  receiver: { ja: '個人情報保護委員会', en: 'PPC' },
  form: null,
  dueAt: null,
  source: 'https://www.ppc.go.jp/',
  reviewDue: '2027-05-25',
  isReviewOverdue: false,
};

export function sampleStatus(change: Partial<StatusDocument> = {}): StatusDocument {
  return {
    campaign: 'mihon-2026',
    state: 'running',
    roster: { rows: 5000, people: 4812, merged: 141, rejected: 47, open: 9 },
    waves: [
      {
        id: 'email-1',
        channel: 'email' as const,
        waits: [],
        startAt: '2026-11-20T00:00:00.000Z',
        latestAt: '2026-11-24T09:00:00.000Z',
        total: 4310,
        handedOver: 2958,
        failed: 61,
        excluded: 12,
        uncertain: 3,
        pending: 1276,
      },
      {
        id: 'letter-1',
        channel: 'letter' as const,
        waits: [{ code: 'consent' as const, until: '2026-12-10T14:59:59.999Z' }],
        startAt: '2026-11-20T04:00:00.000Z',
        latestAt: '2026-12-11T14:59:00.000Z',
        total: 502,
        handedOver: 0,
        failed: 0,
        excluded: 4,
        uncertain: 0,
        pending: 498,
      },
    ],
    persons: { total: 4812, told: 2958, underway: 1825, substitute: 6, excluded: 16, undecided: 7 },
    outcomes: [],
    balanced: true,
    plan: { sha256: '3f'.repeat(32), listVersion: 1 },
    drift: [],
    unpriced: [],
    clocks: [
      {
        id: 'preliminary',
        label: { ja: '速報（個人情報保護委員会）', en: 'Preliminary report to the PPC' },
        dueOn: '2026-11-16',
        targetOn: '2026-11-14',
        doneOn: '2026-11-16',
        state: 'done',
        daysLeft: -5,
        citation: '規則8条1項',
        ...shippedRule,
      },
      {
        id: 'final',
        label: { ja: '確報', en: 'Final report' },
        dueOn: '2027-01-12',
        targetOn: null,
        doneOn: null,
        state: 'open',
        daysLeft: 52,
        citation: '規則8条2項',
        ...shippedRule,
      },
      {
        id: 'wave',
        label: { ja: 'メールの最終期限', en: 'Latest day of the e-mails' },
        dueOn: '2026-11-24',
        targetOn: null,
        doneOn: null,
        state: 'due_soon',
        daysLeft: 3,
        citation: '',
        ...shippedRule,
      },
    ],
    decisions: [
      { code: 'rows_open', count: 9, dueOn: null },
      { code: 'mail_uncertain', count: 3, dueOn: '2026-11-25' },
      { code: 'no_channel', count: 7, dueOn: '2026-11-28' },
    ],
    workers: 2,
    journal: { block: 14, hash: 'a9'.repeat(32) },
    keyFingerprint: 'c4'.repeat(32),
    at: '2026-11-21T13:22:05.000Z',
    ...change,
  };
}
