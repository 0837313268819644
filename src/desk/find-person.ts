/** Whom a caller means: a person is named by notice number or reference, never by name, which would stay in histories and logs. */
import { AppError } from '../kernel/errors.ts';
import { isNoticeNumber } from '../kernel/ids.ts';
import { findNotice } from '../notice/store.ts';
import type { Db } from '../platform/postgres/db.ts';

const REF = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The person's reference, or null; a reference is taken as it is, known here or not. */
export async function lookUpPerson(db: Db, campaignId: string, text: string): Promise<string | null> {
  if (REF.test(text)) return text.toLowerCase();
  if (!isNoticeNumber(text)) return null;
  return (await findNotice(db, campaignId, text.replace(/[\s-]/g, '')))?.personRef ?? null;
}

/** As `lookUpPerson`. Throws PERSON_MISSING. */
export async function findPerson(db: Db, campaignId: string, text: string): Promise<string> {
  const ref = await lookUpPerson(db, campaignId, text);
  if (ref === null) throw new AppError('PERSON_MISSING.neither', { text });
  return ref;
}
