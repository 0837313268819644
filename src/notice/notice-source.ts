// What a notice text is made of: small Markdown (headings, paragraphs, lists, bold, a closing line) with fields and sections, and
// nothing else, so that a text cannot run anything. A shape decides which sections a reader sees.
import type { Medium } from '../campaign/wave/channel.ts';
import type { Mark, Section } from './notice-field.ts';
import type { NoticeLanguage } from './notice-person.ts';

/** A text as it lies in the campaign folder or in a plan. `file` is only for messages. */
export type NoticeSource = { file: string; variant: string; language: NoticeLanguage; text: string };

export type Inline = { text: string; bold: boolean } | { field: string; bold: boolean };

export type SourceBlock =
  | { kind: 'title' | 'paragraph' | 'closing'; inlines: Inline[]; line: number }
  | { kind: 'heading'; inlines: Inline[]; marks: string[]; line: number }
  | { kind: 'list'; ordered: boolean; entries: Inline[][]; line: number }
  | { kind: 'items'; ordered: boolean; entry: Inline[]; line: number }
  | { kind: 'section'; name: Section; inverted: boolean; blocks: SourceBlock[]; line: number };

/** A fault as a key of `templates/words/notice.yaml` with its parameters; the check turns it into a sentence. */
export type NoticeFault = { line: number; path: string; key: string; params?: Record<string, string> };

/** What decides which sections a person reads. Two people of one shape read the same sentences. */
export type NoticeShape = {
  channel: Medium;
  minor: boolean;
  gift: boolean;
  certainty: 'confirmed' | 'possible';
};

export type FlatBlock = Exclude<SourceBlock, { kind: 'section' }>;

/** The blocks one shape reads, in order, with all sections decided. */
export function flattenBlocks(blocks: readonly SourceBlock[], shape: NoticeShape): FlatBlock[] {
  return blocks.flatMap((block): FlatBlock[] => {
    if (block.kind !== 'section') return [block];
    return isShown(block.name, shape) === block.inverted ? [] : flattenBlocks(block.blocks, shape);
  });
}

/** The section that only readers of one medium see. */
const sectionOfMedium = { email: 'email', letter: 'letter' } as const satisfies Record<Medium, Section>;

function isShown(name: Section, shape: NoticeShape): boolean {
  switch (name) {
    case 'email':
    case 'letter':
      return sectionOfMedium[shape.channel] === name;
    case 'minor':
      return shape.minor;
    case 'gift':
      return shape.gift;
    case 'confirmed':
    case 'possible':
      return shape.certainty === name;
    case 'items':
      return true;
  }
}

/** Every block of the text, whatever section it stands in. */
export function allBlocks(blocks: readonly SourceBlock[]): FlatBlock[] {
  return blocks.flatMap((block) => (block.kind === 'section' ? allBlocks(block.blocks) : [block]));
}

/** The blocks under the heading with a mark, up to the next heading; null when this shape has no such heading. */
export function blocksUnder(blocks: readonly FlatBlock[], mark: Mark): FlatBlock[] | null {
  const start = blocks.findIndex((block) => block.kind === 'heading' && block.marks.includes(mark));
  if (start < 0) return null;
  const rest = blocks.slice(start + 1);
  const end = rest.findIndex((block) => block.kind === 'heading' || block.kind === 'closing');
  return end < 0 ? rest : rest.slice(0, end);
}
