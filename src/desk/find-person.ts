/** Whom a caller means: a person is named by notice number or reference, never by name, which would stay in histories and logs. */
import { AppError } from '../kernel/errors.ts';
import { isNoticeNumber } from '../kernel/ids.ts';
import { findNotice } from '../notice/store.ts';
import type { Db } from '../platform/postgres/db.ts';

const REF = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The person's reference; a reference is taken as it is, known here or not. Throws PERSON_MISSING. */
export async function findPerson(db: Db, campaignId: string, text: string): Promise<string> {
  if (REF.test(text)) return text.toLowerCase();
  if (isNoticeNumber(text)) {
    const notice = await findNotice(db, campaignId, text.replace(/[\s-]/g, ''));
    if (notice) return notice.personRef;
  }
  throw new AppError('PERSON_MISSING.neither', { text });
}
