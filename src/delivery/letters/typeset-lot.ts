/**
 * Typesets the letters of one lot into one document. The same input gives the same bytes, so that a job that was killed and runs again
 * hands the print house the file whose hash was already stored. Pieces that cannot be printed faithfully are held back, never mended.
 */
import type { LetterText, PersonalValues } from '../../notice/letter-text.ts';
import { createPdf, findMissingGlyphs, letterFontPath, openFont, type PdfFont } from '../../platform/formats/pdf.ts';
import { createQr } from '../../platform/formats/qr.ts';
import { type AddressBlock, fitAddress } from './address-block.ts';
import { type CustomerBarcode, customerBarcode } from './customer-barcode.ts';
import { drawBarcode, drawQr, drawText, PAGE_HEIGHT_PT, PAGE_WIDTH_PT } from './draw.ts';
import { type LetterLayout, layOutLetter } from './lay-out-letter.ts';
import { CONTROL, HEAD, type LetterFormat, PT_PER_MM } from './letter-format.ts';
import { formatControlCode } from './piece-code.ts';
import { printedForm } from './printed-form.ts';

export type TypesetPiece = {
  /** 1… within the lot. */
  seq: number;
  /** 12 digits. */
  number: string;
  /** Index into `texts`. */
  text: number;
  values: PersonalValues;
  /** NNN-NNNN as printed. */
  postcode: string | undefined;
  address: string[];
  /** The address behind the town that the postcode names; null where no barcode may be printed. */
  barcodeAddress: string | null;
};

export type TypesetInput = {
  lotNumber: number;
  title: string;
  createdAt: string;
  language: 'ja' | 'en';
  format: LetterFormat;
  /** Says what the 2D code is for, so that nobody takes it for a link. */
  controlCaption: string;
  substitutes: Record<string, string>;
  texts: LetterText[];
  pieces: TypesetPiece[];
};

/** `pageFrom` counts from 1 in the document. */
export type SetPiece = {
  kind: 'set';
  seq: number;
  pageFrom: number;
  sheets: number;
  barcode: string | null;
  addressee: string;
  address: string[];
  substituted: string[];
};
export type HeldPiece = {
  kind: 'held';
  seq: number;
  reason: 'ADDRESS_OVERLONG' | 'GLYPH_MISSING' | 'ADDRESS_MISSING';
  characters: string[];
};
export type TypesetOutput = { pdf: Uint8Array; pages: number; pieces: (SetPiece | HeldPiece)[] };

type Prepared = {
  set: Omit<SetPiece, 'pageFrom' | 'sheets'>;
  values: PersonalValues;
  block: AddressBlock;
  bars: CustomerBarcode | null;
};

/** Throws TypeError when a shared text itself needs a character that the font lacks; `approve` refuses such a text long before. */
export async function typesetLot(input: TypesetInput): Promise<TypesetOutput> {
  const font = openFont(letterFontPath());
  const pdf = createPdf({
    font,
    title: input.title,
    language: input.language,
    createdAt: new Date(input.createdAt),
    pageWidthPt: PAGE_WIDTH_PT,
    pageHeightPt: PAGE_HEIGHT_PT,
  });
  const layouts = input.texts.map((text) => layOutLetter(pdf, checkedText(font, text), input.format, font.advance));
  const caption = pdf.addForm(drawCaption(pdf.encode, input.controlCaption, font), PAGE_WIDTH_PT, PAGE_HEIGHT_PT);
  const results: (SetPiece | HeldPiece)[] = [];
  let pages = 0;
  for (const piece of input.pieces) {
    const prepared = preparePiece(font, piece, input);
    const layout = layouts[piece.text];
    if (!layout) throw new TypeError(`no text ${piece.text}`);
    if ('kind' in prepared) {
      results.push(prepared);
      continue;
    }
    const bodies = layout.body(prepared.values);
    bodies.forEach((body, index) => {
      const head = index === 0 ? drawFirstHead(pdf.encode, font, layout, prepared) : '';
      const control = drawControl(pdf.encode, font, piece, input.lotNumber, index + 1, bodies.length);
      pdf.addPage(`${layout.frame(index + 1, bodies.length)}${head}${body}/${caption.name} Do\n${control}`);
    });
    results.push({ ...prepared.set, pageFrom: pages + 1, sheets: bodies.length });
    pages += bodies.length;
  }
  return { pdf: await pdf.finish(), pages, pieces: results };
}

