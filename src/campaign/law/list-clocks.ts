/** The clocks and the checklist of a campaign, with Japan's law as shipped. */
import type { Day } from '../../kernel/calendar.ts';
import type { CampaignFile } from '../folder/campaign-file.ts';
import type { PolicyFile } from '../policy/policy-terms.ts';
import { type ChecklistStep, type Clock, computeChecklist, computeClocks } from './clocks.ts';
import { loadChecklist, loadRegime } from './regime.ts';

/** What is due when; `policy` adds the insurer's own days. Throws TEMPLATE_INVALID when the shipped tables are broken. */
export function listClocks(file: CampaignFile, today: Day, policy?: PolicyFile): Clock[] {
  return computeClocks(file, today, loadRegime(), policy);
}

/** First day, first week, first month. */
export function listChecklist(file: CampaignFile): ChecklistStep[] {
  return computeChecklist(file, loadChecklist());
}
