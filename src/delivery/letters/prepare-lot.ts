/**
 * Makes the files of one lot: typesets on a thread, writes PDF, manifest and pick list, stores their hashes. A job that was killed runs again
 * to the same bytes; pieces that cannot be printed faithfully leave the lot with a reason and their people stay underway (promise 1).
 */

import type { Campaign } from '../../campaign/campaign.ts';
import { getCampaign } from '../../campaign/find-campaign.ts';
import { getPlanSnapshot } from '../../campaign/plan/create-plan.ts';
import { recordFact } from '../../journal/record-fact.ts';
import { sha256Hex } from '../../kernel/canonical.ts';
import { listWaveNotices } from '../../notice/store.ts';
import type { App } from '../../platform/app.ts';
import { seal } from '../../platform/crypto/crypt.ts';
import { transaction } from '../../platform/postgres/db.ts';
import { createThreadPool, type ThreadPool } from '../../platform/threads.ts';
import { openPeople } from '../open-people.ts';
import { writeLotFiles } from './lot-files.ts';
import { lotInput } from './lot-input.ts';
import { getLot, type Lot, lockLots, markPrepared } from './lot-store.ts';
import { formatCharacterReport, formatLotManifest, formatPickList, type ManifestPiece } from './manifest.ts';
import { formatPieceNumber } from './piece-code.ts';
import { listPieces, type Piece } from './piece-store.ts';
import type { HeldPiece, SetPiece, TypesetInput, TypesetOutput } from './typeset-lot.ts';
import { type WithdrawalCode, withdrawInTransaction } from './withdraw-pieces.ts';

/** One thread per process: a lot takes a third of a second, and a second thread costs 100 MB. */
const TYPESETTING_THREADS = 1;
let threads: ThreadPool<TypesetInput, TypesetOutput> | undefined;

export type PreparedLot =
  | { kind: 'prepared'; folder: string; pieces: number; held: number; pages: number }
  | { kind: 'already_prepared' }
  /** The job is older than the lot's epoch, or the campaign does not run. */
  | { kind: 'not_now' };

/** Use-case of the queue `prepare-lot`. Idempotent; two at once write the same files and the first to commit wins. */
export async function prepareLot(
  app: Pick<App, 'pool' | 'keys' | 'files' | 'clock' | 'exportDir'>,
  { lotId, epoch }: { lotId: string; epoch: number },
): Promise<PreparedLot> {
  const lot = await getLot(app.pool, lotId);
  if (lot.preparedAt) return { kind: 'already_prepared' };
  const campaign = await getCampaign(app.pool, lot.campaignId);
  if (lot.epoch !== epoch || campaign.state !== 'running') return { kind: 'not_now' };
  const lotOnPaper = await typesetPieces(app, campaign, lot);
  const { placed, held, output } = lotOnPaper;
  const { folder, hashes } = await writeFiles(app, campaign.slug, lot, lotOnPaper);
  const key = app.keys.open(lot.campaignId).address;
  const isFirst = await transaction(app.pool, async (tx) => {
    await lockLots(tx, lot.campaignId);
    const at = app.clock();
    const first = await markPrepared(
      tx,
      { id: lotId, at, pages: output.pages, ...hashes },
      placed.map(({ piece, set }) => ({
        id: piece.id,
        sheets: set.sheets,
        pageFrom: set.pageFrom,
        hasBarcode: set.barcode !== null,
        printedSealed: set.substituted.length === 0 ? null : sealPrinted(key, lot.campaignId, piece.id, set),
      })),
    );
    if (!first) return false;
    await recordFact(tx, {
      campaignId: lot.campaignId,
      kind: 'lot.prepared',
      occurredAt: at,
      body: { lotId, number: lot.number, pieces: placed.length, held: held.length, pages: output.pages, ...hashes },
    });
    if (held.length > 0) await withdrawInTransaction(tx, { campaignId: lot.campaignId, pieces: held, at });
    return true;
  });
  if (!isFirst) return { kind: 'already_prepared' };
  return { kind: 'prepared', folder, pieces: placed.length, held: held.length, pages: output.pages };
}

type LotOnPaper = { placed: Placed[]; held: { piece: Piece; code: WithdrawalCode }[]; output: TypesetOutput };

