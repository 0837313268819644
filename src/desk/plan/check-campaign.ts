/** Checks a whole campaign folder: the campaign's part, every notice text and the rate card, all faults at once. Opens no database. */

import { type FolderReading, ratesFileName, readCampaignFolder } from '../../campaign/folder/campaign-folder.ts';
import { checkCampaignFolder } from '../../campaign/folder/check-campaign-folder.ts';
import { type Day, toDay } from '../../kernel/calendar.ts';
import type { Problem } from '../../kernel/problem.ts';
import { checkRates } from '../../ledger/check-rates.ts';
import { checkNotice } from '../../notice/check-notice.ts';
import type { Language } from '../../platform/language.ts';

export type FolderCheck = {
  /** No problem: the folder may be put up for approval. */
  readonly ok: boolean;
  readonly problems: readonly Problem[];
  /** What deserves a look and stops nothing. */
  readonly warnings: readonly Problem[];
};

/** Throws FOLDER_UNREADABLE when there is no campaign.yaml. */
export async function checkFolder(
  dir: string,
  { language, today = toDay(new Date()) }: { language: Language; today?: Day },
): Promise<FolderCheck> {
  return checkReading(await readCampaignFolder(dir, language), { language, today });
}

/** The same of documents that were read already, from wherever they came. */
export function checkReading(
  reading: FolderReading,
  { language, today }: { language: Language; today: Day },
): FolderCheck {
  const { problems, warnings } = checkCampaignFolder(reading, { today, language });
  const { file } = reading;
  // A text no segment uses may be a draft for later: it is checked like the others, before someone points a segment at it.
  const noticeProblems = file
    ? reading.notices.flatMap((notice) =>
        checkNotice({ ...notice, file: notice.path, language: noticeLanguage(notice.language) }, file, language),
      )
    : [];
  const rateProblems =
    reading.ratesText === undefined
      ? []
      : checkRates(
          { file: ratesFileName, text: reading.ratesText, gifts: file ? file.gifts.map((gift) => gift.id) : null },
          language,
        );
  const all = [...problems, ...noticeProblems, ...rateProblems];
  return { ok: all.length === 0, problems: all, warnings };
}

function noticeLanguage(language: string): Language {
  return language === 'en' ? 'en' : 'ja';
}
