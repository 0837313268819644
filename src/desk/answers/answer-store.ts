/** SQL of kept answers: a key is claimed once, answered once, and given back when its operation was refused. */
import { z } from 'zod';
import { bytes, type Db, execute, maybeRow, sql } from '../../platform/postgres/db.ts';

export type AnswerKey = { readonly campaignId: string; readonly keyBlind: Buffer };
export type KeptAnswer = {
  readonly operation: string;
  readonly inputBlind: Buffer;
  /** Null while it is not known how the operation ended. */
  readonly answerSealed: Buffer | null;
};

const keptRow = z.object({ operation: z.string(), input_blind: bytes, answer_sealed: bytes.nullable() }).transform(
  (found): KeptAnswer => ({
    operation: found.operation,
    inputBlind: found.input_blind,
    answerSealed: found.answer_sealed,
  }),
);

export async function findKeptAnswer(db: Db, { campaignId, keyBlind }: AnswerKey): Promise<KeptAnswer | null> {
  return await maybeRow(
    db,
    keptRow,
    sql`select operation, input_blind, answer_sealed from desk.kept_answer
        where campaign_id = ${campaignId} and key_blind = ${keyBlind}`,
  );
}

export async function insertKeptAnswer(
  db: Db,
  { campaignId, keyBlind, operation, inputBlind, at }: AnswerKey & Omit<KeptAnswer, 'answerSealed'> & { at: Date },
): Promise<void> {
  await execute(
    db,
    sql`insert into desk.kept_answer (campaign_id, key_blind, operation, input_blind, begun_at)
        values (${campaignId}, ${keyBlind}, ${operation}, ${inputBlind}, ${at})`,
  );
}

export async function updateKeptAnswer(
  db: Db,
  { campaignId, keyBlind, answerSealed, at }: AnswerKey & { answerSealed: Buffer; at: Date },
): Promise<void> {
  await execute(
    db,
    sql`update desk.kept_answer set answer_sealed = ${answerSealed}, ended_at = ${at}
        where campaign_id = ${campaignId} and key_blind = ${keyBlind}`,
  );
}

export async function deleteKeptAnswer(db: Db, { campaignId, keyBlind }: AnswerKey): Promise<void> {
  await execute(db, sql`delete from desk.kept_answer where campaign_id = ${campaignId} and key_blind = ${keyBlind}`);
}
