/** `owabi reconcile CAMPAIGN`: where the rooms' records disagree; exit 1 when they do. */
import { rebuildCounters } from '../../desk/add-up-counters.ts';
import { recountCampaign } from '../../desk/recount-campaigns.ts';
import type { AppRun } from '../command.ts';
import { resolveCampaign } from '../resolve-campaign.ts';

export const runReconcile: AppRun = async ({ app, args, options, say }) => {
  const campaign = await resolveCampaign(app, args[0]);
  const by = options.rebuildBy;
  if (typeof by === 'string') await rebuildCounters(app, { campaignId: campaign.id, by });
  const result = await recountCampaign(app, campaign.id);
  const head = result.ok
    ? say('cli.reconcile.none', { count: result.compared })
    : say('cli.reconcile.some', { count: result.differences.length });
  const lines = result.differences.map(
    ({ what, left, right }) =>
      `  ${what}: ${left.count} (${say(`cli.reconcile.from.${left.from}`)}) – ${right.count} (${say(`cli.reconcile.from.${right.from}`)})`,
  );
  return { json: result, text: [head, ...lines].join('\n'), exitCode: result.ok ? 0 : 1 };
};
