// That a notice says everything it must: the five legal items of 施行規則 10条, and what a person needs to trust it and to act on it.

import type { Medium } from '../campaign/wave/channel.ts';
import type { NoticePurpose } from '../campaign/wave/purpose.ts';
import type { NoticeCheck } from './check-input.ts';
import { legalMarks, type Mark } from './notice-field.ts';
import { type Passage, toPassages } from './notice-passage.ts';
import { blocksUnder, flattenBlocks, type NoticeFault, type NoticeShape } from './notice-source.ts';
import { findPhrase, giftTerms, guardianPhrase, optOutPhrase } from './wording.ts';

/** A supplement or correction goes to people who already hold all five items; it repeats what it changes and how to check it. */
const requiredMarks: Record<NoticePurpose, readonly Mark[]> = {
  initial: [...legalMarks, 'not-leaked', 'never-ask', 'verify'],
  resend: [...legalMarks, 'not-leaked', 'never-ask', 'verify'],
  supplement: ['legal-1', 'legal-5', 'legal-9', 'never-ask', 'verify'],
  correction: ['legal-1', 'legal-2', 'legal-9', 'never-ask', 'verify'],
  retraction: ['legal-1', 'legal-9', 'verify'],
};

/** The fields without which a part is not that part. */
const requiredFields: Partial<Record<Mark, readonly string[]>> = {
  'legal-2': ['item'],
  'legal-9': ['phone', 'hours'],
  verify: ['url'],
};

/** The letter's head carries sender and number; the e-mail has to say them itself, and why it comes to who opted out of mails. */
const mediumRules = {
  email: { fields: ['asOf', 'company', 'number', 'addressee'], saysWhyDespiteOptOut: true },
  letter: { fields: ['asOf'], saysWhyDespiteOptOut: false },
} as const satisfies Record<Medium, { fields: readonly string[]; saysWhyDespiteOptOut: boolean }>;

export function checkPresence(input: NoticeCheck): NoticeFault[] {
  return [
    ...missingMarks(input),
    ...missingFields(input),
    ...checkGift(input),
    ...checkReaders(input),
    ...checkSupersedes(input),
  ];
}

function missingMarks(input: NoticeCheck): NoticeFault[] {
  return requiredMarks[input.notice.front.purpose].flatMap((mark): NoticeFault[] => {
    for (const shape of input.shapes) {
      const under = partOf(input, mark, shape);
      if (!under)
        return [
          {
            line: 0,
            path: `#${mark}`,
            key: 'notice.mark.missing',
            params: { mark, ...where(shape) },
          },
        ];
      if (under.every((passage) => passage.filled.trim() === '')) {
        return [
          {
            line: markLine(input, mark),
            path: `#${mark}`,
            key: 'notice.mark.empty',
            params: { mark, ...where(shape) },
          },
        ];
      }
      const lacking = (requiredFields[mark] ?? []).find((field) => !mentions(under, field, input));
      if (lacking)
        return [
          {
            line: markLine(input, mark),
            path: `#${mark}`,
            key: 'notice.mark.field',
            params: { mark, field: lacking, ...where(shape) },
          },
        ];
    }
    return [];
  });
}

/** A field counts as mentioned when it is used, or when its value is typed out exactly. */
function mentions(passages: readonly Passage[], field: string, input: NoticeCheck): boolean {
  const value = (input.context.values as Record<string, string>)[field];
  return passages.some(
    (passage) => passage.fields.includes(field) || (value ? passage.literal.includes(value) : false),
  );
}

function partOf(input: NoticeCheck, mark: Mark, shape: NoticeShape): Passage[] | null {
  const under = blocksUnder(flattenBlocks(input.notice.blocks, shape), mark);
  return under && toPassages(under, input.context);
}

function markLine(input: NoticeCheck, mark: Mark): number {
  const find = (blocks: NoticeCheck['notice']['blocks']): number => {
    for (const block of blocks) {
      if (block.kind === 'heading' && block.marks.includes(mark)) return block.line;
      const inner = block.kind === 'section' ? find(block.blocks) : 0;
      if (inner) return inner;
    }
    return 0;
  };
  return find(input.notice.blocks);
}

