/** Seals what is new in the journal and charges the sealed blocks: money follows facts (promise 6). */
import { sealFacts } from '../../journal/seal-facts.ts';
import { type PostedCharges, postCharges } from '../../ledger/post-charges.ts';
import type { App } from '../../platform/app.ts';
import { coverAudit } from '../audit/cover-audit.ts';
import { adoptPlanRates } from '../plan/adopt-plan-rates.ts';

/** Idempotent; safe to run at any time and in several processes. */
export async function chargeJournal(
  app: Pick<App, 'pool' | 'keys' | 'files' | 'clock'>,
  { campaignId }: { campaignId: string },
): Promise<PostedCharges> {
  await adoptPlanRates(app, campaignId);
  await coverAudit(app, campaignId);
  await sealFacts(app.pool, campaignId, app.clock);
  return await postCharges(app, { campaign: campaignId });
}
