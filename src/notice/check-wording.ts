// Words that a notice must not hold: admissions without a release, excuses, leftovers of a template, links; and its length.
import type { NoticeCheck } from './check-input.ts';
import type { Passage } from './notice-passage.ts';
import type { NoticeFault } from './notice-source.ts';
import { blamePhrases, clickPhrases, findPhrase, liabilityWords, linkShorteners, placeholders } from './wording.ts';

/**
 * The letter's measures in points, as the letters' typesetting uses them; it has the last word on what fits. Width counts full-width
 * characters of 10.5 pt, of which a Latin letter takes about half. `keptTogetherPt` is lost at a page's end, where a heading moves on.
 */
const LETTER = {
  widthPt: 459,
  sizePt: 10.5,
  leadingPt: 17.5,
  titlePt: 34,
  firstPagePt: 558,
  nextPagePt: 700,
  keptTogetherPt: 35,
} as const;
const GAP_PT = { heading: 9, paragraph: 5, closing: 5, list: 0, items: 0 } as const;
const LIST_INDENT_PT = 13;
const LATIN_EM = 0.52;
const MAX_PAGES = 2;
/** What a name or another personal value takes, in full-width characters. */
const PERSONAL_EMS = 10;

export function checkWording(input: NoticeCheck): NoticeFault[] {
  const { front } = input.notice;
  const subject = { line: input.lineOf('subject'), literal: front.subject, filled: front.subject };
  const read = [subject, ...input.passages];
  return [
    ...read.flatMap((passage) => checkPassage(passage, input)),
    ...checkSubject(input),
    ...checkValues(input),
    ...checkLinks(read, input),
    ...checkLength(input),
  ];
}

type Read = Pick<Passage, 'line' | 'literal' | 'filled'>;

function checkPassage({ line, filled }: Read, { notice }: NoticeCheck): NoticeFault[] {
  const { language, front } = notice;
  const faults: NoticeFault[] = [];
  const add = (key: string, found: string | null) => {
    if (found) faults.push({ line, path: '', key, params: { found } });
  };
  add('notice.word.blame', findPhrase(filled, blamePhrases[language]));
  add('notice.word.placeholder', findPhrase(filled, placeholders));
  add('notice.word.click', findPhrase(filled, clickPhrases[language]));
  const released = front.release?.words ?? [];
  const unreleased = released.reduce((text, word) => text.replaceAll(word, ''), filled);
  add('notice.word.liability', findPhrase(unreleased, liabilityWords[language]));
  return faults;
}

/** The subject is a mail header and the same for everyone: no field, no line of its own making, short enough for a phone's list. */
function checkSubject({ notice, lineOf }: NoticeCheck): NoticeFault[] {
  const { subject } = notice.front;
  const faults: NoticeFault[] = [];
  if (/\{\{|\}\}|\p{Cc}/u.test(subject))
    faults.push({ line: lineOf('subject'), path: 'subject', key: 'notice.subject.field' });
  if ([...subject].length > 80) faults.push({ line: lineOf('subject'), path: 'subject', key: 'notice.subject.long' });
  return faults;
}

/** A value may hold fields of its own; what is no field would be printed with its braces. */
function checkValues({ context, lineOf }: NoticeCheck): NoticeFault[] {
  return Object.entries(context.values)
    .filter(([, value]) => /\{\{|\}\}/.test(value))
    .map(([field]) => ({ line: lineOf(`values.${field}`), path: `values.${field}`, key: 'notice.brace.lone' }));
}

/** The only address in a notice is the official page, as text to be typed by hand. */
function checkLinks(read: readonly Read[], { campaign }: NoticeCheck): NoticeFault[] {
  const faults: NoticeFault[] = [];
  const official = campaign.callCentre.url;
  for (const { line, literal } of read) {
    const rest = literal.replaceAll(official, '');
    const link =
      /(?:https?:\/\/|www\.)[^\s、。」）)]*/i.exec(rest)?.[0] ??
      /\]\([^)]*\)/.exec(rest)?.[0] ??
      /<\/?[a-z][^>]*>/i.exec(rest)?.[0];
    const shortener = linkShorteners.find((host) =>
      new RegExp(`(?<![\\w.-])${host.replace('.', '\\.')}(?![\\w-])`, 'i').test(rest),
    );
    if (link ?? shortener)
      faults.push({
        line,
        path: 'url',
        key: 'notice.link.foreign',
        params: { found: link ?? shortener ?? '', official },
      });
  }
  const hidden = linkShorteners.find((host) => new URL(official).hostname.toLowerCase() === host);
  if (hidden) faults.push({ line: 0, path: 'url', key: 'notice.link.shortener', params: { found: official } });
  return faults;
}

/** Reckons the longest letter: every item of the incident, every section that can be shown together. */
function checkLength(input: NoticeCheck): NoticeFault[] {
  const limitPt = LETTER.firstPagePt + (MAX_PAGES - 1) * LETTER.nextPagePt - LETTER.keptTogetherPt;
  const heights = input.shapes
    .filter((shape) => shape.channel === 'letter')
    .map((shape) => input.read(shape).reduce((sum, passage) => sum + heightPt(passage, input), 0));
  const longestPt = Math.max(...heights);
  if (longestPt <= limitPt) return [];
  const lines = Math.ceil((longestPt - limitPt) / LETTER.leadingPt);
  return [{ line: 0, path: '', key: 'notice.length', params: { lines: String(lines) } }];
}

function heightPt({ kind, filled }: Passage, { campaign }: NoticeCheck): number {
  if (kind === 'title') return LETTER.titlePt;
  const isList = kind === 'list' || kind === 'items';
  const widthEm = (LETTER.widthPt - (isList ? LIST_INDENT_PT : 0)) / LETTER.sizePt;
  const text = filled.replace(/\{\{\w+\}\}/g, '〇'.repeat(PERSONAL_EMS));
  const textEm = Array.from(text).reduce((sum, character) => sum + (character <= '\u00ff' ? LATIN_EM : 1), 0);
  const repeated = kind === 'items' ? campaign.incident.items.length : 1;
  return GAP_PT[kind] + Math.ceil(textEm / widthEm) * repeated * LETTER.leadingPt;
}
