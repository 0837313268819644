// The small decisions of a letter: printed forms, lines, the window, numbers, and what vendors' files say.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressBehindTown } from '../../src/delivery/letters/address-behind-town.ts';
import { fitAddress } from '../../src/delivery/letters/address-block.ts';
import { breakLines } from '../../src/delivery/letters/break-lines.ts';
import { BARCODE_WIDTH_MM, PT_PER_MM, STOCK_FORMAT, usableWindow } from '../../src/delivery/letters/letter-format.ts';
import { blockingLots } from '../../src/delivery/letters/lot-account.ts';
import {
  formatCharacterReport,
  formatLotManifest,
  formatPickList,
  formatRanges,
} from '../../src/delivery/letters/manifest.ts';
import { formatControlCode, formatPieceNumber, readPieceCode } from '../../src/delivery/letters/piece-code.ts';
import { printedForm } from '../../src/delivery/letters/printed-form.ts';
import { readReturnReason } from '../../src/delivery/letters/return-reason.ts';
import { pieceText, readProductionFile, readReturnsFile } from '../../src/delivery/letters/vendor-file.ts';
import { newNoticeNumber } from '../../src/kernel/ids.ts';
import { findMissingGlyphs, letterFontPath, openFont } from '../../src/platform/formats/pdf.ts';
import { createQr } from '../../src/platform/formats/qr.ts';
import { saidBy } from '../support/said.ts';

const font = openFont(letterFontPath());
const full = () => 1_000;

describe('the printed form', () => {
  it('keeps 髙 﨑 and the compatibility ideograph U+FA19 as they are', () => {
    expect(printedForm(font, '髙橋 﨑子 \ufa19', {})).toEqual({
      text: '髙橋 﨑子 \ufa19',
      substituted: [],
      missing: [],
    });
  });

  it('uses an approved substitute for a missing character only, and names both', () => {
    expect(printedForm(font, '𠮷田 髙', { 𠮷: '吉', 髙: '高' })).toEqual({
      text: '吉田 髙',
      substituted: ['𠮷'],
      missing: [],
    });
    expect(printedForm(font, '𠮷田', {})).toMatchObject({ missing: ['𠮷'] });
  });

  it('never drops a variation selector or a mark', () => {
    expect(findMissingGlyphs(font, '葛\u{e0100}城')).toEqual(['葛\u{e0100}']);
    expect(printedForm(font, 'カ\u3099', {})).toMatchObject({ text: 'ガ', missing: [] });
  });
});

describe('lines', () => {
  const texts = (text: string, characters: number) =>
    breakLines([{ text }], 10, characters * 10, full).map((line) => line.runs.map((run) => run.text).join(''));

  it('never begin with a closing mark nor end with an opening one', () => {
    expect(texts('あいうえお。かき', 5)).toEqual(['あいうえ', 'お。かき']);
    expect(texts('あいうえ「かき」', 5)).toEqual(['あいうえ', '「かき」']);
  });

  it('keep telephone numbers and addresses of pages whole', () => {
    expect(texts('電話は0120-000-000まで', 12)).toEqual(['電話は', '0120-000-000', 'まで'.slice(0, 2)]);
  });

  // Widths in characters of ten points; what a line takes is what its runs take.
  it.each<[string, Parameters<typeof breakLines>[0], number, [string, number, boolean][]]>([
    [
      'fill the width exactly',
      [{ text: 'あいうえおか' }],
      3,
      [
        ['あいう', 30, false],
        ['えおか', 30, true],
      ],
    ],
    [
      'take a blank at the end away',
      [{ text: 'ab cd' }],
      3,
      [
        ['ab', 20, false],
        ['cd', 20, true],
      ],
    ],
    [
      'begin with no blank',
      [{ text: 'あい うえ' }],
      2,
      [
        ['あい', 20, false],
        ['うえ', 20, true],
      ],
    ],
    [
      'keep a blank within the second line as well',
      [{ text: 'abcde fg hi' }],
      5,
      [
        ['abcde', 50, false],
        ['fg hi', 50, true],
      ],
    ],
    ['keep the blank that the text begins with', [{ text: ' あ' }], 5, [[' あ', 20, true]]],
    [
      'part a word that is wider than the line',
      [{ text: 'abcdef' }],
      4,
      [
        ['abcd', 40, false],
        ['ef', 20, true],
      ],
    ],
    [
      'glue an opening bracket to what it opens',
      [{ text: 'あ（い' }],
      2,
      [
        ['あ', 10, false],
        ['（い', 20, true],
      ],
    ],
    ['are one empty line of nothing', [{ text: '' }], 5, [['', 0, true]]],
  ])('%s', (_, runs, characters, expected) => {
    const lines = breakLines(runs, 10, characters * 10, full);
    expect(lines.map(({ runs, widthPt, last }) => [runs.map(({ text }) => text).join(''), widthPt, last])).toEqual(
      expected,
    );
  });

  it('keep what is bold apart, and join what is not', () => {
    const runs = [{ text: 'あ' }, { text: 'い' }, { text: 'う', bold: true as const }, { text: '。' }];
    expect(breakLines(runs, 10, 100, full)[0]?.runs).toEqual([
      { text: 'あい' },
      { text: 'う', bold: true },
      { text: '。' },
    ]);
    expect(breakLines([{ text: 'あ', bold: true }], 10, 100, full)[0]?.runs).toEqual([{ text: 'あ', bold: true }]);
  });

  it('lose no character, whatever the width', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('あ', '。', '「', 'a', '1', '漢', 'ー'), maxLength: 60 }),
        fc.integer({ min: 1, max: 30 }),
        (text, width) => {
          expect(texts(text, width).join('')).toBe(text);
        },
      ),
    );
  });
});

