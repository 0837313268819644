/**
 * Puts rows on pages. Neighbouring rows of shared blocks become one segment, so that a page is a handful of drawings; a heading never ends
 * a page. The result depends on heights only and is therefore the same for everyone with as many personal rows.
 */
import { A4, BODY_TOP_FIRST_MM, MARGIN, PT_PER_MM } from './letter-format.ts';
import type { LetterRow } from './letter-rows.ts';

/** Rows `first`…`last` (inclusive) of one scope, standing `topPt` below the upper edge of the page. `tops` are relative to it. */
export type PageSegment = {
  shared: boolean;
  first: number;
  last: number;
  topPt: number;
  heightPt: number;
  tops: number[];
};

const FIRST_TOP_PT = BODY_TOP_FIRST_MM * PT_PER_MM;
const TOP_PT = MARGIN.topMm * PT_PER_MM;
const BOTTOM_PT = (A4.heightMm - MARGIN.bottomMm) * PT_PER_MM;

/** `shared[i]` says whether row i is the same for everyone of this shape. A list of pages, each a list of segments in reading order. */
export function paginateRows(rows: readonly LetterRow[], shared: readonly boolean[]): PageSegment[][] {
  const pages: PageSegment[][] = [[]];
  let y = FIRST_TOP_PT;
  let atTop = true;
  rows.forEach((row, index) => {
    if (!atTop && y + neededHeight(rows, index) > BOTTOM_PT) {
      pages.push([]);
      y = TOP_PT;
      atTop = true;
    }
    const top = atTop ? y : y + row.gapPt;
    const segments = pages.at(-1) ?? [];
    addRow(segments, index, shared[index] === true, top, row.heightPt);
    y = top + row.heightPt;
    atTop = false;
  });
  return pages;
}

/** A row that stays with the next one needs room for both. */
function neededHeight(rows: readonly LetterRow[], index: number): number {
  let height = 0;
  for (let at = index; at < rows.length; at++) {
    const row = rows[at];
    if (!row) break;
    height += row.gapPt + row.heightPt;
    if (!row.keepWithNext) break;
  }
  return height;
}

function addRow(segments: PageSegment[], index: number, shared: boolean, topPt: number, heightPt: number): void {
  const open = segments.at(-1);
  if (open && open.shared === shared && open.last === index - 1) {
    open.tops.push(topPt - open.topPt);
    open.last = index;
    open.heightPt = topPt + heightPt - open.topPt;
  } else segments.push({ shared, first: index, last: index, topPt, heightPt, tops: [0] });
}
