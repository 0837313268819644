// What a line of the print house or the post means, case by case: which print it names, and whether it is new, known or a question.
import { describe, expect, it } from 'vitest';
import { findPrint, type Print } from '../../src/delivery/letters/find-print.ts';
import {
  judgeProductionLine,
  judgeReturnLine,
  lyingPrint,
  postedPrint,
  repeatedPrint,
  spoiledCode,
} from '../../src/delivery/letters/judge-line.ts';
import { readPieceCode } from '../../src/delivery/letters/piece-code.ts';
import type { PieceEventKind } from '../../src/delivery/letters/piece-store.ts';
import type { CardWord, ProductionLine, ReturnLine } from '../../src/delivery/letters/vendor-file.ts';

const number = '123456789014';

function print(
  over: Partial<Print['piece']> & Pick<Partial<Print>, 'card'> = {},
  record: [PieceEventKind, string, string][] = [],
): Print {
  const { card = null, ...piece } = over;
  return {
    piece: {
      id: `piece-${piece.cycle ?? 1}`,
      lotId: 'lot',
      seq: 7,
      assignmentId: 'a',
      personRef: 'p',
      noticeNumber: number,
      cycle: 1,
      reprintOf: null,
      hasGift: false,
      sheets: 2,
      pageFrom: 1,
      hasBarcode: true,
      service: 'ordinary',
      weightClass: '25g' as never,
      ...piece,
    },
    lotNumber: 3,
    formedOn: '2026-11-20',
    record: new Map(record.map(([kind, day, code]) => [kind, { day: day as Print['formedOn'], code }])),
    card,
  };
}

const produced = (over: Partial<ProductionLine> = {}): ProductionLine => ({
  line: 2,
  code: { noticeNumber: number, cycle: 1, place: null },
  day: '2026-11-24',
  card: 'untold',
  cells: {},
  status: 'posted',
  slipNumber: 'S-1',
  postOffice: '新宿',
  ...over,
});
const returned = (over: Partial<ReturnLine> = {}): ReturnLine => ({
  line: 2,
  code: { noticeNumber: number, cycle: 1, place: null },
  day: '2026-11-26',
  card: 'untold',
  cells: {},
  reason: 'MOVED',
  ...over,
});
const bounds = { now: new Date('2026-11-30T03:00:00Z'), campaign: { from: '2026-11-01', to: '2026-12-20' } } as const;
const wordOf = (verdict: { kind: string; code?: string; card?: string }) =>
  verdict.code ?? verdict.card ?? verdict.kind;

