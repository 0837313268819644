// The last look at a rendered notice before it leaves: nothing unfilled, nobody else's name, nothing that cannot be printed. It trusts
// neither the text nor the rendering; a notice that fails here is not sent, whatever was approved.
import { AppError } from '../kernel/errors.ts';
import type { NoticePerson } from './notice-person.ts';

/** Everything a person would see of one notice: an e-mail's three parts, or a letter's lines joined with line ends. */
export type RenderedOutput = { subject?: string; text: string; html?: string };

export type CleanOptions = {
  /**
   * The other people rendered in this batch. A name of theirs in this person's notice means that data of two people were mixed.
   * Leave out for a single preview.
   */
  others?: OtherNames;
  /** Codes of the person's items that the incident does not list; such a person would be told less than leaked. */
  unknownItems?: readonly string[];
  /** Returns the first character that the letter's font lacks, or null. Not given for e-mails. */
  missingGlyph?: (text: string) => string | null;
};

/** The names of one batch, indexed by how they begin so that a text is searched for all of them in one pass. */
export type OtherNames = { firstUnits: Uint8Array; byBeginning: ReadonlyMap<number, readonly string[]> };

/** Names of two letters or fewer are too common in running text to tell a mix-up. */
const SHORTEST_NAME = 3;
const numberPattern = /(?<!\d)\d{4}-\d{4}-\d{4}(?!\d)/g;

/**
 * Prepares a batch for `assertCleanOutput`. `sharedText` is what everyone of the batch reads (`sharedTextOf`): a customer who bears the
 * name of the president who signs would otherwise hold back everybody else's notice.
 */
export function otherNames(people: readonly Pick<NoticePerson, 'name'>[], sharedText: string): OtherNames {
  const firstUnits = new Uint8Array(0x1_0000);
  const byBeginning = new Map<number, string[]>();
  for (const name of new Set(people.map((person) => person.name.trim()))) {
    if (name.length < SHORTEST_NAME || sharedText.includes(name)) continue;
    firstUnits[name.charCodeAt(0)] = 1;
    const beginning = beginningAt(name, 0);
    const known = byBeginning.get(beginning);
    if (known) known.push(name);
    else byBeginning.set(beginning, [name]);
  }
  return { firstUnits, byBeginning };
}

function beginningAt(text: string, index: number): number {
  return text.charCodeAt(index) * 0x1_0000 + text.charCodeAt(index + 1);
}

/**
 * Throws NOTICE_UNSAFE when a rendered notice must not leave. The message names the reason and the person's reference only: it is
 * logged.
 */
export function assertCleanOutput(rendered: RenderedOutput, person: NoticePerson, options: CleanOptions = {}): void {
  const reason = findUncleanness(rendered, person, options);
  if (reason) throw new AppError('NOTICE_UNSAFE', { ref: person.ref, reason: { word: `notice.unsafe.${reason}` } });
}

/** Each is said by `notice.unsafe.<word>`. */
type Uncleanness =
  | 'item'
  | 'noName'
  | 'noItem'
  | 'subject'
  | 'foreignName'
  | 'foreignNumber'
  | 'glyph'
  | 'unfilled'
  | 'notText'
  | 'missing';

function findUncleanness(rendered: RenderedOutput, person: NoticePerson, options: CleanOptions): Uncleanness | null {
  if (options.unknownItems?.length) return 'item';
  if (person.name.trim() === '') return 'noName';
  if (person.items.length === 0) return 'noItem';
  for (const part of [rendered.subject ?? '', rendered.text, rendered.html ?? '']) {
    const reason = unfilled(part, person) ?? foreignNumber(part, person);
    if (reason) return reason;
  }
  if (rendered.subject && /\p{Cc}/u.test(rendered.subject)) return 'subject';
  if (options.others && foreignName(rendered.text, person, options.others)) return 'foreignName';
  return options.missingGlyph?.(rendered.text) ? 'glyph' : null;
}

/** A brace pair that is not part of the person's own name is a field that nobody filled; so are JavaScript's words for nothing. */
function unfilled(part: string, person: NoticePerson): Uncleanness | null {
  if (part.includes('{{') && !person.name.includes('{{')) return 'unfilled';
  if (part.includes('[object Object]')) return 'notText';
  return /(?<![\w-])(?:undefined|NaN)(?![\w-])/.test(part) && !/undefined|NaN/.test(person.name) ? 'missing' : null;
}

/** Any notice number but the person's own. */
function foreignNumber(part: string, person: NoticePerson): Uncleanness | null {
  for (const [number] of part.matchAll(numberPattern)) {
    if (number !== person.number) return 'foreignNumber';
  }
  return null;
}

/** Looks for every name of the batch at every place of the text. Whoever the notice is addressed to, the guardian as well, is no finding. */
function foreignName(text: string, person: NoticePerson, others: OtherNames): boolean {
  for (let index = 0; index < text.length; index++) {
    if (others.firstUnits[text.charCodeAt(index)] !== 1) continue;
    for (const name of others.byBeginning.get(beginningAt(text, index)) ?? []) {
      if (!text.startsWith(name, index)) continue;
      if (!person.addressee.includes(name)) return true;
    }
  }
  return false;
}
