/**
 * Where things stand on the sheet: A4 folded in three for a 長形3号 window envelope. All measures are millimetres from the upper left
 * corner of the sheet, type sizes are points.
 */

import { readFile } from 'node:fs/promises';
import { sha256Hex } from '../../kernel/canonical.ts';
import { letterFontPath } from '../../platform/formats/pdf.ts';

export const PT_PER_MM = 72 / 25.4;
export const A4 = { widthMm: 210, heightMm: 297 } as const;

/** A window as envelope makers quote it, seen from the front with the flap on the left or above (landscape). */
export type EnvelopeWindow = { w: number; h: number; left: number; top: number };

export type LetterFormat = {
  readonly window: EnvelopeWindow;
  /** How far the folded sheet can travel inside the envelope. */
  readonly slack: { x: number; y: number };
  /** Kept free between the address block and the window's frame at both ends of that travel (Japan Post asks for 2 mm around a barcode). */
  readonly clearMm: number;
};

/**
 * Stock 長形3号 (235 × 120) with a 90 × 45 window. A folded A4 is 210 × 99; seams and paper take about 4 mm of the nominal 25 × 21 mm of
 * play. Another stock is another value here; makers' figures differ by millimetres, so a sample of the real stock decides.
 */
export const STOCK_FORMAT: LetterFormat = {
  window: { w: 90, h: 45, left: 20, top: 12 },
  slack: { x: 21, y: 17 },
  clearMm: 2,
};

export const MARGIN = { leftMm: 24, rightMm: 24, topMm: 26, bottomMm: 24 } as const;

/** The body starts below everything that the window can ever show. */
export const BODY_TOP_FIRST_MM = 76;
/** Date, number and sender stand right of everything that the window can ever show. */
export const HEAD = { rightMm: 186, topMm: 20, sizePt: 9.5, leadingPt: 14 } as const;

export const BODY = { sizePt: 10.5, leadingPt: 17.5 } as const;
export const TITLE = { sizePt: 14, leadingPt: 24, gapPt: 10 } as const;
export const PARAGRAPH_GAP_PT = 5;
export const HEADING_GAP_PT = 9;

export const FOLD_MARKS_MM = [99, 198] as const;

/** The lower right corner of each sheet: the 2D code and the line that an inserter's camera reads (domain: insertion control). */
export const CONTROL = { rightMm: 198, bottomMm: 287, moduleMm: 0.5, sizePt: 6 } as const;

/** Type 8 pt of Japan Post's table: the smallest barcode machines read. Bars are 0.6 mm × 8/10 wide, one width apart. */
export const BARCODE = { scale: 0.8, barMm: 0.6, longMm: 3.6, clearMm: 2 } as const;

/** Width of 67 bars and 66 spaces. */
export const BARCODE_WIDTH_MM = 133 * BARCODE.barMm * BARCODE.scale;
export const BARCODE_HEIGHT_MM = BARCODE.longMm * BARCODE.scale;

export type Box = { left: number; top: number; w: number; h: number };

/** The part of the sheet that stays visible wherever the sheet lies in the envelope: usable = window − slack − 2 × clear. */
export function usableWindow(format: LetterFormat): Box {
  const { window, slack, clearMm } = format;
  return {
    left: window.left + clearMm,
    top: window.top + clearMm,
    w: window.w - slack.x - 2 * clearMm,
    h: window.h - slack.y - 2 * clearMm,
  };
}

/** The part of the sheet that can ever show through the window; nothing but the address may be printed there. */
export function exposedArea(format: LetterFormat): Box {
  const { window, slack } = format;
  return {
    left: window.left - slack.x,
    top: window.top - slack.y,
    w: window.w + slack.x,
    h: window.h + slack.y,
  };
}

/** Changes whenever the same input would give other bytes: part of what a plan's hash covers. */
export const rendererVersion = 'letters-1';

let fontsHash: Promise<string> | undefined;

/** SHA-256 of the letter font's file; read once per process. */
export async function fontsSha256(): Promise<string> {
  fontsHash ??= readFile(letterFontPath()).then(sha256Hex);
  return await fontsHash;
}
