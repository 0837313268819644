/**
 * The print house's files: manifest, pick list and the list of characters CP932 cannot carry. They hold only what the work needs; the address
 * itself is in the PDF and nowhere else.
 */
import type { PostalService } from '../../journal/driver.ts';
import { listUnencodable } from '../../platform/formats/cp932.ts';
import { type CsvCell, formatCsv } from '../../platform/formats/csv.ts';

export type ManifestPiece = {
  seq: number;
  pieceNumber: string;
  sheets: number;
  pageFrom: number;
  postcode: string | null;
  addressee: string;
  barcode: string | null;
  service: PostalService;
  /** LETTER and the ids of what goes along. */
  inserts: readonly string[];
  variant: string;
  reprintOf: string | null;
  /** Characters that were printed as an approved substitute. */
  substituted: readonly string[];
};

export type ManifestLot = { campaign: string; number: number; lettersSha256: string };

/** Column names of the manifest; a print house's machines match on them. */
export const manifestColumns = [
  '案件',
  'ロット',
  '連番',
  '管理番号',
  '文面',
  '枚数',
  '開始頁',
  '終了頁',
  '同封物',
  '郵便番号',
  '宛名',
  '郵便種別',
  'カスタマバーコード',
  '文字注記',
  '再作成元',
  'PDFハッシュ',
] as const;

const SERVICE_JA = {
  ordinary: '普通',
  recorded: '特定記録',
  registered: '簡易書留',
} as const satisfies Record<PostalService, string>;

/** A printer's mark for "this character is wanting here" (下駄). */
const GETA = '〓';

export function formatLotManifest(lot: ManifestLot, pieces: readonly ManifestPiece[]): Buffer {
  const rows: CsvCell[][] = [[...manifestColumns]];
  for (const piece of pieces) {
    rows.push([
      lot.campaign,
      lotName(lot.number),
      piece.seq,
      piece.pieceNumber,
      piece.variant,
      piece.sheets,
      piece.pageFrom,
      piece.pageFrom + piece.sheets - 1,
      piece.inserts.join('+'),
      piece.postcode ?? '',
      toCp932Text(piece.addressee),
      SERVICE_JA[piece.service],
      piece.barcode ?? '',
      noteOf(piece),
      piece.reprintOf ?? '',
      lot.lettersSha256,
    ]);
  }
  return formatCsv(rows, { encoding: 'cp932', quoteAll: true });
}

/** What to take from the store for a lot: each insert with its quantity and the places that get it. */
export function formatPickList(lot: ManifestLot, pieces: readonly ManifestPiece[]): Buffer {
  const inserts = [...new Set(pieces.flatMap((piece) => piece.inserts))];
  const rows: CsvCell[][] = [['案件', 'ロット', '同封物', '数量', '連番']];
  for (const insert of inserts) {
    const places = pieces.filter((piece) => piece.inserts.includes(insert)).map((piece) => piece.seq);
    rows.push([lot.campaign, lotName(lot.number), insert, places.length, formatRanges(places)]);
  }
  return formatCsv(rows, { encoding: 'cp932', quoteAll: true });
}

/**
 * Who has a character that was substituted in print or cannot be written in CP932; null when nobody. In UTF-8, so that the character itself
 * can be read.
 */
export function formatCharacterReport(lot: ManifestLot, pieces: readonly ManifestPiece[]): Buffer | null {
  const rows: CsvCell[][] = [];
  for (const piece of pieces) {
    const missing = listUnencodable(piece.addressee);
    if (missing.length === 0 && piece.substituted.length === 0) continue;
    const codes = (characters: readonly string[]) => characters.map(describeCharacter).join(' ');
    rows.push([lotName(lot.number), piece.seq, piece.pieceNumber, codes(piece.substituted), codes(missing)]);
  }
  if (rows.length === 0) return null;
  return formatCsv([['ロット', '連番', '管理番号', '代替文字で印字', 'CP932にない文字'], ...rows], {
    encoding: 'utf8-bom',
    quoteAll: true,
  });
}

/** 7 → 0007: names of folders and lots. */
export function lotName(number: number): string {
  return String(number).padStart(4, '0');
}

/** 1,2,3,5 → 1-3 5. Places in ascending order. */
export function formatRanges(places: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const place of places) {
    const last = ranges.at(-1);
    if (last && last[1] === place - 1) last[1] = place;
    else ranges.push([place, place]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(' ');
}

function toCp932Text(text: string): string {
  let encodable = text;
  for (const character of listUnencodable(text)) encodable = encodable.replaceAll(character, GETA);
  return encodable;
}

function noteOf(piece: ManifestPiece): string {
  const notes = [];
  if (piece.substituted.length > 0) notes.push('代替文字');
  if (listUnencodable(piece.addressee).length > 0) notes.push('CP932外');
  return notes.join('・');
}

function describeCharacter(character: string): string {
  const points = Array.from(
    character,
    (part) => `U+${(part.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
  return `${character}(${points.join('+')})`;
}
