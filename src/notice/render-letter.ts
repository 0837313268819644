// The letter of one text and shape as blocks without layout. People of one shape share all sentences; only the personal blocks differ.

import { say } from '../platform/words.ts';
import type { FieldRun, LetterBlock, LetterText, PersonalField, TextRun } from './letter-text.ts';
import type { NoticeContext } from './notice-context.ts';
import { isSharedField } from './notice-field.ts';
import type { NoticePerson } from './notice-person.ts';
import { type FlatBlock, flattenBlocks, type Inline, type NoticeShape } from './notice-source.ts';
import type { CompiledNotice } from './read-notice.ts';

export type PersonShape = Pick<NoticeShape, 'minor' | 'gift'>;

/** The shape of one person's letter: which conditional sections they read. */
export function letterShape(person: Pick<NoticePerson, 'minor' | 'gift'>): PersonShape {
  return { minor: person.minor, gift: person.gift };
}

/** The letter for everyone of one shape. Call once per lot and shape, then `fillBlock` per person. */
export function renderLetter(compiled: CompiledNotice, context: NoticeContext, shape: PersonShape): LetterText {
  const { language } = compiled;
  const { values, certainty } = context;
  const blocks = flattenBlocks(compiled.blocks, { channel: 'letter', certainty, ...shape });
  return {
    language,
    shape: [compiled.variant, language, shape.minor ? 'minor' : 'adult', shape.gift ? 'gift' : 'plain'].join('.'),
    head: {
      date: values.sentOn,
      sender: [
        `${language === 'ja' ? '〒' : ''}${values.senderPostcode}`,
        values.senderAddress,
        values.company,
        values.representative,
      ],
      numberLabel: say(language, 'notice.numberLabel'),
    },
    blocks: blocks.flatMap((block) => letterBlocks(block, context)),
  };
}

function letterBlocks(block: FlatBlock, context: NoticeContext): LetterBlock[] {
  if (block.kind === 'items') {
    return [{ scope: 'personal', kind: 'items', ordered: block.ordered, entry: toRuns(block.entry, context) }];
  }
  if (block.kind !== 'list') return [lineBlock(block.kind, toRuns(block.inlines, context))];
  const items = block.entries.map((entry) => toRuns(entry, context));
  if (items.every(isShared)) return [{ scope: 'shared', kind: 'list', ordered: block.ordered, items }];
  // A list with a personal value in an entry is read as a numbered or dotted paragraph per entry, so that shared entries stay shared.
  return items.map((runs, index) =>
    lineBlock('paragraph', [{ text: block.ordered ? `${index + 1}. ` : '・' }, ...runs]),
  );
}

function lineBlock(kind: 'title' | 'heading' | 'paragraph' | 'closing', runs: (TextRun | FieldRun)[]): LetterBlock {
  return isShared(runs) ? { scope: 'shared', kind, runs } : { scope: 'personal', kind, runs };
}

function isShared(runs: (TextRun | FieldRun)[]): runs is TextRun[] {
  return runs.every((run) => 'text' in run);
}

function toRuns(inlines: readonly Inline[], context: NoticeContext): (TextRun | FieldRun)[] {
  const runs: (TextRun | FieldRun)[] = [];
  for (const inline of inlines) {
    const weight = inline.bold ? ({ bold: true } as const) : {};
    if ('field' in inline && !isSharedField(inline.field)) {
      runs.push({ field: inline.field as PersonalField, ...weight });
      continue;
    }
    const text = 'text' in inline ? inline.text : context.values[inline.field as keyof NoticeContext['values']];
    const last = runs.at(-1);
    if (last && 'text' in last && last.bold === weight.bold) last.text += text;
    else runs.push({ text, ...weight });
  }
  return runs;
}
