/** Decides what one row of a roster is: a person, or rejected with the reason. Never both, never neither (promise 1). */
import { ageOn, type Day } from '../../kernel/calendar.ts';
import { checkPostcode } from '../../platform/postcode.ts';
import type { HandlingFlag, IntakeWarning, PersonDraft, PersonKind } from '../person.ts';
import { parseBirthDate } from './birth-date.ts';
import { type CharacterFault, cleanCell, findCharacterFault } from './character.ts';
import type { ColumnReading } from './column-mapping.ts';
import { readEmail, readPhone, readPostcode } from './contact-data.ts';
import { readHandling, readKind, saysYes } from './handling-word.ts';
import type { RosterField } from './roster-field.ts';

/** Why a row waits for a person. `undecodable`, `quote` and `too_long` come from reading the file. */
export type RejectReason =
  | 'undecodable'
  | 'quote'
  | 'too_long'
  | 'empty'
  | 'columns_missing'
  | 'columns_extra'
  | 'name_missing'
  | 'item_unknown'
  | CharacterFault;

export type RowReading = { kind: 'person'; draft: PersonDraft } | { kind: 'rejected'; reason: RejectReason };

export type ReadingContext = {
  readonly reading: ColumnReading;
  /** What leaked of everyone when the file has no column for it: sorted codes. */
  readonly defaultItems: readonly string[];
  /** Words and codes → item code, compared by `itemForm`. */
  readonly itemCodes: ReadonlyMap<string, string>;
  /** What cells of the items column were read as; the same few repeat in every row. */
  readonly itemLists: Map<string, readonly string[] | null>;
  /** Minors are counted as of this day; the notice counts again on the day of sending. */
  readonly today: Day;
};

/** Age of majority in Japan since 2022-04-01 (民法 4条). */
const MAJORITY_YEARS = 18;
/** Shape of an item code; taken as it is only when the campaign's own items are not given. */
const ITEM_CODE = /^[a-z][a-z0-9_]*$/;
const ITEM_LISTS_MAX = 1_000;
const ITEM_SEPARATOR = /[;；、,，|｜/／\n]+/;

export function itemForm(word: string): string {
  return word.normalize('NFKC').replace(/\s/g, '').toLowerCase();
}

/** `fields` are the decoded cells of a row. */
export function readPerson(fields: readonly string[], context: ReadingContext): RowReading {
  const { reading } = context;
  if (fields.every((field) => field.trim() === '')) return rejected('empty');
  if (fields.length < reading.columnCount) return rejected('columns_missing');
  if (fields.slice(reading.columnCount).some((field) => field.trim() !== '')) return rejected('columns_extra');
  const cell = (field: RosterField): string => {
    const index = reading.columns[field];
    if (index === undefined) return '';
    const text = cleanCell(fields[index]);
    // The report file had put an apostrophe before what a spreadsheet would run; taken back when it returns.
    return reading.isReport && /^'[=+\-@＝＋－＠]/.test(text) ? text.slice(1) : text;
  };
  const names = readNames(cell);
  if (names.name === '') return rejected('name_missing');
  const address = readAddress(cell);
  for (const text of [names.name, names.nameKana, names.organisation, cell('guardianName'), ...address]) {
    const fault = text === '' ? null : findCharacterFault(text);
    if (fault !== null) return rejected(fault);
  }
  const warnings: IntakeWarning[] = [];
  const leakedItems = readItems(fields, cell('items'), context);
  if (leakedItems === null) return rejected('item_unknown');
  const kindText = cell('kind');
  const kind = kindText === '' ? defaultKind(reading, names.organisation) : readKind(kindText, reading);
  if (kind === null) warnings.push('kind_unknown');
  const birthDate = readBirthDate(cell('birthDate'), warnings);
  const contact = readContact(cell, address, warnings);
  const flags = readFlags(cell, birthDate, context.today);
  const organisation = names.organisation;
  const country = flags.includes('abroad') ? cell('country') : '';
  return {
    kind: 'person',
    draft: {
      kind: kind ?? reading.kind,
      flags,
      warnings,
      name: names.name,
      ...given('nameKana', names.nameKana),
      ...given('honorific', cell('honorific') || names.honorific),
      ...given('organisation', organisation === names.name ? '' : organisation),
      ...given('birthDate', birthDate ?? ''),
      ...given('guardianName', cell('guardianName')),
      ...contact,
      address,
      ...given('country', country),
      leakedItems,
      ...given('customerKey', cell('customerKey')),
    },
  };
}

function rejected(reason: RejectReason): RowReading {
  return { kind: 'rejected', reason };
}

const NOTHING = {};

function given<K extends string>(key: K, value: string): { [P in K]?: string } {
  return value === '' ? NOTHING : ({ [key]: value } as { [P in K]?: string });
}

type Cell = (field: RosterField) => string;

/** A company without a contact is addressed itself, with 御中. */
function readNames(cell: Cell) {
  const join = (last: string, first: string) => (last !== '' && first !== '' ? `${last} ${first}` : last || first);
  const organisation = [cell('organisation'), cell('department')].filter((part) => part !== '').join(' ');
  const own = cell('name') || join(cell('lastName'), cell('firstName'));
  const nameKana = cell('nameKana') || join(cell('lastNameKana'), cell('firstNameKana'));
  return own === '' && cell('organisation') !== ''
    ? { name: organisation, nameKana, organisation, honorific: '御中' }
    : { name: own, nameKana, organisation: cell('organisation') === '' ? '' : organisation, honorific: '' };
}

