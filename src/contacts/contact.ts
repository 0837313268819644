/** A contact: someone affected, or not, asks by phone, mail, letter, shop or visit. Says which words the records use. */

export const contactChannels = ['phone', 'email', 'letter', 'shop', 'visit', 'web'] as const;
export type ContactChannel = (typeof contactChannels)[number];

export const callerKinds = ['self', 'family', 'proxy', 'unknown', 'press', 'police', 'lawyer'] as const;
export type CallerKind = (typeof callerKinds)[number];

export const contactTopics = [
  'AM_I_AFFECTED',
  'WHICH_ITEMS',
  'HOW_HAPPENED',
  'CARD_REISSUE',
  'SECONDARY_DAMAGE_REPORT',
  'COMPENSATION_DEMAND',
  'GIFT_NOT_RECEIVED',
  'GIFT_REFUSED',
  'ADDRESS_CHANGE',
  'DUPLICATE_LETTER',
  'NAME_ERROR',
  'DELETE_MY_DATA',
  'STOP_CONTACT',
  'DECEASED',
  'PHISHING_REPORT',
  'PRESS',
  'OTHER',
] as const;
export type ContactTopic = (typeof contactTopics)[number];

export const contactResults = ['answered', 'call_back', 'escalated', 'left_open'] as const;
export type ContactResult = (typeof contactResults)[number];

/**
 * What the window said about the list. There is no "not affected": a person who is not on version n may be on version n + 1
 * (in 2015 a pension window told 2,449 affected people that they were not).
 */
export const listAnswers = ['on_version', 'not_on_version', 'not_asked'] as const;
export type ListAnswer = (typeof listAnswers)[number];

/** 1 operator, 2 supervisor (same day), 3 risk manager (24 hours), 4 lawyer or insurer, 5 police. */
export type EscalationLevel = 1 | 2 | 3 | 4 | 5;

/** Topics that an operator alone must not close. Money beyond the gift needs the insurer first (level 4). */
export function escalationOf(topic: ContactTopic): EscalationLevel {
  switch (topic) {
    case 'COMPENSATION_DEMAND':
    case 'PRESS':
      return 4;
    case 'SECONDARY_DAMAGE_REPORT':
      return 3;
    case 'DECEASED':
    case 'DELETE_MY_DATA':
    case 'STOP_CONTACT':
      return 2;
    default:
      return 1;
  }
}

/** What a caller says about themself, for the next version's check; sealed. */
export type ClaimedIdentity = {
  readonly name?: string;
  readonly kana?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly customerKey?: string;
};

/** A contact as it is stored, without the sealed texts. */
export type Contact = {
  readonly id: string;
  readonly channel: ContactChannel;
  readonly direction: 'in' | 'out';
  readonly personRef: string | null;
  readonly noticeNumber: string | null;
  readonly callerKind: CallerKind;
  readonly topic: ContactTopic;
  readonly result: ContactResult;
  readonly answer: ListAnswer;
  readonly listVersion: number | null;
  readonly minutes: number;
  readonly escalation: EscalationLevel;
  readonly handledBy: string | null;
  readonly promiseDue: string | null;
  readonly receivedAt: Date;
};
