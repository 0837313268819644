/**
 * The indexes by which people are looked up. Loading the first million rows is a third cheaper for the database when they are made once
 * at its end: kept during the load they are written at random places, and after each checkpoint page by page (2.3 KB of log a row, not 1).
 */
import { z } from 'zod';
import { type Client, inTransaction, row, sql, type Tx } from '../../platform/postgres/db.ts';

const lookUps = [
  ['record_customer', 'customer_blind'],
  ['record_email', 'email_blind'],
  ['record_phone', 'phone_blind'],
  ['record_kana', 'kana_blind'],
] as const;

const answer = z.object({ answer: z.boolean() });

async function isAnyoneImported(client: Client): Promise<boolean> {
  return (await row(client, answer, sql`select exists (select from intake.record) as answer`)).answer;
}

/** Drops the indexes if nobody of any campaign is imported yet. An import that is killed makes them when it has been continued. */
export async function dropLookUpsBeforeFirst(client: Client): Promise<void> {
  if (await isAnyoneImported(client)) return;
  await inTransaction(client, async (tx) => {
    await tx.query('lock table intake.record in access exclusive mode');
    if (!(await isAnyoneImported(tx)))
      await tx.query(`drop index if exists ${lookUps.map(([name]) => `intake.${name}`).join(', ')}`);
  });
}

/** Makes the indexes that are missing, in the transaction that ends an import: where an import is done, people are found at once. */
export async function ensureLookUps(tx: Tx): Promise<void> {
  const names = lookUps.map(([name]) => name);
  const { answer: isComplete } = await row(
    tx,
    answer,
    sql`select count(*) = ${names.length} as answer from pg_indexes where schemaname = 'intake' and indexname = any(${names}::text[])`,
  );
  if (isComplete) return;
  // Against itself: of two imports that end together one makes them.
  await tx.query('lock table intake.record in share row exclusive mode');
  await tx.query(`set local maintenance_work_mem = '128MB'`);
  for (const [name, column] of lookUps)
    await tx.query(`create index if not exists ${name} on intake.record using hash (${column})`);
}