// domain: a number that was read is used whole or refused; none means "the latest".
describe('the print that a code names', () => {
  const first = print({ cycle: 1 });
  const second = print({ cycle: 2, seq: 9 });
  const control = (lot: number, seq: number, sheet: number, sheets: number) => ({
    noticeNumber: number,
    cycle: null,
    place: { lot, seq, sheet, sheets },
  });
  const bare = { noticeNumber: number, cycle: null, place: null };
  it.each<[string, Parameters<typeof findPrint>[0], Print[], Print[], string]>([
    ['of a number that nobody has', bare, [], [], 'PIECE_UNKNOWN'],
    ['of a number with one print', bare, [first], [], 'piece-1'],
    ['of a number with two, of which one can be meant', bare, [first, second], [second], 'piece-2'],
    ['of a number with two, of which none can be meant', bare, [first, second], [], 'PIECE_AMBIGUOUS'],
    ['of a number with two, of which both can be meant', bare, [first, second], [first, second], 'PIECE_AMBIGUOUS'],
    ['by its print', { ...bare, cycle: 2 }, [first, second], [], 'piece-2'],
    ['by a print that there is not', { ...bare, cycle: 3 }, [first, second], [first], 'PIECE_UNKNOWN'],
    ['by lot, place and sheet', control(3, 9, 2, 2), [first, second], [], 'piece-2'],
    ['by the first sheet', control(3, 7, 1, 2), [first, second], [], 'piece-1'],
    ['by another lot', control(4, 9, 2, 2), [first, second], [first], 'PIECE_DISAGREES'],
    ['by another place', control(3, 8, 2, 2), [first, second], [], 'PIECE_DISAGREES'],
    ['by a sheet before the first', control(3, 9, 0, 2), [first, second], [], 'PIECE_DISAGREES'],
    ['by a sheet behind the last', control(3, 9, 3, 2), [first, second], [], 'PIECE_DISAGREES'],
    ['by another number of sheets', control(3, 9, 2, 3), [first, second], [], 'PIECE_DISAGREES'],
    [
      'by a place of another print than it says',
      { ...control(3, 9, 2, 2), cycle: 1 },
      [first, second],
      [],
      'PIECE_DISAGREES',
    ],
  ])('%s', (_, code, prints, meant, expected) => {
    const found = findPrint(code, prints, () => meant);
    expect(found.kind === 'print' ? found.print.piece.id : found.code).toBe(expected);
  });

  it('is the posted one for a return, the lying one for a withdrawal, the repeated one for a repetition', () => {
    const posted = print({ cycle: 1 }, [['posted', '2026-11-24', 'S-1']]);
    const spoiled = print({ cycle: 2 }, [['spoiled', '2026-11-24', 'CARD_NONE']]);
    const lying = print({ cycle: 3 });
    const all = [posted, spoiled, lying];
    expect(postedPrint(all)).toEqual([posted]);
    expect(lyingPrint(all)).toEqual([lying]);
    expect(repeatedPrint(all, produced())).toEqual([posted]);
    expect(repeatedPrint(all, produced({ slipNumber: 'S-2' }))).toEqual([]);
    expect(repeatedPrint(all, produced({ day: '2026-11-25' }))).toEqual([]);
    expect(repeatedPrint(all, produced({ status: 'spoiled' }))).toEqual([spoiled]);
    expect(repeatedPrint([posted, { ...posted }], produced())).toHaveLength(1);
  });

  it('is written in any form that scanners and people hand back', () => {
    expect(readPieceCode(`${number}-2`)).toEqual({ noticeNumber: number, cycle: 2, place: null });
    expect(readPieceCode("'1234-5678-9014")).toEqual({ noticeNumber: number, cycle: null, place: null });
    expect(readPieceCode('１２３４ー５６７８ー９０１４－３')).toEqual({ noticeNumber: number, cycle: 3, place: null });
    expect(readPieceCode(`${number}-0003-0007-1-2`)).toEqual({
      noticeNumber: number,
      cycle: null,
      place: { lot: 3, seq: 7, sheet: 1, sheets: 2 },
    });
    expect(readPieceCode('123456789015')).toBeNull();
    expect(readPieceCode('12345678901')).toBeNull();
  });
});

describe('a line of the print house', () => {
  const onRecord = print({}, [['posted', '2026-11-24', 'S-1']]);
  const wasSpoiled = (code: string, over = {}) => print(over, [['spoiled', '2026-11-24', code]]);
  const withCard = { hasGift: true };
  it.each<[string, Partial<ProductionLine>, Print, string]>([
    ['posts a print', {}, print(), 'none'],
    ['posts a print on the day its lot was formed', { day: '2026-11-20' }, print(), 'none'],
    ['posts a print before its lot was formed', { day: '2026-11-19' }, print(), 'DAY_BEFORE_CAUSE'],
    ['posts a print tomorrow', { day: '2026-12-01' }, print(), 'DAY_FUTURE'],
    ['posts a print before there was a campaign', { day: '2026-10-31' }, print(), 'DAY_BEFORE_CAMPAIGN'],
    ['says again what is on record', {}, onRecord, 'known'],
    ['says another day', { day: '2026-11-25' }, onRecord, 'POSTING_DIFFERS'],
    ['says another slip', { slipNumber: 'S-2' }, onRecord, 'CONTRADICTION'],
    ['spoils what was posted', { status: 'spoiled' }, onRecord, 'CONTRADICTION'],
    ['posts what was withdrawn', {}, print({}, [['withdrawn', '2026-11-23', '']]), 'CONTRADICTION'],
    ['posts a card that is in the letter', { card: 'inside' }, print(withCard), 'none'],
    ['posts a letter with a card that should have none', { card: 'inside' }, print(), 'CARD_UNKNOWN'],
    ['posts a letter without the card it should have', { card: 'none' }, print(withCard), 'CARD_UNKNOWN'],
    ['posts a letter without a card, which has none', { card: 'none' }, print(), 'none'],
    ['spoils a print without a card', { status: 'spoiled' }, print(), 'none'],
    [
      'spoils a print whose card came back, though it has none',
      { status: 'spoiled', card: 'back' },
      print(),
      'CARD_UNKNOWN',
    ],
    ['spoils it again', { status: 'spoiled' }, wasSpoiled('CARD_NONE'), 'known'],
    [
      'spoils it again and says of the card what is on record',
      { status: 'spoiled', card: 'back' },
      wasSpoiled('CARD_BACK', withCard),
      'known',
    ],
    [
      'spoils it again and says otherwise of the card',
      { status: 'spoiled', card: 'lost' },
      wasSpoiled('CARD_BACK', withCard),
      'CONTRADICTION',
    ],
    [
      'spoils it again on another day',
      { status: 'spoiled', day: '2026-11-25' },
      wasSpoiled('CARD_NONE'),
      'CONTRADICTION',
    ],
  ])('%s', (_, over, named, expected) => {
    expect(wordOf(judgeProductionLine(produced(over), named, bounds, null))).toBe(expected);
  });

  it.each<[CardWord, string]>([
    ['back', 'back'],
    ['spoiled', 'spoiled'],
    ['lost', 'lost'],
    ['untold', 'CARD_UNKNOWN'],
    ['none', 'CARD_UNKNOWN'],
    ['inside', 'CARD_UNKNOWN'],
    ['unknown', 'CARD_UNKNOWN'],
  ])('that spoils a letter with a card and says %s of it', (card, expected) => {
    expect(
      wordOf(judgeProductionLine(produced({ status: 'spoiled', card }), print({ hasGift: true }), bounds, null)),
    ).toBe(expected);
  });

  it('is held against the day of its slip, when it was posted', () => {
    const verdict = (over: Partial<ProductionLine>, slipDay: '2026-11-24' | '2026-11-25') =>
      wordOf(judgeProductionLine(produced(over), print(), bounds, slipDay));
    expect(verdict({}, '2026-11-24')).toBe('none');
    expect(verdict({}, '2026-11-25')).toBe('POSTING_DIFFERS');
    expect(verdict({ status: 'spoiled' }, '2026-11-25')).toBe('none');
  });

  it('gives its event the code of the card', () => {
    expect(spoiledCode('back')).toBe('CARD_BACK');
  });
});

