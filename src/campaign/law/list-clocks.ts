/** The clocks and the checklist of a campaign, by the laws that it names, as shipped. */
import type { CampaignFile } from '../folder/campaign-file.ts';
import type { PolicyFile } from '../policy/policy-terms.ts';
import { type ChecklistDone, type ChecklistStep, computeChecklist } from './checklist.ts';
import { type Clock, computeClocks } from './clocks.ts';
import { defaultLaws, INSURANCE, listLaws, loadChecklist, loadRegime } from './regime.ts';

/** What is due when; `policy` adds the insurer's own days. A law that is not shipped is a fault of `check` and has no clock here. */
export function listClocks(file: CampaignFile, now: Date, policy?: PolicyFile): Clock[] {
  const shipped = listLaws();
  const laws = (file.laws ?? defaultLaws).filter((law) => shipped.includes(law));
  return computeClocks(file, now, [...laws, INSURANCE].map(loadRegime), policy);
}

/** First day, first week, first month. */
export function listChecklist(
  file: CampaignFile,
  now: Date,
  done: ChecklistDone,
  policy?: PolicyFile,
): ChecklistStep[] {
  return computeChecklist(file, loadChecklist(), listClocks(file, now, policy), done, now);
}
