/**
 * A stand-in for the print house and the post: it reads the manifests that we hand over and writes the files that such firms send back, in their
 * format (CP932, every field quoted). It knows nothing of our database.
 */
import { type CsvCell, formatCsv } from '../platform/formats/csv.ts';

export type ProductionOrder = {
  /** Contents of the lots' manifest.csv. */
  manifests: readonly Uint8Array[];
  /** Day of posting (YYYY-MM-DD, Japan). */
  day: string;
  /** Number on the stamped 差出票; one slip takes all lots of the order. */
  slipNumber: string;
  /** One piece in so many is spoiled by the machine; 0 for none. */
  spoilEvery: number;
};

/** The return file for an order: every piece of the manifests is posted or spoiled. */
export function producePieces({ manifests, day, slipNumber, spoilEvery }: ProductionOrder): Buffer {
  const rows: CsvCell[][] = [['管理番号', '状態', '処理日', '差出票番号', '引受郵便局', 'カード']];
  let count = 0;
  for (const piece of manifests.flatMap(readManifest)) {
    count += 1;
    const isSpoiled = spoilEvery > 0 && count % spoilEvery === 0;
    // Every third card in a spoiled letter is bent with it, the others are taken out and used again.
    const card = !piece.hasCard || !isSpoiled ? '' : count % (spoilEvery * 3) === 0 ? '損' : '回収';
    rows.push([
      piece.number,
      isSpoiled ? '損紙' : POSTED,
      slashed(day),
      isSpoiled ? '' : slipNumber,
      isSpoiled ? '' : POST_OFFICE,
      card,
    ]);
  }
  return formatCsv(rows, { encoding: 'cp932', quoteAll: true });
}

/**
 * The list of letters that the post brought back: one in `returnEvery` of those that the `reports` say were posted, with the reasons in their
 * usual shares. What the machine spoiled was never with the post.
 */
export function writeReturns({
  manifests,
  reports,
  day,
  returnEvery,
}: {
  manifests: readonly Uint8Array[];
  reports: readonly Uint8Array[];
  day: string;
  returnEvery: number;
}): Buffer {
  const rows: CsvCell[][] = [['管理番号', '返戻日', '返戻理由', 'カード']];
  const posted = new Set(reports.flatMap(readPosted));
  let count = 0;
  for (const piece of manifests.flatMap(readManifest).filter(({ number }) => posted.has(number))) {
    count += 1;
    if (returnEvery <= 0 || count % returnEvery !== 0) continue;
    const reason = RETURN_REASONS[(count / returnEvery) % RETURN_REASONS.length] ?? RETURN_REASONS[0];
    rows.push([piece.number, slashed(day), reason, piece.hasCard ? '回収' : '']);
  }
  return formatCsv(rows, { encoding: 'cp932', quoteAll: true });
}

const POSTED = '投函済';
const POST_OFFICE = '見本中央郵便局';
/** About as often as on a list a few years old. */
const RETURN_REASONS = [
  'あて所に尋ねあたりません',
  '転居先不明のため配達できません',
  'あて所に尋ねあたりません',
  '転送期間経過',
  'あて名不完全',
  'あて所に尋ねあたりません',
  '受取拒絶',
] as const;

type ManifestLine = { number: string; hasCard: boolean };

/** Reads columns by their names, as a print house's intake would. */
function readManifest(data: Uint8Array): ManifestLine[] {
  const { header, lines } = readQuoted(data);
  const number = header.indexOf('管理番号');
  const inserts = header.indexOf('同封物');
  return lines.map((fields) => ({ number: fields[number] ?? '', hasCard: (fields[inserts] ?? '').includes('+') }));
}

/** Numbers of the pieces that a return file of `producePieces` calls posted. */
function readPosted(data: Uint8Array): string[] {
  const { header, lines } = readQuoted(data);
  const status = header.indexOf('状態');
  return lines.filter((fields) => fields[status] === POSTED).map((fields) => fields[header.indexOf('管理番号')] ?? '');
}

function readQuoted(data: Uint8Array): { header: string[]; lines: string[][] } {
  const text = new TextDecoder('shift_jis', { fatal: true }).decode(data);
  const [header = [], ...lines] = text.split('\r\n').map(splitQuoted);
  return { header, lines: lines.filter((fields) => fields.length > 1) };
}

/** `"a","b ""c"""` → a, b "c". */
function splitQuoted(line: string): string[] {
  return Array.from(line.matchAll(/"((?:[^"]|"")*)"(?:,|$)/g), (match) => (match[1] ?? '').replaceAll('""', '"'));
}

function slashed(day: string): string {
  return day.replaceAll('-', '/');
}
