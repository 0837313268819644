/**
 * Turns blocks of text into rows of known height. Rows of shared blocks are made once per lot; only rows of personal blocks are made for
 * each person, and their number alone decides where the rest of the letter stands.
 */
import type { FilledBlock, LineKind, TextRun } from '../../notice/letter-text.ts';
import { breakLines, type Measure } from './break-lines.ts';
import { A4, BODY, HEADING_GAP_PT, MARGIN, PARAGRAPH_GAP_PT, PT_PER_MM, TITLE } from './letter-format.ts';

/** One stretch of text in one weight. `spacingPt` is added between characters to justify the line. */
export type Span = { xPt: number; text: string; sizePt: number; bold: boolean; spacingPt: number };

/** `gapPt` stands above the row and is dropped at the top of a page; the base line lies `heightPt × 0.75` below the row's top. */
export type LetterRow = { gapPt: number; heightPt: number; keepWithNext: boolean; spans: Span[] };

const TEXT_LEFT_PT = MARGIN.leftMm * PT_PER_MM;
const TEXT_WIDTH_PT = (A4.widthMm - MARGIN.leftMm - MARGIN.rightMm) * PT_PER_MM;
const BULLET_INDENT_PT = 13;
/** Two digits and a full stop. */
const NUMBER_INDENT_PT = 20;
/** A line this much too short is left ragged: wider gaps look worse than a loose edge. */
const MAX_STRETCH_PT = 1.6;

const STYLE: Record<LineKind, { sizePt: number; leadingPt: number; gapPt: number; bold: boolean }> = {
  title: { sizePt: TITLE.sizePt, leadingPt: TITLE.leadingPt, gapPt: 0, bold: true },
  heading: { sizePt: BODY.sizePt, leadingPt: BODY.leadingPt, gapPt: HEADING_GAP_PT, bold: true },
  paragraph: { sizePt: BODY.sizePt, leadingPt: BODY.leadingPt, gapPt: PARAGRAPH_GAP_PT, bold: false },
  closing: { sizePt: BODY.sizePt, leadingPt: BODY.leadingPt, gapPt: PARAGRAPH_GAP_PT, bold: false },
};

/** Rows of one block in reading order. `language` decides justification: Japanese lines are set full. */
export function letterRows(block: FilledBlock, language: 'ja' | 'en', measure: Measure): LetterRow[] {
  if (block.kind === 'list') {
    return block.items.flatMap((item, index) => listRows(item, index, block.ordered, language, measure));
  }
  const style = STYLE[block.kind];
  const runs = style.bold ? block.runs.map((run) => ({ ...run, bold: true as const })) : block.runs;
  const lines = breakLines(runs, style.sizePt, TEXT_WIDTH_PT, measure);
  return lines.map((line, index) => {
    const free = TEXT_WIDTH_PT - line.widthPt;
    const shift = block.kind === 'title' ? free / 2 : block.kind === 'closing' ? free : 0;
    const spacingPt = block.kind === 'paragraph' && language === 'ja' && !line.last ? stretch(line.runs, free) : 0;
    const isLastLine = index === lines.length - 1;
    return {
      gapPt: index === 0 ? style.gapPt : 0,
      heightPt: style.leadingPt + (block.kind === 'title' && isLastLine ? TITLE.gapPt : 0),
      keepWithNext: block.kind === 'heading' || block.kind === 'title' || isBeforeLast(index, lines.length),
      spans: placeRuns(line.runs, TEXT_LEFT_PT + shift, style.sizePt, spacingPt, measure),
    };
  });
}

function listRows(
  item: TextRun[],
  index: number,
  ordered: boolean,
  language: 'ja' | 'en',
  measure: Measure,
): LetterRow[] {
  const indent = ordered ? NUMBER_INDENT_PT : BULLET_INDENT_PT;
  const widthPt = TEXT_WIDTH_PT - indent;
  const mark = ordered ? `${index + 1}.` : '・';
  const lines = breakLines(item, BODY.sizePt, widthPt, measure);
  return lines.map((line, row) => {
    const spacingPt = language === 'ja' && !line.last ? stretch(line.runs, widthPt - line.widthPt) : 0;
    const spans = placeRuns(line.runs, TEXT_LEFT_PT + indent, BODY.sizePt, spacingPt, measure);
    const label: Span = { xPt: TEXT_LEFT_PT, text: mark, sizePt: BODY.sizePt, bold: false, spacingPt: 0 };
    return {
      gapPt: row === 0 && index === 0 ? PARAGRAPH_GAP_PT / 2 : 0,
      heightPt: BODY.leadingPt,
      keepWithNext: isBeforeLast(row, lines.length),
      spans: row === 0 ? [label, ...spans] : spans,
    };
  });
}

/** The last line of a paragraph never stands alone on a page. */
function isBeforeLast(index: number, count: number): boolean {
  return count > 1 && index === count - 2;
}

function stretch(runs: readonly TextRun[], freePt: number): number {
  const characters = runs.reduce((sum, run) => sum + Array.from(run.text).length, 0);
  const spacing = characters > 1 ? freePt / (characters - 1) : 0;
  return spacing > 0 && spacing <= MAX_STRETCH_PT ? spacing : 0;
}

function placeRuns(
  runs: readonly TextRun[],
  leftPt: number,
  sizePt: number,
  spacingPt: number,
  measure: Measure,
): Span[] {
  let xPt = leftPt;
  return runs.map((run) => {
    const span = { xPt, text: run.text, sizePt, bold: run.bold === true, spacingPt };
    for (const character of run.text) xPt += (measure(character.codePointAt(0) ?? 0) * sizePt) / 1000 + spacingPt;
    return span;
  });
}
