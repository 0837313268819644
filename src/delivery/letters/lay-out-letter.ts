/**
 * Lays out one letter text for many people: shared stretches become forms of the document once, and pages are planned once per number of
 * personal rows. What remains per person is to break their own few lines and to place everything.
 */
import { type FilledBlock, fillBlock, type LetterText, type PersonalValues } from '../../notice/letter-text.ts';
import type { PdfWriter } from '../../platform/formats/pdf.ts';
import { breakLines, type Measure } from './break-lines.ts';
import { drawLine, drawRows, drawText, PAGE_HEIGHT_PT, PAGE_WIDTH_PT, placeForm } from './draw.ts';
import { A4, exposedArea, FOLD_MARKS_MM, HEAD, type LetterFormat, PT_PER_MM } from './letter-format.ts';
import { type LetterRow, letterRows } from './letter-rows.ts';
import { type PageSegment, paginateRows } from './paginate-rows.ts';

export type LetterLayout = {
  /** Operators of each page of one person's body, in reading order, without address block and control marks. */
  body(values: PersonalValues): string[];
  /** The form with date, sender, fold marks and page numbers of one page. */
  frame(page: number, pages: number): string;
  /** Where the notice number ends on the first page. */
  number: { rightPt: number; baselinePt: number };
};

type Piece = { shared: boolean; rows: LetterRow[] };
const DIGITS = '0000-0000-0000';

/** Prepares a text for the document of one lot. */
export function layOutLetter(pdf: PdfWriter, text: LetterText, format: LetterFormat, measure: Measure): LetterLayout {
  const sharedRows = text.blocks.map((block) =>
    block.scope === 'shared' ? letterRows(withoutScope(block), text.language, measure) : null,
  );
  const plans = new Map<string, PageSegment[][]>();
  const frames = new Map<string, string>();

  const drawPage = createPageDrawer(pdf);

  return {
    number: { rightPt: HEAD.rightMm * PT_PER_MM, baselinePt: baselineOf(1) },
    body: (values) => {
      const pieces = text.blocks.map((block, index) => pieceOf(block, sharedRows[index] ?? null, values));
      const rows = pieces.flatMap((piece) => piece.rows);
      const key = pieces.map((piece) => (piece.shared ? '' : piece.rows.length)).join(',');
      let plan = plans.get(key);
      if (!plan) {
        plan = paginateRows(
          rows,
          pieces.flatMap((piece) => piece.rows.map(() => piece.shared)),
        );
        plans.set(key, plan);
      }
      return plan.map((segments, page) => drawPage(segments, rows, `${key}|${page}`));
    },
    frame: (page, pages) => {
      const key = `${page}/${pages}`;
      let name = frames.get(key);
      if (name === undefined) {
        name = pdf.addForm(drawFrame(pdf, text, page, pages, format, measure), PAGE_WIDTH_PT, PAGE_HEIGHT_PT).name;
        frames.set(key, name);
      }
      return placeForm(name, 0);
    },
  };

  function pieceOf(block: LetterText['blocks'][number], shared: LetterRow[] | null, values: PersonalValues): Piece {
    if (shared) return { shared: true, rows: shared };
    const filled = block.scope === 'personal' ? fillBlock(block, values) : withoutScope(block);
    return { shared: false, rows: letterRows(filled, text.language, measure) };
  }
}

/** Draws pages from their segments; a shared one becomes a form of the document the first time its key is met. */
function createPageDrawer(pdf: PdfWriter) {
  const forms = new Map<string, string>();

  function segmentForm(segment: PageSegment, rows: readonly LetterRow[], key: string): string {
    const name = forms.get(key);
    if (name !== undefined) return name;
    const operators = drawRows(pdf.encode, rows.slice(segment.first, segment.last + 1), segment.tops, segment.heightPt);
    const form = pdf.addForm(operators, PAGE_WIDTH_PT, segment.heightPt);
    forms.set(key, form.name);
    return form.name;
  }

  return (segments: readonly PageSegment[], rows: readonly LetterRow[], key: string): string => {
    let operators = '';
    segments.forEach((segment, index) => {
      const bottomPt = PAGE_HEIGHT_PT - segment.topPt - segment.heightPt;
      if (segment.shared) operators += placeForm(segmentForm(segment, rows, `${key}|${index}`), bottomPt);
      else {
        const own = rows.slice(segment.first, segment.last + 1);
        const tops = segment.tops.map((top) => top + segment.topPt);
        operators += drawRows(pdf.encode, own, tops, PAGE_HEIGHT_PT);
      }
    });
    return operators;
  };
}

function withoutScope(block: LetterText['blocks'][number]): FilledBlock {
  if (block.kind === 'items') throw new TypeError('an items block is personal');
  return block as FilledBlock;
}

function baselineOf(line: number): number {
  return PAGE_HEIGHT_PT - HEAD.topMm * PT_PER_MM - line * HEAD.leadingPt;
}

function widthOf(text: string, sizePt: number, measure: Measure): number {
  let width = 0;
  for (const character of text) width += (measure(character.codePointAt(0) ?? 0) * sizePt) / 1000;
  return width;
}

function drawFrame(
  pdf: PdfWriter,
  text: LetterText,
  page: number,
  pages: number,
  format: LetterFormat,
  measure: Measure,
): string {
  let operators = '';
  if (page === 1) {
    operators += drawHead(pdf, text, format, measure);
    for (const y of FOLD_MARKS_MM) operators += drawLine(4, y, 8, y, 0.4);
  }
  if (pages > 1) {
    const label = `${page} / ${pages}`;
    const x = (A4.widthMm * PT_PER_MM - widthOf(label, 9, measure)) / 2;
    operators += drawText(pdf.encode, label, x, (A4.heightMm - 284) * PT_PER_MM, 9);
  }
  return operators;
}

/** Date and number label to the right margin, the sender as a block whose longest line ends there. */
function drawHead(pdf: PdfWriter, text: LetterText, format: LetterFormat, measure: Measure): string {
  const { head } = text;
  const right = HEAD.rightMm * PT_PER_MM;
  const exposed = exposedArea(format);
  const room = right - (exposed.left + exposed.w + 3) * PT_PER_MM;
  const date = drawText(
    pdf.encode,
    head.date,
    right - widthOf(head.date, HEAD.sizePt, measure),
    baselineOf(0),
    HEAD.sizePt,
  );
  const label = `${head.numberLabel}　`;
  // The widest number decides, so that label and number never touch.
  const labelLeft = right - widthOf(DIGITS, HEAD.sizePt, measure) - widthOf(label, HEAD.sizePt, measure);
  let operators = date + drawText(pdf.encode, label, labelLeft, baselineOf(1), HEAD.sizePt);
  const lines = head.sender.flatMap((line) => breakLines([{ text: line }], HEAD.sizePt, room, measure));
  const left = right - Math.max(0, ...lines.map((line) => line.widthPt));
  lines.forEach((line, index) => {
    const content = line.runs.map((run) => run.text).join('');
    operators += drawText(pdf.encode, content, left, baselineOf(2.8 + index), HEAD.sizePt);
  });
  return operators;
}
