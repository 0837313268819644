// A notice as passages of running text with their lines: what the checks read. Values that are the same for everyone are filled in,
// because a blame phrase in campaign.yaml reaches people just as one in the text does.
import type { NoticeContext } from './notice-context.ts';
import { isSharedField } from './notice-field.ts';
import type { FlatBlock, Inline } from './notice-source.ts';

/** `literal` is what the author typed, fields cut out; `filled` has the shared values in place and personal ones as `{{name}}`. */
export type Passage = {
  line: number;
  kind: FlatBlock['kind'];
  literal: string;
  filled: string;
  fields: readonly string[];
};

/** One passage per line of reading: a paragraph, a heading, a list entry. */
export function toPassages(blocks: readonly FlatBlock[], context: NoticeContext): Passage[] {
  return blocks.flatMap((block) => {
    const lists = block.kind === 'list' ? block.entries : [block.kind === 'items' ? block.entry : block.inlines];
    return lists.map((inlines, index) =>
      toPassage(inlines, block.kind === 'list' ? block.line + index : block.line, block.kind, context),
    );
  });
}

function toPassage(inlines: readonly Inline[], line: number, kind: FlatBlock['kind'], context: NoticeContext): Passage {
  const fields = inlines.flatMap((inline) => ('field' in inline ? [inline.field] : []));
  const literal = inlines.map((inline) => ('text' in inline ? inline.text : '\uFFFC')).join('');
  const filled = inlines.map((inline) => ('text' in inline ? inline.text : shownValue(inline.field, context))).join('');
  return { line, kind, literal, filled, fields };
}

function shownValue(field: string, context: NoticeContext): string {
  return isSharedField(field) ? context.values[field] : `{{${field}}}`;
}
