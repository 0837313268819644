/** SQL of lots. */
import { z } from 'zod';
import { type Db, day, execute, instant, int8, maybeRow, row, rows, sql, type Tx } from '../../platform/postgres/db.ts';
import { lockUntilCommit } from '../../platform/postgres/locks.ts';
import type { AssignmentReason } from '../assignment.ts';
import { paperDoubt } from '../home/doubt-store.ts';

/** Forming lots of one campaign is serial: numbers have no gaps, and the block on the next lot is checked once. Until the commit. */
export async function lockLots(tx: Tx, campaignId: string): Promise<void> {
  await lockUntilCommit(tx, { lock: 'lots', campaignId });
}

const lotRow = z
  .object({
    id: z.string(),
    campaign_id: z.string(),
    wave_id: z.string(),
    number: z.number(),
    plan_id: z.string(),
    piece_count: z.number(),
    is_reprint: z.boolean(),
    gift: z.string().nullable(),
    letter_date: day,
    epoch: z.number(),
    formed_at: instant,
    prepared_at: instant.nullable(),
    pages: z.number().nullable(),
    letters_sha256: z.string().nullable(),
    manifest_sha256: z.string().nullable(),
    picklist_sha256: z.string().nullable(),
  })
  .transform((found) => ({
    id: found.id,
    campaignId: found.campaign_id,
    waveId: found.wave_id,
    number: found.number,
    planId: found.plan_id,
    pieceCount: found.piece_count,
    isReprint: found.is_reprint,
    gift: found.gift,
    letterDate: found.letter_date,
    epoch: found.epoch,
    formedAt: found.formed_at,
    preparedAt: found.prepared_at,
    pages: found.pages,
    lettersSha256: found.letters_sha256,
    manifestSha256: found.manifest_sha256,
    picklistSha256: found.picklist_sha256,
  }));
export type Lot = z.output<typeof lotRow>;

export async function getLot(db: Db, lotId: string): Promise<Lot> {
  return await row(db, lotRow, sql`select * from delivery.lot where id = ${lotId}`);
}

export async function listLots(db: Db, campaignId: string): Promise<Lot[]> {
  return await rows(db, lotRow, sql`select * from delivery.lot where campaign_id = ${campaignId} order by number`);
}

/** Lots whose files are not made yet. */
export async function listUnpreparedLots(db: Db, campaignId: string): Promise<{ id: string; epoch: number }[]> {
  return await rows(
    db,
    z.object({ id: z.string(), epoch: z.number() }),
    sql`select id, epoch from delivery.lot where campaign_id = ${campaignId} and prepared_at is null order by number`,
  );
}

export type NewLot = Pick<
  Lot,
  'id' | 'campaignId' | 'waveId' | 'planId' | 'pieceCount' | 'isReprint' | 'gift' | 'letterDate' | 'formedAt'
>;

/** Returns the lot's number. Needs `lockLots`. */
export async function insertLot(tx: Tx, lot: NewLot): Promise<number> {
  const found = await row(
    tx,
    z.object({ number: z.number() }),
    sql`insert into delivery.lot (id, campaign_id, wave_id, number, plan_id, piece_count, is_reprint, gift, letter_date, formed_at)
        select ${lot.id}, ${lot.campaignId}, ${lot.waveId}, coalesce(max(number), 0) + 1, ${lot.planId}, ${lot.pieceCount}, ${lot.isReprint},
          ${lot.gift}, ${lot.letterDate}, ${lot.formedAt}
        from delivery.lot where campaign_id = ${lot.campaignId} returning number`,
  );
  return found.number;
}

const candidateRow = z
  .object({ id: z.string(), person_ref: z.string(), notice_id: z.string() })
  .transform((found) => ({ assignmentId: found.id, personRef: found.person_ref, noticeId: found.notice_id }));
export type LotCandidate = z.output<typeof candidateRow>;

/** The next people of a wave in rank order, locked. The rank was fixed at freezing and says nothing about an address. */
export async function claimCandidates(
  tx: Tx,
  campaignId: string,
  waveId: string,
  limit: number,
): Promise<LotCandidate[]> {
  return await rows(
    tx,
    candidateRow,
    sql`select id, person_ref, notice_id from delivery.assignment
        where campaign_id = ${campaignId} and wave_id = ${waveId} and state = 'pending' and notice_id is not null
          and ${paperDoubt(campaignId, sql`person_ref`)} is distinct from 'paper_doubted'
        order by rank limit ${limit} for update`,
  );
}

/** Takes people out of a wave whose lot they were to join. */
export async function excludeCandidates(
  tx: Tx,
  candidates: readonly LotCandidate[],
  reason: AssignmentReason,
): Promise<void> {
  await execute(
    tx,
    sql`update delivery.assignment set state = 'excluded', reason = ${reason}, changed_at = clock_timestamp()
        where id = any(${candidates.map((candidate) => candidate.assignmentId)}::uuid[]) and state = 'pending'`,
  );
}

