/**
 * Makes the rate card of the plan that runs the one that counts. The card comes from the plan itself, and this is asked again
 * before every charging, so that neither a crash after the last approval nor a folder that is gone leaves the facts unpriced.
 */

import { getCampaign } from '../../campaign/find-campaign.ts';
import { getPlanSnapshot } from '../../campaign/plan/create-plan.ts';
import { AppError } from '../../kernel/errors.ts';
import { problemLines } from '../../kernel/problem.ts';
import { adoptRates, readPlanRates } from '../../ledger/adopt-rates.ts';
import type { App } from '../../platform/app.ts';

/** Idempotent. Does nothing before a plan is approved, and after every key was destroyed. Throws RATES_INVALID. */
export async function adoptPlanRates(
  app: Pick<App, 'pool' | 'keys' | 'files' | 'clock'>,
  campaignId: string,
): Promise<void> {
  const { planId } = await getCampaign(app.pool, campaignId);
  if (planId === null || !app.keys.has(campaignId)) return;
  const { card, problems } = readPlanRates('rates.yaml', (await getPlanSnapshot(app, planId)).ratesText);
  if (!card) throw new AppError('RATES_INVALID', { faults: problemLines(problems) });
  await adoptRates(app, { campaign: campaignId, card });
}
