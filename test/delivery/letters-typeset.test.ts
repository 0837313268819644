// A small lot typeset as a whole: the same bytes each time, text that can be read back, marks that can be decoded, nothing beside the address
// in the window.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Bar } from '../../src/delivery/letters/customer-barcode.ts';
import { exposedArea, STOCK_FORMAT, usableWindow } from '../../src/delivery/letters/letter-format.ts';
import { type TypesetOutput, typesetLot } from '../../src/delivery/letters/typeset-lot.ts';
import { sha256Hex } from '../../src/kernel/canonical.ts';
import { sampleLot } from '../bench/sample-letters.ts';
import { readCustomerBarcode } from '../support/read-customer-barcode.ts';

const LOT = sampleLot(6);
let lot: TypesetOutput;
let file: string;

beforeAll(async () => {
  lot = await typesetLot(LOT);
  file = join(mkdtempSync(join(tmpdir(), 'owabi-lot-')), 'letters.pdf');
  writeFileSync(file, lot.pdf);
});

/** Every deflated stream of the document, in order, as Latin-1 text. */
function streams(pdf: Uint8Array): string[] {
  const found: string[] = [];
  const data = Buffer.from(pdf);
  for (let at = data.indexOf('stream\n'); at >= 0; at = data.indexOf('stream\n', at + 1)) {
    if (data.subarray(at - 3, at).toString('latin1') === 'end') continue;
    try {
      found.push(inflateSync(data.subarray(at + 7)).toString('latin1'));
    } catch {
      // Not deflated.
    }
  }
  return found;
}

const pageStreams = () => streams(lot.pdf).filter((text) => text.includes('/W 25 /H 25'));

function readBars(page: string): Bar[] | null {
  const bits = /\/W 133 \/H 3 .*? ID ([0-9a-f]+)>/.exec(page)?.[1];
  if (bits === undefined) return null;
  const rows = Buffer.from(bits, 'hex');
  const isDark = (row: number, column: number) =>
    ((rows[row * 17 + (column >> 3)] ?? 0) & (0x80 >> (column & 7))) !== 0;
  return Array.from({ length: 67 }, (_, index) => {
    const [top, , bottom] = [0, 1, 2].map((row) => isDark(row, index * 2));
    return top && bottom ? 'F' : top ? 'A' : bottom ? 'D' : 'T';
  });
}

describe('a typeset lot', () => {
  it('has the same bytes each time', async () => {
    expect(sha256Hex((await typesetLot(LOT)).pdf)).toBe(sha256Hex(lot.pdf));
  });

  it('says for each piece where it stands and what it carries', () => {
    expect(lot.pieces).toHaveLength(6);
    expect(lot.pages).toBe(lot.pieces.reduce((sum, piece) => sum + (piece.kind === 'set' ? piece.sheets : 0), 0));
    expect(lot.pieces[0]).toMatchObject({ kind: 'set', seq: 1, pageFrom: 1, barcode: '1000013 1-1-1' });
  });

  it('draws bars that read as the address of each piece', () => {
    const read = pageStreams().flatMap((page) => {
      const bars = readBars(page);
      return bars ? [readCustomerBarcode(bars)] : [];
    });
    const expected = lot.pieces.map((piece) => (piece.kind === 'set' ? piece.barcode : null));
    expect(read.map((code, index) => expected[index]?.startsWith(`${code?.postcode} ${code?.addressNumber}`))).toEqual(
      Array(6).fill(true),
    );
  });

  it('prints nothing but the address block where the window can ever show', () => {
    const area = exposedArea(STOCK_FORMAT);
    const usable = usableWindow(STOCK_FORMAT);
    const mm = (points: string | undefined) => (Number(points) * 25.4) / 72;
    for (const page of streams(lot.pdf).filter((text) => text.includes(' Tm '))) {
      // Forms of the body are drawn in their own coordinates and placed below; frames and pages use the sheet's.
      if (!page.includes('/W 25') && !page.includes(' l S')) continue;
      for (const [, x, y] of page.matchAll(/1 0 0 1 ([\d.]+) ([\d.]+) Tm/g)) {
        const [left, top] = [mm(x), 297 - mm(y)];
        const isExposed = left < area.left + area.w && top < area.top + area.h;
        if (isExposed) expect(left).toBeCloseTo(usable.left, 1);
      }
    }
  });

  it('keeps within 1,500 bytes a letter in a full lot', async () => {
    const full = await typesetLot(sampleLot(1_000));
    expect(full.pdf.length / 1_000).toBeLessThan(1_500);
    expect(full.pieces.every((piece) => piece.kind === 'set')).toBe(true);
  });

  it.skipIf(spawnSync('pdftotext', ['-v']).error !== undefined)('can be read as text, page by page', () => {
    const text = execFileSync('pdftotext', ['-f', '1', '-l', '2', file, '-'], { encoding: 'utf8' });
    for (const words of [
      '〒100-0013',
      '東京都千代田区霞が関1丁目1番1号',
      '通知番号',
      LOT.pieces[0]?.values.number ?? '?',
      '代表取締役社長',
      '個人情報の漏えいに関するお詫びとお知らせ',
      '氏名',
      '以上',
    ]) {
      expect(text).toContain(words);
    }
    expect(text).not.toContain(LOT.pieces[1]?.values.number);
  });
});

describe('a piece that cannot be printed faithfully', () => {
  it('is held back with its reason, the others keep their places', async () => {
    const input = sampleLot(4);
    const [one, two, three] = input.pieces;
    if (!one || !two || !three) throw new Error('a lot of four has three');
    one.values = { ...one.values, name: '𪚥野 一郎', addressee: '𪚥野 一郎 様' };
    two.address = ['東京都千代田区'.repeat(30)];
    three.address = [' '];
    const output = await typesetLot(input);
    expect(output.pieces).toMatchObject([
      { kind: 'held', seq: 1, reason: 'GLYPH_MISSING', characters: ['𪚥'] },
      { kind: 'held', seq: 2, reason: 'ADDRESS_OVERLONG' },
      { kind: 'held', seq: 3, reason: 'ADDRESS_MISSING' },
      { kind: 'set', seq: 4, pageFrom: 1 },
    ]);
  });
});