describe('the address block', () => {
  const person = { postcode: '100-0013', addressee: '見本 太郎 様', hasBarcode: true };
  it('fits into the part of the window that is always visible, barcode included', () => {
    const usable = usableWindow(STOCK_FORMAT);
    expect(usable.w).toBeGreaterThanOrEqual(BARCODE_WIDTH_MM);
    const fit = fitAddress(
      { ...person, address: ['東京都千代田区霞が関1丁目3番2号', 'みほんビルディング503号室'] },
      STOCK_FORMAT,
      font.advance,
    );
    if (fit.kind !== 'fits') throw new Error('it should fit');
    for (const line of fit.block.lines) {
      expect(font.width(line.text, line.sizePt) / PT_PER_MM).toBeLessThanOrEqual(usable.w + 0.01);
      expect(line.baselineMm).toBeLessThan(usable.top + usable.h);
    }
    expect((fit.block.barcodeTopMm ?? 0) + 2.88).toBeLessThanOrEqual(usable.top + usable.h + 0.01);
  });

  it('refuses an address that no readable size makes fit', () => {
    expect(fitAddress({ ...person, address: ['あ'.repeat(150)] }, STOCK_FORMAT, font.advance)).toEqual({
      kind: 'overlong',
    });
  });

  it('finds what follows the town of the postcode, and nothing when the town is not there', () => {
    expect(addressBehindTown('100-0013', ['東京都千代田区霞ヶ関１－３－２', 'ビル503'])).toBe('1-3-2 ビル503');
    expect(addressBehindTown('9800811', ['仙台市青葉区一番町3-7-1'])).toBe('3-7-1');
    expect(addressBehindTown('1000013', ['東京都千代田区永田町1-1'])).toBeNull();
    expect(addressBehindTown('1000013', ['千代田区霞が関', '1-3-2'])).toBe(' 1-3-2');
    expect(addressBehindTown('1000013', ['東京都 千代田区 霞ガ関 1'])).toBe(' 1');
    expect(addressBehindTown('0440013', ['倶知安町南三条東1-2'])).toBe(
      addressBehindTown('0440013', ['北海道虻田郡倶知安町南3条東1-2']),
    );
    expect(addressBehindTown('9999999', ['東京都千代田区霞が関1'])).toBeNull();
    expect(addressBehindTown('1000013', [''])).toBeNull();
  });
});

