/** SQL of pieces and of what happens to them. */
import { z } from 'zod';
import { postalServices, weightClasses } from '../../journal/driver.ts';
import { type Day, toDay } from '../../kernel/calendar.ts';
import { type Db, execute, instant, int8, row, rows, sql, type Tx } from '../../platform/postgres/db.ts';
import type { AssignmentReason, AssignmentState } from '../assignment.ts';

export type NewPiece = {
  id: string;
  seq: number;
  assignmentId: string;
  personRef: string;
  noticeNumber: string;
  cycle: number;
  reprintOf: string | null;
  hasGift: boolean;
};

/** Set-wise; the assignments become `in_lot`. They come first: inserting pieces locks their people, and people are locked after places. */
export async function insertPieces(
  tx: Tx,
  campaignId: string,
  lotId: string,
  pieces: readonly NewPiece[],
): Promise<void> {
  await execute(
    tx,
    sql`update delivery.assignment set state = 'in_lot', reason = null, changed_at = clock_timestamp()
        where id = any(${pieces.map((p) => p.assignmentId)}::uuid[])`,
  );
  await execute(
    tx,
    sql`insert into delivery.piece (id, campaign_id, lot_id, seq, assignment_id, person_ref, notice_number, cycle, reprint_of, has_gift)
        select id, ${campaignId}, ${lotId}, seq, assignment_id, person_ref, notice_number, cycle, reprint_of, has_gift
        from unnest(${pieces.map((p) => p.id)}::uuid[], ${pieces.map((p) => p.seq)}::int[], ${pieces.map((p) => p.assignmentId)}::uuid[],
          ${pieces.map((p) => p.personRef)}::uuid[], ${pieces.map((p) => p.noticeNumber)}::text[], ${pieces.map((p) => p.cycle)}::int[],
          ${pieces.map((p) => p.reprintOf)}::uuid[], ${pieces.map((p) => p.hasGift)}::bool[])
          as u(id, seq, assignment_id, person_ref, notice_number, cycle, reprint_of, has_gift)`,
  );
}

const pieceRow = z
  .object({
    id: z.string(),
    lot_id: z.string(),
    seq: z.number(),
    assignment_id: z.string(),
    person_ref: z.string(),
    notice_number: z.string(),
    cycle: z.number(),
    reprint_of: z.string().nullable(),
    has_gift: z.boolean(),
    sheets: z.number().nullable(),
    page_from: z.number().nullable(),
    has_barcode: z.boolean().nullable(),
    service: z.enum(postalServices),
    weight_class: z.enum(weightClasses),
  })
  .transform((found) => ({
    id: found.id,
    lotId: found.lot_id,
    seq: found.seq,
    assignmentId: found.assignment_id,
    personRef: found.person_ref,
    noticeNumber: found.notice_number,
    cycle: found.cycle,
    reprintOf: found.reprint_of,
    hasGift: found.has_gift,
    sheets: found.sheets,
    pageFrom: found.page_from,
    hasBarcode: found.has_barcode,
    service: found.service,
    weightClass: found.weight_class,
  }));
export type Piece = z.output<typeof pieceRow>;

export async function listPieces(db: Db, lotId: string): Promise<Piece[]> {
  return await rows(db, pieceRow, sql`select * from delivery.piece where lot_id = ${lotId} order by seq`);
}

/** Every print of the given notice numbers, newest cycle last. */
export async function listPiecesByNumber(db: Db, campaignId: string, numbers: readonly string[]): Promise<Piece[]> {
  return await rows(
    db,
    pieceRow,
    sql`select * from delivery.piece where campaign_id = ${campaignId} and notice_number = any(${numbers}::bpchar[])
        order by notice_number, cycle`,
  );
}

/** Pieces of these lots of which nobody has said anything yet, in the order of their lots. */
export async function listUnreportedPieces(
  db: Db,
  campaignId: string,
  { lots, limit }: { lots: readonly number[]; limit: number },
): Promise<{ lot: number; noticeNumber: string; cycle: number; personRef: string }[]> {
  const found = await rows(
    db,
    z.object({ lot: z.number(), notice_number: z.string(), cycle: z.number(), person_ref: z.string() }),
    sql`select l.number as lot, p.notice_number, p.cycle, p.person_ref
        from delivery.lot l join delivery.piece p on p.lot_id = l.id
        where l.campaign_id = ${campaignId} and l.number = any(${lots}::int[])
          and not exists (select 1 from delivery.piece_event e where e.ref = p.id)
        order by l.number, p.seq limit ${limit}`,
  );
  return found.map(({ lot, cycle, ...piece }) => ({
    lot,
    noticeNumber: piece.notice_number,
    cycle,
    personRef: piece.person_ref,
  }));
}

export const pieceEventKinds = ['posted', 'spoiled', 'withdrawn', 'returned'] as const;
export type PieceEventKind = (typeof pieceEventKinds)[number];

const eventRow = z
  .object({ ref: z.string(), kind: z.enum(pieceEventKinds), cycle: z.number(), at: instant, code: z.string() })
  .transform((found) => found);
