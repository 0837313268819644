/** What intake remembers of files: which were imported, how far each has come, and that one import of a campaign runs at a time. */
import { z } from 'zod';
import { type Db, execute, instant, int8, maybeRow, row, sql, type Tx } from '../platform/postgres/db.ts';

const importRow = z.object({
  id: z.string(),
  number: z.number(),
  file_sha256: z.string(),
  state: z.enum(['running', 'done']),
  reading: z.unknown(),
  row_count: z.number(),
  people_count: z.number(),
  merged_count: z.number(),
  rejected_count: z.number(),
  next_offset: int8,
  next_line: z.number(),
  started_at: instant,
});
export type ImportRow = z.output<typeof importRow>;

const importFields = sql`id, number, file_sha256, state, reading, row_count, people_count, merged_count, rejected_count,
  next_offset, next_line, started_at`;

export async function findImportByFile(db: Db, campaignId: string, fileSha256: string): Promise<ImportRow | null> {
  return await maybeRow(
    db,
    importRow,
    sql`select ${importFields} from intake.import where campaign_id = ${campaignId} and file_sha256 = ${fileSha256}`,
  );
}

export type NewImport = {
  id: string;
  campaignId: string;
  fileSha256: string;
  fileBytes: number;
  fileId: string;
  reading: unknown;
  nextOffset: number;
  nextLine: number;
  actorId: string | null;
  startedAt: Date;
};

/** Runs under the campaign's import lock, so the number is free. */
export async function insertImport(db: Db, input: NewImport): Promise<ImportRow> {
  return await row(
    db,
    importRow,
    sql`insert into intake.import (id, campaign_id, number, file_sha256, file_bytes, file_id, reading, next_offset, next_line, actor_id, started_at)
      select ${input.id}, ${input.campaignId}, coalesce(max(number), 0) + 1, ${input.fileSha256}, ${input.fileBytes}, ${input.fileId},
        ${JSON.stringify(input.reading)}, ${input.nextOffset}, ${input.nextLine}, ${input.actorId}, ${input.startedAt}
      from intake.import where campaign_id = ${input.campaignId} returning ${importFields}`,
  );
}

export type ImportStep = {
  rows: number;
  people: number;
  merged: number;
  rejected: number;
  nextOffset: number;
  nextLine: number;
};

/** Moves an import on, in the transaction that stores the rows. Throws when another process moved it: then nothing may be stored. */
export async function advanceImport(tx: Tx, id: string, fromOffset: number, step: ImportStep): Promise<void> {
  const count = await execute(
    tx,
    sql`update intake.import set row_count = row_count + ${step.rows}, people_count = people_count + ${step.people},
        merged_count = merged_count + ${step.merged}, rejected_count = rejected_count + ${step.rejected},
        next_offset = ${step.nextOffset}, next_line = ${step.nextLine}
      where id = ${id} and state = 'running' and next_offset = ${fromOffset}`,
  );
  if (count !== 1) throw new TypeError('the import was moved on by another process');
}

export async function finishImport(tx: Tx, id: string, at: Date): Promise<ImportRow> {
  return await row(
    tx,
    importRow,
    sql`update intake.import set state = 'done', finished_at = ${at} where id = ${id} returning ${importFields}`,
  );
}

const running = z.object({ count: int8 });

export async function countRunningImports(db: Db, campaignId: string): Promise<number> {
  return (
    await row(
      db,
      running,
      sql`select count(*) as count from intake.import where campaign_id = ${campaignId} and state = 'running'`,
    )
  ).count;
}
