/**
 * The numbers that name a piece outside: 12 digits and the print (123456789012-1) in files, and the control code in the 2D mark. Scanners and
 * people hand back any of them.
 */
import { isNoticeNumber } from '../../kernel/ids.ts';

/** Where a sheet lies: the letter's own 2D code says it. */
export type SheetPlace = {
  readonly lot: number;
  readonly seq: number;
  readonly sheet: number;
  readonly sheets: number;
};

/** `cycle` (the print) and `place` are null where the code does not say. All that it says must agree with the piece. */
export type PieceCode = {
  readonly noticeNumber: string;
  readonly cycle: number | null;
  readonly place: SheetPlace | null;
};

/** As written in manifests and expected back from vendors. */
export function formatPieceNumber(noticeNumber: string, cycle: number): string {
  return `${noticeNumber}-${cycle}`;
}

/** 12-digit number, lot, place in the lot, sheet and sheets: what a camera needs to prove that all sheets are one person's. */
export function formatControlCode(
  noticeNumber: string,
  lot: number,
  seq: number,
  sheet: number,
  sheets: number,
): string {
  return `${noticeNumber}-${String(lot).padStart(4, '0')}-${String(seq).padStart(4, '0')}-${sheet}-${sheets}`;
}

/** Reads a piece number, a notice number (grouped or not) or a scanned control code; null when it is none or its check digit is wrong. */
export function readPieceCode(text: string): PieceCode | null {
  const plain = text
    .normalize('NFKC')
    .replaceAll(/[\s']/g, '')
    .replaceAll(/[‐‑–—−ー]/g, '-');
  const grouped = /^(\d{4})-(\d{4})-(\d{4})(?:-(\d{1,3}))?$/.exec(plain);
  const control = /^(\d{12})-(\d{4,6})-(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(plain);
  const single = /^(\d{12})(?:-(\d{1,3}))?$/.exec(plain);
  const noticeNumber = grouped ? `${grouped[1]}${grouped[2]}${grouped[3]}` : (control?.[1] ?? single?.[1]);
  if (noticeNumber === undefined || !isNoticeNumber(noticeNumber)) return null;
  const cycle = grouped?.[4] ?? single?.[2];
  return {
    noticeNumber,
    cycle: cycle === undefined ? null : Number(cycle),
    place: control
      ? { lot: Number(control[2]), seq: Number(control[3]), sheet: Number(control[4]), sheets: Number(control[5]) }
      : null,
  };
}
