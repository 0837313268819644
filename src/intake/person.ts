/**
 * A person of the list as the other rooms see one: who, which kind, what must be handled with care, where to reach them and
 * what of theirs leaked. Stored sealed, opened only for the moment of use (promise 5).
 */
import { type HandlingFlag, handlingFlags, type PersonKind, personKinds } from '../campaign/wave/person-kind.ts';
import type { Day } from '../kernel/calendar.ts';

export { type HandlingFlag, handlingFlags, type PersonKind, personKinds };

/**
 * What intake could not confirm about a person; none of these keeps anyone from being told.
 * `ward_outdated`: the postcode's city has no such ward today. `postcode_mismatch`: prefecture or city of the address do not fit the postcode. `postcode_repaired`, `phone_repaired`: a
 * leading zero that a spreadsheet had dropped was put back.
 */
export const intakeWarnings = [
  'postcode_mismatch',
  'postcode_unknown',
  'ward_outdated',
  'postcode_missing',
  'postcode_repaired',
  'phone_repaired',
  'email_invalid',
  'birth_date_invalid',
  'item_unknown',
  'kind_unknown',
] as const;
export type IntakeWarning = (typeof intakeWarnings)[number];

/** Decrypted. Names and addresses are exactly as the file had them, apart from outer white space and composed dakuten. */
export type PersonRecord = {
  readonly ref: string;
  readonly kind: PersonKind;
  readonly flags: readonly HandlingFlag[];
  readonly warnings: readonly IntakeWarning[];
  readonly name: string;
  readonly nameKana?: string;
  readonly honorific?: string;
  readonly birthDate?: Day;
  readonly guardianName?: string;
  /** Seven digits without hyphen. */
  readonly postcode?: string;
  /** One to three lines; empty when the list has no address. */
  readonly address: readonly string[];
  /** The country when the file has one and it is not Japan. */
  readonly country?: string;
  readonly email?: string;
  readonly phone?: string;
  /** Item codes of campaign.yaml, sorted; united over merged rows. */
  readonly leakedItems: readonly string[];
  readonly customerKey?: string;
  /** Company and department of a corporate contact. */
  readonly organisation?: string;
  /** What stood in the e-mail column when it is no address that mail can be sent to. */
  readonly unusableEmail?: string;
};

/** A person before it has a reference: what one row says. */
export type PersonDraft = Omit<PersonRecord, 'ref'>;
