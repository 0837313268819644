/**
 * What a line from the print house or the post means for the piece it names: new, on record already, or a question. A line is on record only when
 * it says the same in everything; what says otherwise is shown, never written over.
 */
import type { Day } from '../../kernel/calendar.ts';
import { type CampaignSpan, type DayRule, judgeDay } from '../../kernel/outside-day.ts';
import type { Print } from './find-print.ts';
import type { CardOutcome, CardWord, LineProblemCode, ProductionLine, ReturnLine } from './vendor-file.ts';

export type LineVerdict<L> =
  | { readonly kind: 'new'; readonly line: L; readonly card: CardOutcome }
  | { readonly kind: 'known' }
  | { readonly kind: 'problem'; readonly code: LineProblemCode };

export type LineBounds = { readonly now: Date; readonly campaign: CampaignSpan };

export const dayProblems = {
  unreadable: 'DATE_INVALID',
  future: 'DAY_FUTURE',
  before_campaign: 'DAY_BEFORE_CAMPAIGN',
  after_campaign: 'DAY_AFTER_CAMPAIGN',
  before_cause: 'DAY_BEFORE_CAUSE',
} as const satisfies Record<DayRule, LineProblemCode>;

/**
 * The print that a bare notice number means when there are several: a line that repeats what is on record means that one, and changes nothing;
 * any other line is a question, for it may speak of the print before.
 */
export function repeatedPrint(prints: readonly Print[], line: ProductionLine): readonly Print[] {
  const repeats = ({ record }: Print) => {
    const before = record.get(line.status);
    return before?.day === line.day && (line.status === 'spoiled' || before.code === line.slipNumber);
  };
  return prints.filter(repeats).slice(0, 1);
}

/** Only a posted print can come back. */
export function postedPrint(prints: readonly Print[]): readonly Print[] {
  return prints.filter(({ record }) => record.has('posted'));
}

/** Only a print that still lies in its lot can be pulled. */
export function lyingPrint(prints: readonly Print[]): readonly Print[] {
  return prints.filter(({ record }) => record.size === 0);
}

const problem = (code: LineProblemCode) => ({ kind: 'problem', code }) as const;

/** `slipDay` is the day on record for the line's slip, or null. */
export function judgeProductionLine(
  line: ProductionLine,
  print: Print,
  bounds: LineBounds,
  slipDay: Day | null,
): LineVerdict<ProductionLine> {
  const card = cardOf(line, print);
  const before = print.record.get(line.status);
  if (before !== undefined) {
    const saysMore = line.status === 'spoiled' && line.card !== 'untold';
    const agrees = line.status === 'posted' ? before.code === line.slipNumber : !saysMore || isCode(before.code, card);
    if (agrees && before.day === line.day) return { kind: 'known' };
    return problem(agrees && line.status === 'posted' ? 'POSTING_DIFFERS' : 'CONTRADICTION');
  }
  if (print.record.size > 0) return problem('CONTRADICTION');
  const verdict = judgeDay(line.day, { ...bounds, follows: print.formedOn });
  if (verdict.kind === 'refused') return problem(dayProblems[verdict.rule]);
  if (line.status === 'posted' && slipDay !== null && slipDay !== line.day) return problem('POSTING_DIFFERS');
  return card === null ? problem('CARD_UNKNOWN') : { kind: 'new', line, card };
}

export function judgeReturnLine(line: ReturnLine, print: Print, bounds: LineBounds): LineVerdict<ReturnLine> {
  const before = print.record.get('returned');
  const posted = print.record.get('posted');
  const card = print.piece.hasGift ? returnedCards[line.card] : isWithoutCard(line.card) ? 'none' : null;
  if (before !== undefined) {
    if (before.code !== line.reason || before.day !== line.day) return problem('CONTRADICTION');
    if (card === null) return problem('CARD_UNKNOWN');
    if (card === 'none' || card === print.card) return { kind: 'known' };
    // A later list often tells what became of the card that an earlier one left open.
    return print.card === 'posted' ? { kind: 'new', line, card } : problem('CONTRADICTION');
  }
  if (posted === undefined) return problem('NOT_POSTED');
  const verdict = judgeDay(line.day, { ...bounds, follows: posted.day });
  if (verdict.kind === 'refused') return problem(dayProblems[verdict.rule]);
  return card === null ? problem('CARD_UNKNOWN') : { kind: 'new', line, card };
}

/** The code of a spoiled piece's event: what became of its card. */
export const spoiledCode = (card: CardOutcome): string => `CARD_${card.toUpperCase()}`;

const isCode = (code: string, card: CardOutcome | null): boolean => card !== null && code === spoiledCode(card);

/**
 * What a word says of the card in a returned letter. Saying nothing, or that it is damaged, moves nothing: the card stays spent. "In the letter"
 * or "none" may each mean cash, so they are questions.
 */
const returnedCards = {
  untold: 'none',
  back: 'back',
  lost: 'lost',
  spoiled: 'none',
  none: null,
  inside: null,
  unknown: null,
} as const satisfies Record<CardWord, CardOutcome | null>;

/** The card of a spoiled letter must have gone somewhere; silence would put cash into stock, or lose it. */
const spoiledCards = {
  back: 'back',
  spoiled: 'spoiled',
  lost: 'lost',
  untold: null,
  none: null,
  inside: null,
  unknown: null,
} as const satisfies Record<CardWord, CardOutcome | null>;

/** Null: a question. */
function cardOf(line: ProductionLine, { piece }: Print): CardOutcome | null {
  if (line.status === 'posted') {
    const fits = line.card === 'untold' || line.card === (piece.hasGift ? 'inside' : 'none');
    return fits ? 'none' : null;
  }
  if (piece.hasGift) return spoiledCards[line.card];
  return isWithoutCard(line.card) ? 'none' : null;
}

const isWithoutCard = (card: CardWord): boolean => card === 'untold' || card === 'none';
