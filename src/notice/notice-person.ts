// One person as a notice sees them: only what may appear in their own notice. Built from the decrypted record just before rendering
// and thrown away with it; nothing here may reach a log line.
import { ageOn } from '../kernel/calendar.ts';
import { formatNoticeNumber } from '../kernel/ids.ts';

export type NoticeLanguage = 'ja' | 'en';

/**
 * `number` is already grouped (1234-5678-9012). `addressee` is the complete form of address: for a minor the guardian's, so that the
 * notice reaches someone who can act on it. `items` are labels in the notice's language, in the campaign's order. `gift` says whether
 * this very notice encloses or announces a gift for this person.
 */
export type NoticePerson = {
  ref: string;
  number: string;
  name: string;
  honorific: string;
  addressee: string;
  /** The guardian's name, or 保護者 / "parent or guardian" when it is not known; only used where `minor` is true. */
  guardian: string;
  minor: boolean;
  gift: boolean;
  items: readonly string[];
};

/** What `noticePerson` reads of a person's record; `PersonRecord` of intake fits. */
export type PersonSource = {
  ref: string;
  name: string;
  honorific?: string | undefined;
  birthDate?: string | undefined;
  guardianName?: string | undefined;
  flags: readonly string[];
  leakedItems: readonly string[];
};

export type PersonOptions = {
  language: NoticeLanguage;
  /** 12 digits as issued. */
  number: string;
  /** The items of the incident, in the order in which notices list them. */
  items: readonly { code: string; label: string; labelEn?: string | undefined }[];
  /** Day of sending in Japan; age is counted on it. */
  sentOn: string;
  gift: boolean;
};

/** Age of majority in Japan since 2022-04-01 (民法 4条). */
const MAJORITY_YEARS = 18;

/** The person for one notice. An item code the incident does not know is left out here; `assertCleanOutput` refuses such a person. */
export function noticePerson(source: PersonSource, options: PersonOptions): NoticePerson {
  const minor = isMinor(source, options.sentOn);
  const honorific = honorificOf(source, options.language);
  const guardian = guardianOf(source, options.language);
  const person = options.language === 'ja' ? `${source.name} ${honorific}` : source.name;
  const leaked = new Set(source.leakedItems);
  return {
    ref: source.ref,
    number: formatNoticeNumber(options.number),
    name: source.name,
    honorific,
    guardian,
    addressee: minor ? guardianAddressee(person, guardian, source.guardianName, options.language) : person,
    minor,
    gift: options.gift,
    items: options.items.filter((item) => leaked.has(item.code)).map((item) => label(item, options.language)),
  };
}

function isMinor(source: PersonSource, sentOn: string): boolean {
  if (source.birthDate) return ageOn(source.birthDate, sentOn) < MAJORITY_YEARS;
  return source.flags.includes('minor');
}

function honorificOf(source: PersonSource, language: NoticeLanguage): string {
  if (language === 'en') return '';
  return source.honorific ?? '様';
}

function guardianOf(source: PersonSource, language: NoticeLanguage): string {
  return source.guardianName ?? (language === 'ja' ? '保護者' : 'parent or guardian');
}

function guardianAddressee(
  person: string,
  guardian: string,
  known: string | undefined,
  language: NoticeLanguage,
): string {
  if (language === 'en') return known ? `${guardian} (for ${person})` : `Parent or guardian of ${person}`;
  return known ? `${guardian} 様（${person} 保護者様）` : `${person} 保護者様`;
}

function label(item: { label: string; labelEn?: string | undefined }, language: NoticeLanguage): string {
  return language === 'en' ? (item.labelEn ?? item.label) : item.label;
}
