/**
 * Fits an address into the part of the window that stays visible wherever the sheet slides, at the largest readable size, or says that it
 * does not fit. An address that is cut by the frame comes back, and one that slips out of it shows something else.
 */
import type { Measure } from './break-lines.ts';
import {
  BARCODE,
  BARCODE_HEIGHT_MM,
  BARCODE_WIDTH_MM,
  type LetterFormat,
  PT_PER_MM,
  usableWindow,
} from './letter-format.ts';

export type AddressLine = {
  text: string;
  sizePt: number /** From the top of the sheet to the base line. */;
  baselineMm: number;
};

/** `barcodeTopMm` is null when the piece carries no barcode. All from the upper left corner of the sheet. */
export type AddressBlock = { leftMm: number; lines: AddressLine[]; barcodeTopMm: number | null };

export type AddressFit = { kind: 'fits'; block: AddressBlock } | { kind: 'overlong' };

const SIZES_PT = [11, 10.5, 10, 9.5, 9, 8.5, 8];
const NAME_EXTRA_PT = 1.5;
const LEADING = 1.22;
/** The base line lies this part of the size below the top of a line. */
const ASCENT = 0.9;

/** `address` are the lines as they are to be printed, `addressee` the name with its honorific. */
export function fitAddress(
  input: { postcode: string | undefined; address: readonly string[]; addressee: string; hasBarcode: boolean },
  format: LetterFormat,
  measure: Measure,
): AddressFit {
  const box = usableWindow(format);
  if (input.hasBarcode && box.w < BARCODE_WIDTH_MM) return { kind: 'overlong' };
  const barcodeMm = input.hasBarcode ? BARCODE.clearMm + BARCODE_HEIGHT_MM : 0;
  const widthPt = box.w * PT_PER_MM;
  for (const sizePt of SIZES_PT) {
    const nameSizePt = sizePt + NAME_EXTRA_PT;
    const texts = [
      ...(input.postcode ? [{ text: `〒${input.postcode}`, sizePt }] : []),
      ...input.address.flatMap((line) => wrap(line, sizePt, widthPt, measure)).map((text) => ({ text, sizePt })),
      ...wrap(input.addressee, nameSizePt, widthPt, measure).map((text) => ({ text, sizePt: nameSizePt })),
    ];
    const heightMm = texts.reduce((sum, line) => sum + line.sizePt * LEADING, 0) / PT_PER_MM + barcodeMm;
    if (heightMm <= box.h) return { kind: 'fits', block: place(texts, box.left, box.top, input.hasBarcode) };
  }
  return { kind: 'overlong' };
}

function place(
  texts: { text: string; sizePt: number }[],
  leftMm: number,
  topMm: number,
  hasBarcode: boolean,
): AddressBlock {
  let y = topMm;
  const lines = texts.map(({ text, sizePt }) => {
    const baselineMm = y + (sizePt * ASCENT) / PT_PER_MM;
    y += (sizePt * LEADING) / PT_PER_MM;
    return { text, sizePt, baselineMm };
  });
  return { leftMm, lines, barcodeTopMm: hasBarcode ? y + BARCODE.clearMm : null };
}

/** Breaks at a blank when the rest still fits behind it, else between any two characters; an address has no other rules. */
function wrap(text: string, sizePt: number, widthPt: number, measure: Measure): string[] {
  const lines: string[] = [];
  let line = '';
  let width = 0;
  for (const character of text.trim()) {
    const advance = (measure(character.codePointAt(0) ?? 0) * sizePt) / 1000;
    if (line !== '' && width + advance > widthPt) {
      const blank = Math.max(line.lastIndexOf(' '), line.lastIndexOf('　'));
      const rest = blank > line.length / 2 ? line.slice(blank + 1) : '';
      lines.push(rest === '' ? line : line.slice(0, blank));
      line = rest;
      width = 0;
      for (const kept of rest) width += (measure(kept.codePointAt(0) ?? 0) * sizePt) / 1000;
    }
    line += character;
    width += advance;
  }
  return line === '' ? lines : [...lines, line];
}
