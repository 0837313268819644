/**
 * Which print a code from outside names. Everything that the code says must agree; a notice number alone names a print only where one alone can
 * be meant. Nothing means "the latest".
 */
import type { Day } from '../../kernel/calendar.ts';
import type { GiftState } from '../gifts/gift-store.ts';
import type { PieceCode, SheetPlace } from './piece-code.ts';
import type { Piece, PieceRecord } from './piece-store.ts';

export type Print = {
  readonly piece: Piece;
  readonly lotNumber: number;
  /** The day on which its lot was formed: nothing can have happened to the piece before. */
  readonly formedOn: Day;
  readonly record: PieceRecord;
  /** Where its card is; null without one. */
  readonly card: GiftState | null;
};

export type FoundPrint =
  | { readonly kind: 'print'; readonly print: Print }
  | { readonly kind: 'problem'; readonly code: 'PIECE_UNKNOWN' | 'PIECE_AMBIGUOUS' | 'PIECE_DISAGREES' };

/** `prints` are all of the notice number; `meantOf` says of which of them a number alone could speak when there are several. */
export function findPrint(
  code: PieceCode,
  prints: readonly Print[],
  meantOf: (prints: readonly Print[]) => readonly Print[],
): FoundPrint {
  if (prints.length === 0) return { kind: 'problem', code: 'PIECE_UNKNOWN' };
  if (code.cycle === null && code.place === null) {
    const [print, ...others] = prints.length === 1 ? prints : meantOf(prints);
    return print !== undefined && others.length === 0
      ? { kind: 'print', print }
      : { kind: 'problem', code: 'PIECE_AMBIGUOUS' };
  }
  const print = prints.find((one) => agrees(code, one));
  if (print) return { kind: 'print', print };
  return { kind: 'problem', code: code.place === null ? 'PIECE_UNKNOWN' : 'PIECE_DISAGREES' };
}

function agrees({ cycle, place }: PieceCode, { piece, lotNumber }: Print): boolean {
  return (cycle === null || cycle === piece.cycle) && (place === null || liesAt(place, piece, lotNumber));
}

function liesAt({ lot, seq, sheet, sheets }: SheetPlace, piece: Piece, lotNumber: number): boolean {
  return (
    lot === lotNumber &&
    seq === piece.seq &&
    sheet >= 1 &&
    sheet <= sheets &&
    // A lot that is not typeset has no sheets yet: no code of it can have been scanned.
    sheets === piece.sheets
  );
}