describe('numbers of pieces', () => {
  it('are read in every form that people and scanners give back', () => {
    const number = newNoticeNumber();
    const grouped = number.replace(/(\d{4})(?=\d)/g, '$1-');
    expect(readPieceCode(formatPieceNumber(number, 2))).toMatchObject({ noticeNumber: number, cycle: 2 });
    expect(readPieceCode(` ${grouped} `)).toMatchObject({ noticeNumber: number, cycle: null });
    expect(readPieceCode(formatControlCode(number, 12, 345, 1, 2))).toMatchObject({
      noticeNumber: number,
      cycle: null,
      place: { lot: 12, seq: 345, sheet: 1, sheets: 2 },
    });
    expect(readPieceCode(`${formatControlCode(number, 12, 345, 1, 2)}-7`)).toBeNull();
    expect(readPieceCode('123')).toBeNull();
  });

  it('fit into the 2D code of 25 modules', () => {
    expect(createQr(formatControlCode('999999999999', 9_999, 1_000, 20, 20)).size).toBe(25);
  });
});

describe('manifest and pick list', () => {
  const piece = {
    pieceNumber: '1-1',
    sheets: 2,
    pageFrom: 1,
    postcode: '100-0013',
    barcode: null,
    service: 'ordinary',
    variant: 'adult',
    reprintOf: null,
  } as const;
  const pieces = [
    { ...piece, seq: 1, addressee: '=1+1 様', inserts: ['LETTER', 'quo500'], substituted: [] },
    { ...piece, seq: 2, addressee: '森鷗外 様', inserts: ['LETTER'], substituted: [] },
  ];
  const lot = { campaign: 'c', number: 3, lettersSha256: 'f'.repeat(64) };

  it('neutralise formulas and mark what CP932 lacks', () => {
    const text = new TextDecoder('shift_jis').decode(formatLotManifest(lot, pieces));
    expect(text).toContain(`"'=1+1 様"`);
    expect(text).toContain('"森〓外 様"');
    expect(text).toContain('"CP932外"');
  });

  it('name the pages of a piece from its first to its last', () => {
    const [, first] = new TextDecoder('shift_jis').decode(formatLotManifest(lot, pieces)).split('\r\n');
    expect(first?.split(',').slice(5, 8)).toEqual(['"2"', '"1"', '"2"']);
  });

  it('report whoever has a character that was substituted or that CP932 lacks, and nobody else', () => {
    const [plain, lacking] = pieces as [(typeof pieces)[0], (typeof pieces)[1]];
    expect(formatCharacterReport(lot, [plain])).toBeNull();
    const text = String(formatCharacterReport(lot, [plain, lacking, { ...plain, seq: 3, substituted: ['𠮷'] }]));
    const [, second, third, ...rest] = text.trimEnd().split('\r\n');
    expect([second, third]).toEqual([
      expect.stringMatching(/^"[^"]*3","2".*,"","[^"]*U\+9DD7/),
      expect.stringMatching(/^"[^"]*3","3".*U\+20BB7[^"]*",""$/),
    ]);
    expect(rest).toEqual([]);
  });

  it('count what to take from the store', () => {
    const text = new TextDecoder('shift_jis').decode(formatPickList(lot, pieces));
    expect(text).toContain('"LETTER","2","1-2"');
    expect(text).toContain('"quo500","1","1"');
    expect(formatRanges([1, 2, 3, 5, 7, 8])).toBe('1-3 5 7-8');
  });
});

