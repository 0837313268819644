/** SQL of what happens to pieces, of postings and of vendors' files. */
import { z } from 'zod';
import { type Db, day, execute, instant, int8, maybeRow, rows, sql, type Tx } from '../../platform/db.ts';
import type { AssignmentReason, AssignmentState } from '../assignment.ts';

export const pieceEventKinds = ['posted', 'spoiled', 'withdrawn', 'returned'] as const;
export type PieceEventKind = (typeof pieceEventKinds)[number];

const eventRow = z
  .object({ ref: z.string(), kind: z.enum(pieceEventKinds), cycle: z.number(), at: instant, code: z.string() })
  .transform((found) => found);
export type PieceEvent = z.output<typeof eventRow>;

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

/** How each of these pieces left its lot, and whether it came back. */
export async function listPieceOutcomes(
  db: Db,
  pieceIds: readonly string[],
): Promise<Map<string, Set<PieceEventKind>>> {
  const found = await rows(
    db,
    z.object({ ref: z.string(), kind: z.enum(pieceEventKinds) }),
    sql`select ref, kind from delivery.piece_event where ref = any(${pieceIds}::uuid[])`,
  );
  const outcomes = new Map<string, Set<PieceEventKind>>();
  for (const { ref, kind } of found) {
    const known = outcomes.get(ref) ?? new Set();
    known.add(kind);
    outcomes.set(ref, known);
  }
  return outcomes;
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

const postingRow = z
  .object({ id: z.string(), slip_number: z.string(), posted_on: day, post_office: z.string(), pieces: z.number() })
  .transform((found) => ({
    id: found.id,
    slipNumber: found.slip_number,
    postedOn: found.posted_on,
    postOffice: found.post_office,
    pieces: found.pieces,
  }));
export type Posting = z.output<typeof postingRow>;

export async function listPostings(db: Db, campaignId: string): Promise<Posting[]> {
  return await rows(
    db,
    postingRow,
    sql`select p.id, p.slip_number, p.posted_on, p.post_office,
          (select count(*)::int from delivery.piece_event e where e.posting_id = p.id) as pieces
        from delivery.posting p where p.campaign_id = ${campaignId} order by p.posted_on, p.slip_number`,
  );
}

export async function findPosting(db: Db, campaignId: string, slipNumber: string): Promise<Posting | null> {
  return await maybeRow(
    db,
    postingRow,
    sql`select id, slip_number, posted_on, post_office, 0 as pieces from delivery.posting
        where campaign_id = ${campaignId} and slip_number = ${slipNumber}`,
  );
}

export async function insertPosting(
  tx: Tx,
  posting: {
    id: string;
    campaignId: string;
    slipNumber: string;
    postedOn: string;
    postOffice: string;
    at: Date;
    factId: string;
  },
): Promise<void> {
  await execute(
    tx,
    sql`insert into delivery.posting (id, campaign_id, slip_number, posted_on, post_office, recorded_at, fact_id)
        values (${posting.id}, ${posting.campaignId}, ${posting.slipNumber}, ${posting.postedOn}, ${posting.postOffice}, ${posting.at}, ${posting.factId})`,
  );
}

const vendorFileRow = z
  .object({
    id: z.string(),
    kind: z.enum(['print_house', 'returns']),
    sha256: z.string(),
    line_count: z.number(),
    new_count: z.number(),
    problem_count: z.number(),
    loaded_at: instant,
  })
  .transform((found) => ({
    id: found.id,
    kind: found.kind,
    sha256: found.sha256,
    lines: found.line_count,
    recorded: found.new_count,
    problems: found.problem_count,
    loadedAt: found.loaded_at,
  }));
export type VendorFile = z.output<typeof vendorFileRow>;

export async function insertVendorFile(
  tx: Tx,
  campaignId: string,
  file: VendorFile & { fileId: string },
): Promise<void> {
  await execute(
    tx,
    sql`insert into delivery.vendor_file (id, campaign_id, kind, sha256, file_id, line_count, new_count, problem_count, loaded_at)
        values (${file.id}, ${campaignId}, ${file.kind}, ${file.sha256}, ${file.fileId}, ${file.lines}, ${file.recorded}, ${file.problems}, ${file.loadedAt})`,
  );
}

export async function listVendorFiles(db: Db, campaignId: string): Promise<VendorFile[]> {
  return await rows(
    db,
    vendorFileRow,
    sql`select * from delivery.vendor_file where campaign_id = ${campaignId} order by loaded_at`,
  );
}

const exportRow = z
  .object({
    id: int8,
    ref: z.string(),
    kind: z.enum(pieceEventKinds),
    cycle: z.number(),
    at: instant,
    code: z.string(),
    fact_id: int8,
  })
  .transform(({ fact_id, ...event }) => ({ ...event, factId: fact_id }));

/** Events in the order of their rows, for the evidence; page by page. */
export async function listPieceEvents(
  db: Db,
  campaignId: string,
  { afterId = 0, limit = 10_000 }: { afterId?: number; limit?: number } = {},
): Promise<z.output<typeof exportRow>[]> {
  return await rows(
    db,
    exportRow,
    sql`select id, ref, kind, cycle, at, code, fact_id from delivery.piece_event
        where campaign_id = ${campaignId} and id > ${afterId} order by id limit ${limit}`,
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
