// The closed list of what a notice's text may ask for. A text has fields and sections only and no logic, so whoever reads it knows
// what every person will read; a word that is not listed here is a fault with a suggestion, never an empty gap in a letter.
import type { PersonalField } from './letter-text.ts';

/** The same for everyone in a wave: from the campaign file, the text's front matter and the wave's date. */
export const sharedFields = {
  company: 'legal name of the company that sends the notice',
  representative: 'title and name of the representative who signs',
  senderPostcode: "sender's postcode",
  senderAddress: "sender's postal address",
  senderEmail: 'address the e-mails come from',
  sentOn: 'day of sending',
  asOf: 'day to which the facts in the text are true (front matter asOf)',
  knownOn: 'day on which the company learned of the incident',
  periodFrom: 'first day of the period in which data were exposed',
  periodTo: 'last day of that period',
  summary: 'what happened, in one or two sentences',
  cause: 'the cause, as far as it is known',
  leaked:
    'the phrase for the certainty of the incident: 漏えいした or 漏えいしたおそれがある; leaked or may have leaked',
  notLeaked: 'what did not leak',
  secondaryDamage: 'misuse known or feared, with its date and source',
  phone: 'telephone number of the call centre',
  hours: 'opening hours of the call centre',
  centreEmail: 'e-mail address of the call centre',
  centreOpens: "call centre's first day",
  centreCloses: "call centre's last day",
  url: "the company's official page about the incident, to be typed by hand",
  gift: 'name of the gift, as printed on it',
  giftYen: 'face value of the gift in yen, grouped',
} as const satisfies Record<string, string>;

export type SharedField = keyof typeof sharedFields;

/** Different for each person. */
export const personalFields = {
  name: "the person's name, exactly as in the list",
  honorific: '様 or the form of address given in the list; empty in English',
  addressee: 'the complete form of address; for a minor the guardian',
  guardian: "the guardian's name, or 保護者",
  number: 'notice number 1234-5678-9012',
  item: 'one leaked item of this person; only inside {{#items}}',
} as const satisfies Record<PersonalField, string>;

/** Sections stand on lines of their own around whole paragraphs. All but `items` may be inverted ({{^gift}}). */
export const sections = {
  items: 'repeats its one list line for each leaked item of this person',
  email: 'only in e-mails',
  letter: 'only in letters',
  minor: 'only when the person is a minor on the day of sending; the reader is the guardian',
  gift: 'only when this notice encloses or announces a gift for this person',
  confirmed: 'only when the leak is confirmed',
  possible: 'only when the leak is possible',
} as const satisfies Record<string, string>;

export type Section = keyof typeof sections;

/** Marks on headings, `## 原因 {#legal-4}`: what the checks look for. `legal-n` are the items of 施行規則 10条 with 8条1項 n号. */
export const marks = {
  'legal-1': 'outline: what happened and when (8条1項1号)',
  'legal-2': 'leaked items of this person (2号)',
  'legal-4': 'cause (4号)',
  'legal-5': 'secondary damage or its possibility (5号)',
  'legal-9': 'what the person can do, and where to ask (9号)',
  'not-leaked': 'what did not leak',
  'never-ask': 'what we never ask for',
  verify: 'how to verify the notice without using it',
  gift: 'the gift and its conditions',
} as const satisfies Record<string, string>;

export type Mark = keyof typeof marks;

export const legalMarks = ['legal-1', 'legal-2', 'legal-4', 'legal-5', 'legal-9'] as const satisfies Mark[];

export function isSharedField(name: string): name is SharedField {
  return Object.hasOwn(sharedFields, name);
}

export function isPersonalField(name: string): name is PersonalField {
  return Object.hasOwn(personalFields, name);
}

export function isSection(name: string): name is Section {
  return Object.hasOwn(sections, name);
}

export function isMark(name: string): name is Mark {
  return Object.hasOwn(marks, name);
}
