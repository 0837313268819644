/** SQL of the lines of vendors' files that wait for a decision, and of what was decided. */
import { z } from 'zod';
import { type Db, execute, instant, row, rows, sql, type Tx } from '../../platform/postgres/db.ts';
import { lineProblemCodes } from './vendor-file.ts';

export const lineVerdicts = ['corrected', 'duplicate', 'not_ours', 'accepted', 'recorded'] as const;
/** How a question ends. `recorded`: a later file with the same line could be used. */
export type LineVerdictWord = (typeof lineVerdicts)[number];

export const vendorFileKinds = ['print_house', 'returns'] as const;
export type VendorFileKind = (typeof vendorFileKinds)[number];

const questionRow = z
  .object({
    id: z.string(),
    kind: z.enum(vendorFileKinds),
    line: z.number(),
    code: z.enum(lineProblemCodes),
    cells_sealed: z.instanceof(Buffer),
    words_blind: z.instanceof(Buffer),
    opened_at: instant,
    file_sha256: z.string(),
    verdict: z.enum(lineVerdicts).nullable(),
    settled_at: instant.nullable(),
    settled_by: z.string().nullable(),
  })
  .transform((found) => ({
    id: found.id,
    kind: found.kind,
    line: found.line,
    code: found.code,
    cellsSealed: found.cells_sealed,
    wordsBlind: found.words_blind,
    openedAt: found.opened_at,
    fileSha256: found.file_sha256,
    verdict: found.verdict,
    settledAt: found.settled_at,
    settledBy: found.settled_by,
  }));
/** A line with how it was settled; `verdict` is null while it is open. */
export type LineQuestionRow = z.output<typeof questionRow>;

/** In the order in which they were asked; open ones only, or all; of these ids, or of the campaign. */
export async function listQuestionRows(
  db: Db,
  campaignId: string,
  { isOpenOnly, ids = null }: { isOpenOnly: boolean; ids?: readonly string[] | null },
): Promise<LineQuestionRow[]> {
  return await rows(
    db,
    questionRow,
    sql`select q.*, f.sha256 as file_sha256, s.verdict, s.at as settled_at, s.actor_id as settled_by
        from delivery.line_question q join delivery.vendor_file f on f.id = q.vendor_file_id
        left join delivery.line_settlement s on s.ref = q.id
        where q.campaign_id = ${campaignId} and (not ${isOpenOnly}::boolean or s.ref is null)
          and (${ids}::text[] is null or q.id::text = any(${ids}::text[]))
        order by q.opened_at, q.kind, q.line, q.id`,
  );
}

/** The questions that were asked before in the same words. */
export async function findQuestions(
  db: Db,
  campaignId: string,
  kind: VendorFileKind,
  wordsBlind: readonly Buffer[],
): Promise<{ id: string; wordsBlind: Buffer; isOpen: boolean }[]> {
  return await rows(
    db,
    z
      .object({ id: z.string(), words_blind: z.instanceof(Buffer), is_open: z.boolean() })
      .transform((found) => ({ id: found.id, wordsBlind: found.words_blind, isOpen: found.is_open })),
    sql`select q.id, q.words_blind, s.ref is null as is_open
        from delivery.line_question q left join delivery.line_settlement s on s.ref = q.id
        where q.campaign_id = ${campaignId} and q.kind = ${kind} and q.words_blind = any(${wordsBlind}::bytea[])`,
  );
}

export type NewQuestion = { id: string; line: number; code: string; cellsSealed: Buffer; wordsBlind: Buffer };

/** Returns those that nobody had asked before. */
export async function insertQuestions(
  tx: Tx,
  file: { campaignId: string; vendorFileId: string; kind: VendorFileKind; at: Date; factId: string },
  questions: readonly NewQuestion[],
): Promise<{ id: string; line: number; code: string }[]> {
  return await rows(
    tx,
    z.object({ id: z.string(), line: z.number(), code: z.string() }),
    sql`insert into delivery.line_question (id, campaign_id, vendor_file_id, kind, line, code, cells_sealed, words_blind, opened_at, fact_id)
        select id, ${file.campaignId}, ${file.vendorFileId}, ${file.kind}, line, code, cells_sealed, words_blind, ${file.at}, ${file.factId}
        from unnest(${questions.map((q) => q.id)}::uuid[], ${questions.map((q) => q.line)}::int[], ${questions.map((q) => q.code)}::text[],
          ${questions.map((q) => q.cellsSealed)}::bytea[], ${questions.map((q) => q.wordsBlind)}::bytea[])
          as u(id, line, code, cells_sealed, words_blind)
        order by line
        on conflict do nothing returning id, line, code`,
  );
}

export type NewSettlement = {
  ref: string;
  verdict: LineVerdictWord;
  pieceId: string | null;
  noteSealed: Buffer | null;
};

/** Returns those that were open. */
export async function insertLineSettlements(
  tx: Tx,
  act: { campaignId: string; actorId: string | null; at: Date; factId: string },
  settlements: readonly NewSettlement[],
): Promise<{ ref: string; verdict: LineVerdictWord }[]> {
  return await rows(
    tx,
    z.object({ ref: z.string(), verdict: z.enum(lineVerdicts) }),
    sql`insert into delivery.line_settlement (ref, campaign_id, verdict, piece_id, note_sealed, actor_id, at, fact_id)
        select ref, ${act.campaignId}, verdict, piece_id, note_sealed, ${act.actorId}, ${act.at}, ${act.factId}
        from unnest(${settlements.map((s) => s.ref)}::uuid[], ${settlements.map((s) => s.verdict)}::text[],
          ${settlements.map((s) => s.pieceId)}::uuid[], ${settlements.map((s) => s.noteSealed)}::bytea[])
          as u(ref, verdict, piece_id, note_sealed)
        order by ref
        on conflict do nothing returning ref, verdict`,
  );
}

/** Locks a question until the commit, so that two people cannot record its line twice. */
export async function lockQuestion(tx: Tx, questionId: string): Promise<void> {
  await execute(tx, sql`select 1 from delivery.line_question where id = ${questionId} for update`);
}

export async function countOpenQuestions(db: Db, campaignId: string): Promise<number> {
  const found = await row(
    db,
    z.object({ open: z.number() }),
    sql`select count(*)::int as open from delivery.line_question q
        where q.campaign_id = ${campaignId} and not exists (select 1 from delivery.line_settlement s where s.ref = q.id)`,
  );
  return found.open;
}
