// Words that a notice must not hold: admissions without a release, excuses, leftovers of a template, links; and its length.
import type { CheckInput } from './check-input.ts';
import type { Passage } from './notice-passage.ts';
import type { Fault } from './notice-source.ts';
import { blamePhrases, clickPhrases, findPhrase, liabilityWords, linkShorteners, placeholders } from './wording.ts';

/** A4 with 25 mm margins at 10.5 pt; the letter's own typesetting has the last word on what fits. */
const CHARACTERS_PER_LINE = { ja: 42, en: 88 } as const;
const LINES_PER_PAGE = 44;
const HEAD_LINES = 12;
const MAX_PAGES = 2;

export function checkWording(input: CheckInput): Fault[] {
  const { front } = input.notice;
  const subject = { line: input.lineOf('subject'), literal: front.subject, filled: front.subject };
  const read = [subject, ...input.passages];
  return [
    ...read.flatMap((passage) => checkPassage(passage, input)),
    ...checkSubject(input),
    ...checkLinks(read, input),
    ...checkLength(input),
  ];
}

type Read = Pick<Passage, 'line' | 'literal' | 'filled'>;

function checkPassage({ line, filled }: Read, { notice }: CheckInput): Fault[] {
  const { language, front } = notice;
  const faults: Fault[] = [];
  const add = (key: string, found: string | null) => {
    if (found) faults.push({ line, path: '', key, params: { found } });
  };
  add('notice.word.blame', findPhrase(filled, blamePhrases[language]));
  add('notice.word.placeholder', findPhrase(filled.replace(/\{\{\w+\}\}/g, ''), placeholders));
  add('notice.word.click', findPhrase(filled, clickPhrases[language]));
  const released = front.release?.words ?? [];
  const unreleased = released.reduce((text, word) => text.replaceAll(word, ''), filled);
  add('notice.word.liability', findPhrase(unreleased, liabilityWords[language]));
  return faults;
}

/** The subject is a mail header and the same for everyone: no field, no line of its own making, short enough for a phone's list. */
function checkSubject({ notice, lineOf }: CheckInput): Fault[] {
  const { subject } = notice.front;
  const faults: Fault[] = [];
  if (/\{\{|\}\}|\p{Cc}/u.test(subject))
    faults.push({ line: lineOf('subject'), path: 'subject', key: 'notice.subject.field' });
  if ([...subject].length > 80) faults.push({ line: lineOf('subject'), path: 'subject', key: 'notice.subject.long' });
  return faults;
}

/** The only address in a notice is the official page, as text to be typed by hand. */
function checkLinks(read: readonly Read[], { campaign }: CheckInput): Fault[] {
  const faults: Fault[] = [];
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
function checkLength(input: CheckInput): Fault[] {
  const width = CHARACTERS_PER_LINE[input.notice.language];
  let longest = 0;
  for (const shape of input.shapes.filter((candidate) => candidate.channel === 'letter')) {
    const lines = input.read(shape).map((passage) => {
      const text = passage.filled.replace(/\{\{\w+\}\}/g, '〇'.repeat(10));
      const rows =
        Math.ceil([...text].length / width) * (passage.kind === 'items' ? input.campaign.incident.items.length : 1);
      return rows + (passage.kind === 'heading' || passage.kind === 'title' ? 1 : 0);
    });
    longest = Math.max(longest, HEAD_LINES + lines.reduce((sum, rows) => sum + rows, 0));
  }
  const pages = Math.ceil(longest / LINES_PER_PAGE);
  return pages > MAX_PAGES
    ? [
        {
          line: 0,
          path: '',
          key: 'notice.length',
          params: { lines: String(longest), limit: String(MAX_PAGES * LINES_PER_PAGE) },
        },
      ]
    : [];
}