function defaultKind(reading: ColumnReading, organisation: string): PersonKind {
  return organisation !== '' && reading.kind === 'customer' ? 'corporate_contact' : reading.kind;
}

/** One to three lines, in the file's own words. */
function readAddress(cell: Cell): string[] {
  const parts = [joinTown(cell), cell('address2'), cell('address3'), cell('building')];
  const lines = parts
    .flatMap((part) => (part.includes('\n') ? part.split(/\r?\n/) : part))
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.length <= 3 ? lines : [...lines.slice(0, 2), lines.slice(2).join(' ')];
}

/** "住所1" may hold the whole address or only what the columns of its own for prefecture, city and street leave. */
function joinTown(cell: Cell): string {
  const [prefecture, city, street, whole] = [cell('prefecture'), cell('city'), cell('street'), cell('address1')];
  if (whole === '') return prefecture + city + street;
  const hasPrefecture = prefecture !== '' && whole.startsWith(prefecture);
  // The ward may be another one than years ago; the town is named all the same.
  const town = /^.+?[市区郡町村]/.exec(city)?.[0] ?? city;
  if (!hasPrefecture && !whole.includes(town)) return prefecture + city + street + whole;
  return (hasPrefecture ? '' : prefecture) + whole + (whole.includes(street) ? '' : street);
}

function readContact(cell: Cell, address: readonly string[], warnings: IntakeWarning[]) {
  const given: { postcode?: string; email?: string; phone?: string; unusableEmail?: string } = {};
  const whole = address.join('');
  const postcodeText = cell('postcode');
  const postcode = postcodeText === '' ? null : readPostcode(postcodeText, whole);
  if (postcode !== null) {
    given.postcode = postcode.value;
    if (postcode.isRepaired) warnings.push('postcode_repaired');
    const check = whole === '' ? 'ok' : checkPostcode(postcode.value, whole);
    if (check === 'mismatch') warnings.push('postcode_mismatch');
    if (check === 'unknown') warnings.push('postcode_unknown');
    if (check === 'ward_outdated') warnings.push('ward_outdated');
  } else if (postcodeText !== '') warnings.push('postcode_unknown');
  else if (whole !== '') warnings.push('postcode_missing');
  const emailText = cell('email');
  if (emailText !== '') {
    const email = readEmail(emailText);
    if (email === null) {
      warnings.push('email_invalid');
      given.unusableEmail = emailText;
    } else given.email = email;
  }
  const phoneText = cell('mobile') || cell('phone');
  if (phoneText !== '') {
    const phone = readPhone(phoneText);
    given.phone = phone.value;
    if (phone.isRepaired) warnings.push('phone_repaired');
  }
  return given;
}

function readBirthDate(text: string, warnings: IntakeWarning[]): Day | null {
  if (text === '') return null;
  const day = parseBirthDate(text);
  if (day === null) warnings.push('birth_date_invalid');
  return day;
}

function readFlags(cell: Cell, birthDate: Day | null, today: Day): HandlingFlag[] {
  const flags = new Set<HandlingFlag>(readHandling(cell('handling')));
  if (saysYes(cell('protectedAddress'))) flags.add('protected_address');
  if (saysYes(cell('deceased'))) flags.add('deceased');
  if (saysYes(cell('litigation'))) flags.add('litigation');
  const country = cell('country');
  if (country !== '' && !/^(日本国?|jp|jpn|japan)$/i.test(country.normalize('NFKC'))) flags.add('abroad');
  if (birthDate === null) return [...flags].sort();
  if (ageOn(birthDate, today) < MAJORITY_YEARS) flags.add('minor');
  else flags.delete('minor');
  return [...flags].sort();
}

/** Sorted item codes, or null when a word of the row is unknown: a person must never be told the wrong items. */
function readItems(fields: readonly string[], text: string, context: ReadingContext): readonly string[] | null {
  const { itemColumns, columns } = context.reading;
  const marked = Object.entries(itemColumns);
  if (columns.items === undefined && marked.length === 0) return context.defaultItems;
  const named = listItems(text, context);
  if (named === null) return null;
  const items = new Set(named);
  for (const [item, column] of marked) if (saysYes(cleanCell(fields[column]))) items.add(item);
  if (items.size === 0) return context.defaultItems;
  return items.size === named.length ? named : [...items].sort();
}

/** Sorted codes of the words in a cell, or null when one is unknown. */
function listItems(text: string, { itemCodes, itemLists }: ReadingContext): readonly string[] | null {
  const known = itemLists.get(text);
  if (known !== undefined) return known;
  const words = text
    .split(ITEM_SEPARATOR)
    .map(itemForm)
    .filter((word) => word !== '');
  const codes = words.map(
    (word) => itemCodes.get(word) ?? (itemCodes.size === 0 && ITEM_CODE.test(word) ? word : undefined),
  );
  const items = codes.includes(undefined) ? null : [...new Set(codes as string[])].sort();
  if (itemLists.size >= ITEM_LISTS_MAX) itemLists.clear();
  itemLists.set(text, items);
  return items;
}