describe('a line of the post', () => {
  const posted: [PieceEventKind, string, string] = ['posted', '2026-11-24', 'S-1'];
  const back: [PieceEventKind, string, string] = ['returned', '2026-11-26', 'MOVED'];
  it.each<[string, Partial<ReturnLine>, Print, string]>([
    ['brings back a posted letter', {}, print({}, [posted]), 'none'],
    ['on the day it was posted', { day: '2026-11-24' }, print({}, [posted]), 'none'],
    ['before it was posted', { day: '2026-11-23' }, print({}, [posted]), 'DAY_BEFORE_CAUSE'],
    ['brings back what was never posted', {}, print(), 'NOT_POSTED'],
    ['brings back a letter with the card that it never had', { card: 'back' }, print({}, [posted]), 'CARD_UNKNOWN'],
    ['says again what is on record', {}, print({}, [posted, back]), 'known'],
    ['says another reason', { reason: 'REFUSED' }, print({}, [posted, back]), 'CONTRADICTION'],
    ['says another day', { day: '2026-11-27' }, print({}, [posted, back]), 'CONTRADICTION'],
    ['says again, with a card that the letter never had', { card: 'back' }, print({}, [posted, back]), 'CARD_UNKNOWN'],
    [
      'tells later that the card is back',
      { card: 'back' },
      print({ hasGift: true, card: 'posted' }, [posted, back]),
      'back',
    ],
    [
      'tells again that the card is back',
      { card: 'back' },
      print({ hasGift: true, card: 'back' }, [posted, back]),
      'known',
    ],
    [
      'tells then that the card is lost',
      { card: 'lost' },
      print({ hasGift: true, card: 'back' }, [posted, back]),
      'CONTRADICTION',
    ],
    ['tells nothing more of a card', {}, print({ hasGift: true, card: 'back' }, [posted, back]), 'known'],
  ])('%s', (_, over, named, expected) => {
    expect(wordOf(judgeReturnLine(returned(over), named, bounds))).toBe(expected);
  });

  it.each<[CardWord, string]>([
    ['untold', 'none'],
    ['spoiled', 'none'],
    ['back', 'back'],
    ['lost', 'lost'],
    ['none', 'CARD_UNKNOWN'],
    ['inside', 'CARD_UNKNOWN'],
    ['unknown', 'CARD_UNKNOWN'],
  ])('that brings back a letter with a card and says %s of it', (card, expected) => {
    expect(
      wordOf(judgeReturnLine(returned({ card }), print({ hasGift: true, card: 'posted' }, [posted]), bounds)),
    ).toBe(expected);
  });
});
