/**
 * The numbers that name a piece outside: 12 digits and the print (123456789012-1) in files, and the control code in the 2D mark. Scanners and
 * people hand back any of them.
 */
import { isNoticeNumber } from '../../kernel/ids.ts';

/** `cycle` and the place in a lot are null where the code does not say. */
export type PieceCode = { noticeNumber: string; cycle: number | null; lot: number | null; seq: number | null };

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
  const control = /^(\d{12})-(\d{4,})-(\d{4})-\d+-\d+$/.exec(plain);
  const single = /^(\d{12})(?:-(\d{1,3}))?$/.exec(plain);
  const noticeNumber = grouped ? `${grouped[1]}${grouped[2]}${grouped[3]}` : (control?.[1] ?? single?.[1]);
  if (noticeNumber === undefined || !isNoticeNumber(noticeNumber)) return null;
  const cycle = grouped?.[4] ?? single?.[2];
  return {
    noticeNumber,
    cycle: cycle === undefined ? null : Number(cycle),
    lot: control ? Number(control[2]) : null,
    seq: control ? Number(control[3]) : null,
  };
}
