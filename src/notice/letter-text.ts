// What a letter says, in reading order and free of any layout: typesetting draws the shared blocks once for a whole lot and only the
// personal blocks for each person. E-mail and letter come from the same source, so this is where channels are kept from disagreeing.

/** A stretch of text in one weight. It never contains a line break; it may contain any character a person's name contains. */
export type TextRun = { text: string; bold?: true };

/** Values that differ from person to person. `items` only appears in a personal list. */
export type PersonalField = 'name' | 'honorific' | 'addressee' | 'guardian' | 'number' | 'item';

/** A run whose text is known only with the person. */
export type FieldRun = { field: PersonalField; bold?: true };

/** `title` is the one line over the letter; `heading` starts a section; `closing` is set to the right (以上, 敬具). */
export type LineKind = 'title' | 'heading' | 'paragraph' | 'closing';

/** The same for every person of one variant, language and shape (see `letterShape`). */
export type SharedBlock =
  | { scope: 'shared'; kind: LineKind; runs: TextRun[] }
  | { scope: 'shared'; kind: 'list'; ordered: boolean; items: TextRun[][] };

/**
 * Differs per person. A `personal-line` is laid out like the shared block of its `kind`; an `items` block is one list entry per leaked
 * item of the person, in the campaign's order, each written as `entry` with `{field: 'item'}` replaced.
 */
export type PersonalBlock =
  | { scope: 'personal'; kind: LineKind; runs: (TextRun | FieldRun)[] }
  | { scope: 'personal'; kind: 'items'; ordered: boolean; entry: (TextRun | FieldRun)[] };

export type LetterBlock = SharedBlock | PersonalBlock;

/**
 * One letter for all people of one variant, language and shape. The head (date, sender, notice number, address window) is drawn by
 * typesetting from `head`; `blocks` follow below it in reading order and end with the closing line.
 */
export type LetterText = {
  language: 'ja' | 'en';
  /** Same for two people if and only if their letters differ in personal values only; a cache key for laid-out shared text. */
  shape: string;
  head: { date: string; sender: string[]; numberLabel: string };
  blocks: LetterBlock[];
};

/** A block with the person's values filled in: what is drawn. */
export type FilledBlock = { kind: LineKind; runs: TextRun[] } | { kind: 'list'; ordered: boolean; items: TextRun[][] };

/** The values `fillBlock` needs; `NoticePerson` fits. */
export type PersonalValues = Record<Exclude<PersonalField, 'item'>, string> & { items: readonly string[] };

/** Fills a personal block with one person's values. Neighbouring runs of one weight are joined, so that a line is measured as a whole. */
export function fillBlock(block: PersonalBlock, person: PersonalValues): FilledBlock {
  if (block.kind === 'items') {
    return {
      kind: 'list',
      ordered: block.ordered,
      items: person.items.map((item) => fillRuns(block.entry, person, item)),
    };
  }
  return { kind: block.kind, runs: fillRuns(block.runs, person, '') };
}

function fillRuns(runs: readonly (TextRun | FieldRun)[], person: PersonalValues, item: string): TextRun[] {
  const filled: TextRun[] = [];
  for (const run of runs) {
    const text = 'text' in run ? run.text : run.field === 'item' ? item : person[run.field];
    const last = filled.at(-1);
    if (last && last.bold === run.bold) last.text += text;
    else filled.push(run.bold ? { text, bold: true } : { text });
  }
  return filled;
}