function checkedText(font: PdfFont, text: LetterText): LetterText {
  const runs = text.blocks.flatMap((block) => {
    if (block.kind === 'list') return block.items.flat();
    return block.kind === 'items' ? block.entry : block.runs;
  });
  const words = [
    ...runs.map((run) => ('text' in run ? run.text : '')),
    text.head.date,
    text.head.numberLabel,
    ...text.head.sender,
  ];
  const missing = findMissingGlyphs(font, words.join(''));
  if (missing.length > 0) throw new TypeError(`the letter font lacks ${missing.join(' ')} of the text ${text.shape}`);
  return text;
}

function preparePiece(font: PdfFont, piece: TypesetPiece, input: TypesetInput): Prepared | HeldPiece {
  const held = (reason: HeldPiece['reason'], characters: string[] = []): HeldPiece => ({
    kind: 'held',
    seq: piece.seq,
    reason,
    characters,
  });
  if (piece.address.every((line) => line.trim() === '')) return held('ADDRESS_MISSING');
  const substituted = new Set<string>();
  const missing = new Set<string>();
  const print = (stored: string): string => {
    const form = printedForm(font, stored, input.substitutes);
    for (const character of form.substituted) substituted.add(character);
    for (const character of form.missing) missing.add(character);
    return form.text;
  };
  const { values } = piece;
  const printed: PersonalValues = {
    name: print(values.name),
    honorific: print(values.honorific),
    addressee: print(values.addressee),
    guardian: print(values.guardian),
    number: values.number,
    items: values.items.map(print),
  };
  const address = piece.address.map(print);
  if (missing.size > 0) return held('GLYPH_MISSING', [...missing]);
  const bars = piece.barcodeAddress === null ? null : customerBarcode(piece.postcode, piece.barcodeAddress);
  const fit = fitAddress(
    { postcode: piece.postcode, address, addressee: printed.addressee, hasBarcode: bars !== null },
    input.format,
    font.advance,
  );
  if (fit.kind === 'overlong') return held('ADDRESS_OVERLONG');
  return {
    set: {
      kind: 'set',
      seq: piece.seq,
      barcode: bars ? `${bars.postcode} ${bars.addressNumber}` : null,
      addressee: printed.addressee,
      address,
      substituted: [...substituted],
    },
    values: printed,
    block: fit.block,
    bars,
  };
}

/** What stands above the body of the first sheet only: the window's address block and the notice number. */
function drawFirstHead(
  encode: (text: string) => string,
  font: PdfFont,
  layout: LetterLayout,
  prepared: Prepared,
): string {
  const { block, bars, values } = prepared;
  let operators = '';
  for (const line of block.lines) {
    const y = PAGE_HEIGHT_PT - line.baselineMm * PT_PER_MM;
    operators += drawText(encode, line.text, block.leftMm * PT_PER_MM, y, line.sizePt);
  }
  if (bars && block.barcodeTopMm !== null) operators += drawBarcode(bars.bars, block.leftMm, block.barcodeTopMm);
  const numberLeft = layout.number.rightPt - font.width(values.number, HEAD.sizePt);
  return operators + drawText(encode, values.number, numberLeft, layout.number.baselinePt, HEAD.sizePt);
}

/** 25 modules: version 2, which every control code fits (38 characters at level M). */
const QR_MODULES = 25;
const QR_LEFT_MM = CONTROL.rightMm - QR_MODULES * CONTROL.moduleMm;
const QR_TOP_MM = CONTROL.bottomMm - QR_MODULES * CONTROL.moduleMm;
const QR_QUIET_MM = 4 * CONTROL.moduleMm;

function drawControl(
  encode: (text: string) => string,
  font: PdfFont,
  piece: TypesetPiece,
  lot: number,
  sheet: number,
  sheets: number,
): string {
  const code = formatControlCode(piece.number, lot, piece.seq, sheet, sheets);
  const x = (QR_LEFT_MM - QR_QUIET_MM) * PT_PER_MM - font.width(code, CONTROL.sizePt);
  const y = PAGE_HEIGHT_PT - CONTROL.bottomMm * PT_PER_MM;
  return drawText(encode, code, x, y, CONTROL.sizePt) + drawQr(createQr(code), QR_LEFT_MM, QR_TOP_MM, CONTROL.moduleMm);
}

function drawCaption(encode: (text: string) => string, caption: string, font: PdfFont): string {
  const x = (QR_LEFT_MM - QR_QUIET_MM) * PT_PER_MM - font.width(caption, CONTROL.sizePt);
  const y = PAGE_HEIGHT_PT - CONTROL.bottomMm * PT_PER_MM + CONTROL.sizePt * 1.4;
  return drawText(encode, caption, x, y, CONTROL.sizePt);
}
