/**
 * PDF operators for what a letter is made of. Lengths come in points or millimetres from the upper left corner and leave in PDF's own
 * coordinates (points from the lower left corner of the given height).
 */
import type { QrBitmap } from '../../platform/formats/qr.ts';
import type { Bar } from './customer-barcode.ts';
import { A4, BARCODE_HEIGHT_MM, BARCODE_WIDTH_MM, PT_PER_MM } from './letter-format.ts';
import type { LetterRow, Span } from './letter-rows.ts';

export type Encode = (text: string) => string;

export const PAGE_WIDTH_PT = A4.widthMm * PT_PER_MM;
export const PAGE_HEIGHT_PT = A4.heightMm * PT_PER_MM;
/** The base line within a row. */
const BASELINE = 0.75;
/** Bold is drawn as an outline of this part of the size: a second weight would double the font in every lot for five headings. */
const BOLD_STROKE = 0.028;

/** Shortest form with a hundredth of a point (4 µm). */
export function num(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** One line of text with its base line `yPt` above the lower edge. */
export function drawText(encode: Encode, text: string, xPt: number, yPt: number, sizePt: number): string {
  return `BT /F1 ${num(sizePt)} Tf 1 0 0 1 ${num(xPt)} ${num(yPt)} Tm ${encode(text)} Tj ET\n`;
}

/** Rows below each other; `tops[i]` is the top of row i below the upper edge of an area `heightPt` high. */
export function drawRows(
  encode: Encode,
  rows: readonly LetterRow[],
  tops: readonly number[],
  heightPt: number,
): string {
  let operators = '';
  rows.forEach((row, index) => {
    const first = row.spans[0];
    const leadingPt = first ? Math.min(row.heightPt, first.sizePt * 1.7) : row.heightPt;
    const y = heightPt - (tops[index] ?? 0) - leadingPt * BASELINE;
    for (const span of row.spans) operators += drawSpan(encode, span, y);
  });
  return operators;
}

function drawSpan(encode: Encode, span: Span, yPt: number): string {
  const text = `/F1 ${num(span.sizePt)} Tf 1 0 0 1 ${num(span.xPt)} ${num(yPt)} Tm ${encode(span.text)} Tj`;
  const spacing = span.spacingPt === 0 ? '' : `${(Math.round(span.spacingPt * 1000) / 1000).toString()} Tc `;
  if (span.bold) return `q BT 2 Tr ${num(span.sizePt * BOLD_STROKE)} w ${spacing}${text} ET Q\n`;
  return spacing === '' ? `BT ${text} ET\n` : `q BT ${spacing}${text} ET Q\n`;
}

/** Places a form whose lower edge is `bottomPt` above the page's. */
export function placeForm(name: string, bottomPt: number): string {
  return bottomPt === 0 ? `/${name} Do\n` : `q 1 0 0 1 0 ${num(bottomPt)} cm /${name} Do Q\n`;
}

export function drawLine(x1Mm: number, y1Mm: number, x2Mm: number, y2Mm: number, widthPt: number): string {
  const point = (x: number, y: number) => `${num(x * PT_PER_MM)} ${num(PAGE_HEIGHT_PT - y * PT_PER_MM)}`;
  return `${num(widthPt)} w ${point(x1Mm, y1Mm)} m ${point(x2Mm, y2Mm)} l S\n`;
}

/** A bitmap of dark modules as an inline image mask: 100 bytes where rectangles would take 3,000. */
function drawMask(
  bits: Uint8Array,
  columns: number,
  rows: number,
  leftMm: number,
  topMm: number,
  wMm: number,
  hMm: number,
): string {
  const w = num(wMm * PT_PER_MM);
  const h = num(hMm * PT_PER_MM);
  const x = num(leftMm * PT_PER_MM);
  const y = num(PAGE_HEIGHT_PT - (topMm + hMm) * PT_PER_MM);
  const data = Buffer.from(bits).toString('hex');
  return `q ${w} 0 0 ${h} ${x} ${y} cm BI /W ${columns} /H ${rows} /BPC 1 /IM true /D [1 0] /F /AHx ID ${data}>\nEI Q\n`;
}

export function drawQr(qr: QrBitmap, leftMm: number, topMm: number, moduleMm: number): string {
  return drawMask(qr.rows, qr.size, qr.size, leftMm, topMm, qr.size * moduleMm, qr.size * moduleMm);
}

/** 67 bars and 66 spaces of one width are 133 columns; a full bar is three rows of one third each. */
export function drawBarcode(bars: readonly Bar[], leftMm: number, topMm: number): string {
  const columns = bars.length * 2 - 1;
  const stride = Math.ceil(columns / 8);
  const bits = new Uint8Array(stride * 3);
  bars.forEach((bar, index) => {
    const column = index * 2;
    const thirds = [bar === 'F' || bar === 'A', true, bar === 'F' || bar === 'D'];
    thirds.forEach((dark, row) => {
      const at = row * stride + (column >> 3);
      if (dark) bits[at] = (bits[at] ?? 0) | (0x80 >> (column & 7));
    });
  });
  return drawMask(bits, columns, 3, leftMm, topMm, BARCODE_WIDTH_MM, BARCODE_HEIGHT_MM);
}