function where(shape: NoticeShape): Record<string, string> {
  return { channel: shape.channel, reader: shape.minor ? 'minor' : 'adult' };
}

function missingFields(input: NoticeCheck): NoticeFault[] {
  const faults: NoticeFault[] = [];
  for (const shape of input.shapes) {
    const passages = input.read(shape);
    for (const field of mediumRules[shape.channel].fields) {
      if (!mentions(passages, field, input))
        faults.push({ line: 0, path: field, key: 'notice.field.missing', params: { field, ...where(shape) } });
    }
    if (!passages.some((passage) => passage.kind === 'title'))
      faults.push({ line: 0, path: 'title', key: 'notice.title.missing', params: where(shape) });
  }
  const readLines = new Set(input.shapes.flatMap((shape) => input.read(shape).map((passage) => passage.line)));
  for (const passage of input.passages) {
    if (passage.kind !== 'items' && passage.fields.includes('item')) {
      faults.push({ line: passage.line, path: 'item', key: 'notice.item.outside' });
    }
    for (const field of passage.fields) {
      const value = (input.context.values as Record<string, string>)[field];
      // A section that nobody reads (a gift where there is none) may name what is empty.
      if (value === '' && readLines.has(passage.line))
        faults.push({ line: passage.line, path: field, key: 'notice.field.empty', params: { field } });
    }
  }
  return faults;
}

/** A gift is only mentioned to those who get one, and never without its three conditions. */
function checkGift(input: NoticeCheck): NoticeFault[] {
  const faults: NoticeFault[] = [];
  for (const shape of input.shapes) {
    const passages = input.read(shape);
    const stray = passages.find((passage) => passage.fields.some((field) => field === 'gift' || field === 'giftYen'));
    if (!shape.gift && stray) faults.push({ line: stray.line, path: 'gift', key: 'notice.gift.stray' });
  }
  if (!input.carriesGift) return faults;
  for (const shape of input.shapes.filter((candidate) => candidate.gift)) {
    const under = partOf(input, 'gift', shape);
    if (!under) {
      faults.push({ line: 0, path: '#gift', key: 'notice.gift.missing' });
      continue;
    }
    const text = under.map((passage) => passage.filled).join('\n');
    for (const [term, patterns] of Object.entries(giftTerms)) {
      if (!patterns[input.notice.language].test(text)) {
        faults.push({ line: markLine(input, 'gift'), path: `#gift.${term}`, key: `notice.gift.${term}` });
      }
    }
  }
  return faults;
}

/** Guardians of minors, and people who opted out of newsletters, are told why they are written to. */
function checkReaders(input: NoticeCheck): NoticeFault[] {
  const faults: NoticeFault[] = [];
  const { language, front } = input.notice;
  for (const shape of input.shapes) {
    const passages = input.read(shape);
    const text = passages.map((passage) => passage.filled).join('\n');
    if (shape.minor && !findPhrase(text, [guardianPhrase[language]])) {
      faults.push({ line: 0, path: 'minor', key: 'notice.minor.missing', params: where(shape) });
    }
    if (
      mediumRules[shape.channel].saysWhyDespiteOptOut &&
      front.purpose === 'initial' &&
      !optOutPhrase[language].test(text)
    ) {
      faults.push({ line: 0, path: 'email', key: 'notice.optOut.missing' });
    }
  }
  return faults;
}

function checkSupersedes({ notice, waves, lineOf }: NoticeCheck): NoticeFault[] {
  const { purpose, supersedes } = notice.front;
  const faults: NoticeFault[] = [];
  if (purpose === 'initial' && supersedes)
    faults.push({ line: lineOf('supersedes'), path: 'supersedes', key: 'notice.supersedes.initial' });
  if (purpose !== 'initial' && !supersedes)
    faults.push({ line: lineOf('purpose'), path: 'supersedes', key: 'notice.supersedes.missing', params: { purpose } });
  for (const wave of waves) {
    if (wave.purpose !== purpose && wave.purpose !== 'resend') {
      faults.push({
        line: lineOf('purpose'),
        path: 'purpose',
        key: 'notice.purpose.differs',
        params: { purpose, wave: wave.id, wavePurpose: wave.purpose },
      });
    }
  }
  return faults;
}