async function typesetPieces(
  app: Pick<App, 'pool' | 'keys' | 'files'>,
  campaign: Campaign,
  lot: Lot,
): Promise<LotOnPaper> {
  const snapshot = await getPlanSnapshot(app, lot.planId);
  const pieces = await listPieces(app.pool, lot.id);
  const refs = pieces.map((piece) => piece.personRef);
  const notices = await listWaveNotices(app.pool, lot.campaignId, lot.waveId, refs);
  const people = await openPeople(app, campaign, notices, snapshot.listVersion);
  const noticesByNumber = new Map(notices.map((notice) => [notice.number, notice]));
  const { input, unclean, variants } = lotInput({
    slug: campaign.slug,
    lot,
    pieces,
    snapshot,
    people,
    notices: noticesByNumber,
  });
  threads ??= createThreadPool('src/delivery/letters/typeset-lot-thread', TYPESETTING_THREADS);
  const output = await threads.run(input);
  const placed = placePieces(lot, pieces, output, input, variants);
  return { placed, held: heldPieces(pieces, output, unclean), output };
}

/** The files of the lot's folder; their hashes bind what was printed to the journal. */
async function writeFiles(
  app: Pick<App, 'exportDir'>,
  slug: string,
  lot: Lot,
  { placed, output }: LotOnPaper,
): Promise<{ folder: string; hashes: { lettersSha256: string; manifestSha256: string; picklistSha256: string } }> {
  const lettersSha256 = sha256Hex(output.pdf);
  const names = { campaign: slug, number: lot.number, lettersSha256 };
  const rows = placed.map(({ row }) => row);
  const manifest = formatLotManifest(names, rows);
  const picklist = formatPickList(names, rows);
  const characters = formatCharacterReport(names, rows);
  const folder = await writeLotFiles(app.exportDir, slug, lot.number, [
    { name: 'letters.pdf', data: output.pdf },
    { name: 'manifest.csv', data: manifest },
    { name: 'picklist.csv', data: picklist },
    ...(characters ? [{ name: 'characters.csv', data: characters }] : []),
  ]);
  return {
    folder,
    hashes: { lettersSha256, manifestSha256: sha256Hex(manifest), picklistSha256: sha256Hex(picklist) },
  };
}

type Placed = { piece: Piece; set: SetPiece; row: ManifestPiece };

function placePieces(
  lot: Lot,
  pieces: readonly Piece[],
  output: TypesetOutput,
  input: TypesetInput,
  variants: Map<number, string>,
): Placed[] {
  const pieceAt = new Map(pieces.map((piece) => [piece.seq, piece]));
  const inputAt = new Map(input.pieces.map((piece) => [piece.seq, piece]));
  return output.pieces.flatMap((set) => {
    const piece = pieceAt.get(set.seq);
    if (!piece || set.kind === 'held') return [];
    const row: ManifestPiece = {
      seq: piece.seq,
      pieceNumber: formatPieceNumber(piece.noticeNumber, piece.cycle),
      sheets: set.sheets,
      pageFrom: set.pageFrom,
      postcode: inputAt.get(set.seq)?.postcode ?? null,
      addressee: set.addressee,
      barcode: set.barcode,
      service: piece.service,
      inserts: piece.hasGift && lot.gift !== null ? ['LETTER', lot.gift] : ['LETTER'],
      variant: variants.get(piece.seq) ?? '',
      reprintOf: piece.reprintOf === null ? null : formatPieceNumber(piece.noticeNumber, piece.cycle - 1),
      substituted: set.substituted,
    };
    return [{ piece, set, row }];
  });
}

function heldPieces(
  pieces: readonly Piece[],
  output: TypesetOutput,
  unclean: readonly number[],
): { piece: Piece; code: WithdrawalCode }[] {
  const codes = new Map<number, HeldPiece['reason'] | 'OUTPUT_CHECK'>(unclean.map((seq) => [seq, 'OUTPUT_CHECK']));
  for (const piece of output.pieces) if (piece.kind === 'held') codes.set(piece.seq, piece.reason);
  return pieces.flatMap((piece) => {
    const code = codes.get(piece.seq);
    return code === undefined ? [] : [{ piece, code }];
  });
}

/** What was printed instead; the person's record keeps the original. */
function sealPrinted(key: Buffer, campaignId: string, pieceId: string, set: SetPiece): Buffer {
  const printed = JSON.stringify({ addressee: set.addressee, address: set.address, substituted: set.substituted });
  return seal(key, `${campaignId}|${pieceId}|printed_sealed`, printed);
}