export type PreparedPiece = {
  id: string;
  sheets: number;
  pageFrom: number;
  hasBarcode: boolean;
  printedSealed: Buffer | null;
};

/** Stores what typesetting found; false when another job was first (its files are the same, byte by byte). */
export async function markPrepared(
  tx: Tx,
  lot: { id: string; at: Date; pages: number; lettersSha256: string; manifestSha256: string; picklistSha256: string },
  pieces: readonly PreparedPiece[],
): Promise<boolean> {
  const isFirst = await execute(
    tx,
    sql`update delivery.lot set prepared_at = ${lot.at}, pages = ${lot.pages}, letters_sha256 = ${lot.lettersSha256},
          manifest_sha256 = ${lot.manifestSha256}, picklist_sha256 = ${lot.picklistSha256}
        where id = ${lot.id} and prepared_at is null`,
  );
  if (isFirst === 0) return false;
  await execute(
    tx,
    sql`update delivery.piece p set sheets = u.sheets, page_from = u.page_from, has_barcode = u.has_barcode, printed_sealed = u.printed_sealed
        from unnest(${pieces.map((p) => p.id)}::uuid[], ${pieces.map((p) => p.sheets)}::int[], ${pieces.map((p) => p.pageFrom)}::int[],
          ${pieces.map((p) => p.hasBarcode)}::bool[], ${pieces.map((p) => p.printedSealed)}::bytea[])
          as u(id, sheets, page_from, has_barcode, printed_sealed)
        where p.id = u.id`,
  );
  return true;
}

const accountRow = z
  .object({
    lot_id: z.string(),
    number: z.number(),
    is_reprint: z.boolean(),
    manifest: z.number(),
    posted: z.number(),
    spoiled: z.number(),
    withdrawn: z.number(),
    returned: z.number(),
    unreprinted: z.number(),
  })
  .transform(({ lot_id, is_reprint, ...counts }) => ({
    lotId: lot_id,
    isReprint: is_reprint,
    ...counts,
    open: counts.manifest - counts.posted - counts.spoiled - counts.withdrawn,
  }));
/** manifest = posted + spoiled + withdrawn + open; `returned` are of the posted; `unreprinted` spoiled pieces name no reprint. */
export type LotAccount = z.output<typeof accountRow>;

export async function listLotAccounts(db: Db, campaignId: string): Promise<LotAccount[]> {
  return await rows(
    db,
    accountRow,
    sql`select l.id as lot_id, l.number, l.is_reprint, count(p.id)::int as manifest,
          count(*) filter (where e.kind = 'posted')::int as posted, count(*) filter (where e.kind = 'spoiled')::int as spoiled,
          count(*) filter (where e.kind = 'withdrawn')::int as withdrawn, count(r.ref)::int as returned,
          count(*) filter (where e.kind = 'spoiled' and again.id is null)::int as unreprinted
        from delivery.lot l join delivery.piece p on p.lot_id = l.id
        left join delivery.piece_event e on e.ref = p.id and e.kind in ('posted', 'spoiled', 'withdrawn')
        left join delivery.piece_event r on r.ref = p.id and r.kind = 'returned'
        left join delivery.piece again on again.reprint_of = p.id
        where l.campaign_id = ${campaignId} group by l.id order by l.number`,
  );
}

const countsRow = z
  .object({
    number: z.number(),
    is_reprint: z.boolean(),
    manifest: z.number(),
    posted: int8,
    spoiled: int8,
    withdrawn: int8,
    reprinted: int8,
  })
  .transform(({ is_reprint, reprinted, ...counts }) => ({
    ...counts,
    isReprint: is_reprint,
    open: counts.manifest - counts.posted - counts.spoiled - counts.withdrawn,
    unreprinted: counts.spoiled - reprinted,
  }));

/** The lots' equations from the counters: every lot that is formed asks for all of them, so their pieces are not read again. */
export async function listLotCounts(db: Db, campaignId: string): Promise<z.output<typeof countsRow>[]> {
  return await rows(
    db,
    countsRow,
    sql`select l.number, l.is_reprint, l.piece_count as manifest, coalesce(t.posted, 0) as posted, coalesce(t.spoiled, 0) as spoiled,
          coalesce(t.withdrawn, 0) as withdrawn, coalesce(t.reprinted, 0) as reprinted
        from delivery.lot l left join (
          select lot_id, sum(pieces) filter (where kind = 'posted') as posted, sum(pieces) filter (where kind = 'spoiled') as spoiled,
            sum(pieces) filter (where kind = 'withdrawn') as withdrawn, sum(pieces) filter (where kind = 'reprinted') as reprinted
          from delivery.lot_tally where campaign_id = ${campaignId} group by lot_id) t on t.lot_id = l.id
        where l.campaign_id = ${campaignId} order by l.number`,
  );
}

/** The lot of a number, or null. */
export async function findLot(db: Db, campaignId: string, number: number): Promise<Lot | null> {
  return await maybeRow(
    db,
    lotRow,
    sql`select * from delivery.lot where campaign_id = ${campaignId} and number = ${number}`,
  );
}
