/** A person on the command line is a notice number or a reference: never a name, which would stay in a shell's history. */
import type { Campaign } from '../campaign/campaign.ts';
import { AppError } from '../kernel/errors.ts';
import { isNoticeNumber } from '../kernel/ids.ts';
import { findNotice } from '../notice/store.ts';
import type { App } from '../platform/app.ts';

const REF = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The person's reference. Throws PERSON_MISSING. */
export async function resolvePerson(
  app: Pick<App, 'pool'>,
  campaign: Pick<Campaign, 'id'>,
  text: string,
): Promise<string> {
  if (REF.test(text)) return text.toLowerCase();
  if (isNoticeNumber(text)) {
    const notice = await findNotice(app.pool, campaign.id, text.replace(/[\s-]/g, ''));
    if (notice) return notice.personRef;
  }
  throw new AppError('PERSON_MISSING.neither', { text });
}
