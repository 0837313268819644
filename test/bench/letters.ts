/**
 * Finished letters per second on one core, against the two usual ways with the same library, the same font and the same text: a document per
 * letter, and one document of 1,000 pages that draws every page anew.
 */
import PDFDocument from 'pdfkit';
import { customerBarcode } from '../../src/delivery/letters/customer-barcode.ts';
import { formatControlCode } from '../../src/delivery/letters/piece-code.ts';
import { type TypesetPiece, typesetLot } from '../../src/delivery/letters/typeset-lot.ts';
import { fillBlock, type LetterText } from '../../src/notice/letter-text.ts';
import { letterFontPath } from '../../src/platform/formats/pdf.ts';
import { createQr } from '../../src/platform/formats/qr.ts';
import { sampleLot, samplePiece, sampleText } from './sample-letters.ts';

const LOT_PIECES = 1_000;
const SINGLE_DOCUMENTS = 4;
const PT_PER_MM = 72 / 25.4;

/** `size` is the number of letters; ours runs over whole lots after one lot of warming up, as a thread of a worker does. */
export const lettersCase = {
  name: 'letters',
  unit: 'letters/s',
  defaultSize: 5_000,
  async run(
    size: number,
  ): Promise<{ ours: number; peers: { name: string; value: number }[]; peakMemoryMb: number; bytesPerLetter: number }> {
    let peak = process.memoryUsage().rss;
    const sample = () => {
      peak = Math.max(peak, process.memoryUsage().rss);
    };
    await typesetLot(sampleLot(LOT_PIECES));
    const rates: number[] = [];
    const single: number[] = [];
    let letters = 0;
    let bytes = 0;
    for (let first = 0; first < size; first += LOT_PIECES) {
      const input = sampleLot(Math.min(LOT_PIECES, size - first), first);
      const start = performance.now();
      const output = await typesetLot(input);
      rates.push(input.pieces.length / ((performance.now() - start) / 1000));
      letters += output.pieces.length;
      bytes += output.pdf.length;
      sample();
      // Between the lots, so that what else the machine does falls on both alike.
      single.push(await rate(SINGLE_DOCUMENTS, () => drawDocuments(SINGLE_DOCUMENTS, 1)));
    }
    const peakMemoryMb = Math.round(peak / 1e6);
    const whole = await rate(LOT_PIECES, () => drawDocuments(1, LOT_PIECES));
    return {
      ours: round(median(rates)),
      peers: [
        { name: 'one pdfkit document per letter', value: round(median(single)) },
        { name: 'one pdfkit document of 1,000 letters, no shared drawings', value: round(whole) },
      ],
      peakMemoryMb,
      bytesPerLetter: Math.round(bytes / letters),
    };
  },
};

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

async function rate(letters: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return letters / ((performance.now() - start) / 1000);
}

async function drawDocuments(documents: number, lettersEach: number): Promise<number> {
  let bytes = 0;
  for (let document = 0; document < documents; document += 1) {
    const pdf = new PDFDocument({
      size: 'A4',
      autoFirstPage: false,
      margins: { left: 68, right: 68, top: 74, bottom: 68 },
    });
    pdf.on('data', (chunk: Uint8Array) => {
      bytes += chunk.length;
    });
    const ended = new Promise((resolve) => pdf.on('end', resolve));
    pdf.font(letterFontPath());
    for (let letter = 0; letter < lettersEach; letter += 1)
      drawLetter(pdf, samplePiece(document * lettersEach + letter), sampleText);
    pdf.end();
    await ended;
  }
  return bytes;
}

/** The same letter with pdfkit's own text layout and vector drawings. */
function drawLetter(pdf: PDFKit.PDFDocument, piece: TypesetPiece, text: LetterText): void {
  pdf.addPage();
  pdf
    .fontSize(10)
    .text([`〒${piece.postcode}`, ...piece.address, piece.values.addressee].join('\n'), 62, 40, { width: 190 });
  const bars = customerBarcode(piece.postcode, piece.barcodeAddress ?? '')?.bars ?? [];
  bars.forEach((bar, index) => {
    const top = bar === 'F' || bar === 'A' ? 0 : 1;
    const bottom = bar === 'F' || bar === 'D' ? 3 : 2;
    pdf.rect(62 + index * 0.96 * PT_PER_MM, 110 + top * 2.7, 0.48 * PT_PER_MM, (bottom - top) * 2.7).fill('black');
  });
  pdf
    .fontSize(9.5)
    .text([text.head.date, `${text.head.numberLabel} ${piece.values.number}`, ...text.head.sender].join('\n'), 340, 56);
  pdf.fontSize(10.5).text('', 68, 215);
  for (const block of text.blocks) {
    const filled = block.scope === 'personal' ? fillBlock(block, piece.values) : block;
    if (filled.kind === 'list') for (const item of filled.items) pdf.text(`・${item.map((run) => run.text).join('')}`);
    else if ('runs' in filled) pdf.text(filled.runs.map((run) => ('text' in run ? run.text : '')).join(''));
    pdf.moveDown(0.4);
  }
  const qr = createQr(formatControlCode(piece.number, 1, piece.seq, 1, 1));
  const stride = Math.ceil(qr.size / 8);
  for (let y = 0; y < qr.size; y += 1) {
    for (let x = 0; x < qr.size; x += 1) {
      if ((qr.rows[y * stride + (x >> 3)] ?? 0) & (0x80 >> (x & 7))) pdf.rect(520 + x * 1.4, 775 + y * 1.4, 1.4, 1.4);
    }
  }
  pdf.fill('black');
}
