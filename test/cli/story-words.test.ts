// A person's story is told in words and in Japanese time: no code of a closed set is left as it is stored.
import { describe, expect, it } from 'vitest';
import { personKinds } from '../../src/campaign/wave/person-kind.ts';
import { storyText } from '../../src/cli/render/story.ts';
import { contactChannels, contactResults, contactTopics } from '../../src/contacts/contact.ts';
import { giftStates } from '../../src/delivery/gifts/gift-store.ts';
import { pieceEventKinds } from '../../src/delivery/letters/piece-store.ts';
import { returnReasons } from '../../src/delivery/letters/return-reason.ts';
import { withdrawalCodes } from '../../src/delivery/letters/withdraw-pieces.ts';
import { outcomeEffect } from '../../src/delivery/mail/mail-outcome.ts';
import { mailEventKinds } from '../../src/delivery/mail/mail-state.ts';
import { languages } from '../../src/platform/language.ts';
import type { SubmissionOutcome } from '../../src/platform/smtp/smtp-submission.ts';
import { say } from '../../src/platform/words.ts';

type Story = Parameters<typeof storyText>[0];
const at = '2026-11-21T03:00:00.000Z';
const bare: Story = {
  ref: 'r',
  name: null,
  list: null,
  standing: null,
  notices: [],
  events: [],
  gifts: [],
  proof: null,
};

const tell = (language: 'ja' | 'en', story: Partial<Story>) =>
  storyText({ ...bare, ...story }, (key, params) => say(language, key, params)).split('\n');
const eventText = (language: 'ja' | 'en', what: string, code: string) =>
  tell(language, { events: [{ at, what, code, notice: null, factId: 7 }] })[1] ?? '';

const stages = ['connect', 'mail', 'rcpt', 'data', 'body', 'reply'] as const;
const reasons = ['server', 'sender', 'connect', 'lost', 'protocol', 'deadline', 'stopped'] as const;
const server = { code: '', status: '', reply: '' };
const outcomes: SubmissionOutcome[] = [
  { kind: 'accepted', ...server, code: '250', by: 'relay' },
  ...stages.map((stage) => ({ kind: 'refused' as const, ...server, code: '550', hard: true, stage })),
  ...reasons.map((reason) => ({ kind: 'deferred' as const, ...server, reason, stage: 'rcpt' as const })),
  ...(['lost', 'timeout', 'garbage'] as const).map((reason) => ({ kind: 'uncertain' as const, reason, reply: '' })),
];
const codesOfMails = [
  ...outcomes.flatMap((outcome) => outcomeEffect({ assignmentId: 'a', attempt: 1, outcome }, true).events),
  ...[
    'worker_lost',
    'other_home',
    'implied auto-reply',
    'relay log 2.0.0',
    'bounce',
    'delay',
    'complaint',
    'delivered',
  ].map((code) => ({ kind: 'uncertain', code })),
];

const events: [what: string, code: string][] = [
  ...mailEventKinds.map((kind): [string, string] => [`mail.${kind}`, '250 2.0.0']),
  ...codesOfMails.map(({ kind, code }): [string, string] => [`mail.${kind}`, code]),
  ...pieceEventKinds.map((kind): [string, string] => [
    `letter.${kind}`,
    kind === 'posted' ? 'T-1' : kind === 'returned' ? 'MOVED' : 'PULLED',
  ]),
  ...Object.keys(returnReasons).map((reason): [string, string] => ['letter.returned', reason]),
  ...withdrawalCodes.map((code): [string, string] => ['letter.withdrawn', code]),
  ...['NONE', 'BACK', 'SPOILED', 'LOST'].map((card): [string, string] => ['letter.spoiled', `CARD_${card}`]),
  ...contactChannels.map((channel): [string, string] => [`contact.${channel}`, 'PRESS/answered']),
  ...contactTopics.map((topic): [string, string] => ['contact.phone', `${topic}/answered`]),
  ...contactResults.map((result): [string, string] => ['contact.phone', `OTHER/${result}`]),
];

describe('the story of a person', () => {
  it('says when in Japan, what happened and why, and by which fact', () => {
    expect(eventText('en', 'letter.returned', 'MOVED')).toBe('  2026-11-21 12:00  letter came back (moved)  #7');
    expect(eventText('ja', 'letter.posted', 'T-1')).toBe('  2026-11-21 12:00  書状を差し出した（差出票 T-1）  #7');
    expect(eventText('en', 'mail.refused', '550 5.1.1 rcpt dead')).toBe(
      "  2026-11-21 12:00  mail refused (550 5.1.1, at the receiver's address, the address is dead)  #7",
    );
    expect(eventText('en', 'mail.assumed_accepted', 'by 01a2 and 01a3')).toContain('(decided by two named people)');
    expect(eventText('en', 'mail.blocked', 'NOTICE_INCOMPLETE')).toContain('mail held back (NOTICE_INCOMPLETE)');
  });

  it.each(languages)('has a word in %s for every kind, code and state of a closed set', (language) => {
    const told = [
      ...events.filter(([what]) => what !== 'mail.blocked').map(([what, code]) => eventText(language, what, code)),
      ...giftStates.flatMap((state) => tell(language, { gifts: [{ gift: 'quo', state, priceYen: '500' }] })[1] ?? ''),
      ...personKinds.flatMap((kind) => {
        const list = { version: 1, position: 0, kind, flags: [], leakedItems: [] };
        return tell(language, { list })[1] ?? '';
      }),
    ];
    // A word that is missing shows as its key or as the code.
    const missing = told.filter((line) => /story\.|contacts\.|_|[A-Z]{4,}/.test(line.replace('T-1', '')));
    expect(missing).toEqual([]);
    if (language === 'ja') expect(told.filter((line) => /[a-z]{3,}/.test(line.replace('quo', '')))).toEqual([]);
  });
});
