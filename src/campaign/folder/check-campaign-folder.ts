/** Checks the campaign's part of a folder: campaign.yaml and policy.yaml in shape and in sense. Opens no database. */
import type { Problem } from '../../kernel/problem.ts';
import type { Language } from '../../platform/language.ts';
import type { FolderReading } from './campaign-folder.ts';
import { checkCampaign } from './check-campaign.ts';
import { checkSampleValues } from './sample-values.ts';

/** Every fault of shape, and of sense when campaign.yaml has its shape. `today` is the day in Japan. */
export function checkCampaignFolder(
  reading: FolderReading,
  { today, language }: { today: string; language: Language },
): { problems: Problem[]; warnings: Problem[] } {
  if (!reading.file) return { problems: reading.problems, warnings: [] };
  const texts = reading.notices.map((notice) => `${notice.variant}.${notice.language}`);
  const input = { file: reading.file, policy: reading.policy, texts, today };
  const { problems, warnings } = checkCampaign(input, reading.lineOf, language);
  const samples = checkSampleValues(reading, language);
  return {
    problems: [...reading.problems, ...problems, ...samples.problems],
    warnings: [...warnings, ...samples.warnings],
  };
}