export type PieceEvent = z.output<typeof eventRow>;

/** What is on record of a piece: the day it happened, and the code (slip number, card, reason). */
export type PieceRecord = ReadonlyMap<PieceEventKind, { readonly day: Day; readonly code: string }>;

export type NewPieceEvent = { ref: string; at: Date; code: string };

/** Appends events of one kind; returns those that are new. A piece that left its lot another way is not among them. */
export async function insertPieceEvents(
  tx: Tx,
  campaignId: string,
  kind: PieceEventKind,
  events: readonly NewPieceEvent[],
  factId: string,
  postingId: string | null = null,
): Promise<PieceEvent[]> {
  return await rows(
    tx,
    eventRow,
    sql`insert into delivery.piece_event (campaign_id, ref, kind, at, code, posting_id, fact_id)
        select ${campaignId}, ref, ${kind}, at, code, ${postingId}, ${factId}
        from unnest(${events.map((e) => e.ref)}::uuid[], ${events.map((e) => e.at)}::timestamptz[], ${events.map((e) => e.code)}::text[])
          as u(ref, at, code)
        order by ref
        on conflict do nothing returning ref, kind, cycle, at, code`,
  );
}

/** How each of these pieces left its lot, and whether it came back: the Japanese day and the code of each. */
export async function listPieceRecords(db: Db, pieceIds: readonly string[]): Promise<Map<string, PieceRecord>> {
  const found = await rows(
    db,
    z.object({ ref: z.string(), kind: z.enum(pieceEventKinds), at: instant, code: z.string() }),
    sql`select ref, kind, at, code from delivery.piece_event where ref = any(${pieceIds}::uuid[])`,
  );
  const records = new Map<string, Map<PieceEventKind, { day: Day; code: string }>>();
  for (const { ref, kind, at, code } of found) {
    const known = records.get(ref) ?? new Map();
    known.set(kind, { day: toDay(at), code });
    records.set(ref, known);
  }
  return records;
}

export async function updateAssignments(
  tx: Tx,
  assignmentIds: readonly string[],
  state: AssignmentState,
  reasons: readonly (AssignmentReason | null)[],
  at: Date,
): Promise<void> {
  await execute(
    tx,
    sql`update delivery.assignment a set state = ${state}, reason = u.reason, changed_at = ${at}
        from unnest(${assignmentIds}::uuid[], ${reasons}::text[]) as u(id, reason) where a.id = u.id`,
  );
}

/** All events of one person's pieces, oldest first. */
export async function listPersonPieceEvents(db: Db, campaignId: string, personRef: string) {
  return await rows(
    db,
    z
      .object({
        notice_number: z.string(),
        print: z.number(),
        lot: z.number(),
        kind: z.enum(pieceEventKinds),
        at: instant,
        code: z.string(),
      })
      .transform(({ notice_number, ...event }) => ({ noticeNumber: notice_number, ...event })),
    sql`select p.notice_number, p.cycle as print, l.number as lot, e.kind, e.at, e.code
        from delivery.piece p join delivery.lot l on l.id = p.lot_id join delivery.piece_event e on e.ref = p.id
        where p.campaign_id = ${campaignId} and p.person_ref = ${personRef} order by e.at, e.id`,
  );
}

/** Which of these people have a posted letter already. */
export async function listPostedPersons(
  db: Db,
  campaignId: string,
  personRefs: readonly string[],
): Promise<Set<string>> {
  const found = await rows(
    db,
    z.object({ person_ref: z.string() }),
    sql`select distinct p.person_ref from delivery.piece p join delivery.piece_event e on e.ref = p.id and e.kind = 'posted'
        where p.campaign_id = ${campaignId} and p.person_ref = any(${personRefs}::uuid[])`,
  );
  return new Set(found.map((person) => person.person_ref));
}

/** How many letters `listPiecesToPull` would name, from the counters. */
export async function countPiecesToPull(db: Db, campaignId: string): Promise<number> {
  const schema = z.object({ pieces: int8 });
  const query = sql`select coalesce(sum(pieces), 0) as pieces from delivery.pull_tally where campaign_id = ${campaignId}`;
  return (await row(db, schema, query)).pieces;
}

/**
 * Numbers of pieces that are in a lot, not posted and not pulled, though their person was excluded or covered otherwise:
 * someone must take them out. `refs` null means of everybody.
 */
export async function listPiecesToPull(db: Db, campaignId: string, refs: readonly string[] | null): Promise<string[]> {
  const found = await rows(
    db,
    z.object({ notice_number: z.string() }),
    sql`select p.notice_number from delivery.piece p join delivery.person d on d.campaign_id = p.campaign_id and d.ref = p.person_ref
        where p.campaign_id = ${campaignId} and d.term in ('excluded', 'substitute') and (${refs}::uuid[] is null or p.person_ref = any(${refs}::uuid[]))
          and not exists (select 1 from delivery.piece_event e where e.ref = p.id) order by p.notice_number`,
  );
  return found.map(({ notice_number }) => notice_number);
}