describe('what comes back', () => {
  it('is understood as the post stamps it', () => {
    expect(
      ['あて所に尋ねあたりません', '転居先不明', '受取拒絶', '保管期間経過', '受取人死亡', 'MOVED', '？'].map(
        readReturnReason,
      ),
    ).toEqual(['UNKNOWN', 'MOVED', 'REFUSED', 'UNCLAIMED', 'DECEASED', 'MOVED', null]);
  });

  it('is read in UTF-8 with English headers as well', async () => {
    const number = newNoticeNumber();
    const reading = await readProductionFile(Buffer.from(`piece,status,date,slip\n${number},posted,20261125,S-9\n`));
    expect(reading).toMatchObject({
      lineCount: 1,
      faults: [],
      lines: [{ status: 'posted', day: '2026-11-25', slipNumber: 'S-9' }],
    });
  });

  it('came back on the day of its return, whichever column stands first, and never on the day of its posting', async () => {
    const number = newNoticeNumber();
    const read = async (header: string, row: string) =>
      (await readReturnsFile(Buffer.from(`${header}\n${row}\n`))).lines.map(({ day }) => day);
    const returned = ['2026-12-03'];
    expect(await read('管理番号,差出日,返戻日,返戻理由', `${number},2026/11/25,2026/12/03,転居先不明`)).toEqual(
      returned,
    );
    expect(await read('管理番号,返戻日,差出日,返戻理由', `${number},2026/12/03,2026/11/25,転居先不明`)).toEqual(
      returned,
    );
    expect(await saidBy(() => read('管理番号,差出日,返戻理由', `${number},2026/11/25,転居先不明`))).toMatchObject({
      code: 'VENDOR_FILE_INVALID',
      message: expect.stringContaining('返戻日'),
    });
  });

  it.each<[string, 'production' | 'returns', string, string, string]>([
    ['a day', 'production', '管理番号,状態,処理日,差出日', '処理日, 差出日', '処理日'],
    ['a day in two languages', 'returns', '管理番号,返戻日,返戻理由,Date', '返戻日, Date', '返戻日'],
    ['a number', 'returns', '通知番号,管理番号,返戻日,返戻理由', '通知番号, 管理番号', '管理番号'],
    ['one header twice', 'production', '管理番号,状態,処理日,カード,カード', 'カード, カード', 'カード'],
  ])('is refused as a file when two columns can be the same field, with both named: %s', async (...given) => {
    const [, kind, header, columns, wanted] = given;
    const read = kind === 'production' ? readProductionFile : readReturnsFile;
    const { code, message } = await saidBy(() => read(Buffer.from(`${header}\n`)));
    expect(code).toBe('VENDOR_FILE_INVALID');
    expect(message).toContain(`more than one column can be read as ${wanted}: ${columns}`);
  });

  it('may have a second column of a field that such a file has no use for', async () => {
    const row = `${newNoticeNumber()},2026/12/03,転居先不明,銀座局,新宿局`;
    const { lines } = await readReturnsFile(Buffer.from(`管理番号,返戻日,返戻理由,差出局,郵便局\n${row}\n`));
    expect(lines).toHaveLength(1);
  });

  it('never takes a name, an address or a telephone number for a slip or a post office', async () => {
    const number = newNoticeNumber();
    const read = async (slip: string, office: string, piece = number) => {
      const data = Buffer.from(
        `管理番号,状態,処理日,差出票番号,引受郵便局\n${piece},投函済,2026/11/25,${slip},${office}\n`,
      );
      const { lines, faults } = await readProductionFile(data);
      return faults[0]?.code ?? lines.map((line) => [line.slipNumber, line.postOffice]).join();
    };
    for (const slip of ['見本 太郎', 'Yamada', 'taro@mihon.example', '090-1234-5678', '09012345678', '霞が関1-3-2'])
      expect(await read(slip, '銀座郵便局'), slip).toBe('SLIP_INVALID');
    for (const office of ['見本 太郎', 'Taro Yamada', 'taro@局', '03-1234-5678', '霞が関1-3-2', '1000013東京都郵便局'])
      expect(await read('S-1', office), office).toBe('OFFICE_INVALID');
    expect(await read('ＴＯＫＹＯ－１１２２', '銀座郵便局')).toBe('TOKYO-1122,銀座郵便局');
    for (const office of ['', '新東京支店', '銀座局', 'Ginza Post Office', '01234 A'])
      expect(await read('20261125/7', office), office).toBe(`20261125/7,${office}`);
    const shifted = await readProductionFile(Buffer.from('管理番号,状態,処理日\n見本 太郎,投函済,2026/11/25\n'));
    expect(shifted.faults.map(({ code, cells }) => [code, pieceText(cells)])).toEqual([['PIECE_UNREADABLE', '']]);
  });

  it('blocks the next lot only when a reported lot does not close', () => {
    const counts = {
      number: 1,
      isReprint: false,
      manifest: 3,
      posted: 0,
      spoiled: 0,
      withdrawn: 0,
      open: 3,
      unreprinted: 0,
    };
    expect(blockingLots([counts])).toEqual([]);
    expect(blockingLots([{ ...counts, posted: 2, open: 1 }])).toHaveLength(1);
    expect(blockingLots([{ ...counts, posted: 2, open: 1, isReprint: true }])).toEqual([]);
    expect(blockingLots([{ ...counts, posted: 2, spoiled: 1, open: 0, unreprinted: 1 }])).toHaveLength(1);
  });
});
