/** Freezes the list and looks up anew, in the new version, everybody who claimed to be affected and was not on the earlier one. */
import type { Campaign } from '../../campaign/campaign.ts';
import { getCampaign } from '../../campaign/find-campaign.ts';
import { recheckCases } from '../../contacts/recheck-cases.ts';
import { type FrozenList, freezeList } from '../../intake/list/freeze-list.ts';
import type { App } from '../../platform/app.ts';

export type FrozenCampaignList = FrozenList & {
  /** Open cases looked up in the new version, and how many of them are on it. */
  readonly cases: { readonly checked: number; readonly found: number };
};

/** Throws LIST_EMPTY. */
export async function freezeCampaignList(
  app: App,
  { campaign, actorId }: { campaign: Campaign; actorId?: string },
): Promise<FrozenCampaignList> {
  const frozen = await freezeList(app, { campaign, ...(actorId === undefined ? {} : { actorId }) });
  const cases = await recheckCases(app, { campaign: await getCampaign(app.pool, campaign.id) });
  return { ...frozen, cases };
}
