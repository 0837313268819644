/** `owabi freeze`: the people imported so far become list version n, the one that is approved and sent to. */
import { ensureActor } from '../../campaign/actors/ensure-actor.ts';
import { freezeCampaignList } from '../../desk/freeze-campaign-list.ts';
import { diffVersions } from '../../intake/list/diff-versions.ts';
import type { AppRun } from '../command.ts';
import { resolveCampaign } from '../resolve-campaign.ts';

export const runFreeze: AppRun = async ({ app, args, options, say }) => {
  const campaign = await resolveCampaign(app, args[0]);
  const actorId =
    typeof options.by === 'string'
      ? await ensureActor(app, app.pool, { campaignId: campaign.id, name: options.by })
      : null;
  const frozen = await freezeCampaignList(app, { campaign, ...(actorId === null ? {} : { actorId }) });
  const { version, people, sha256, isNew, cases } = frozen;
  const changes = version > 1 ? (await diffVersions(app.pool, campaign.id, version - 1, version)).counts : null;
  const lines = [say(isNew ? 'cli.freeze.done' : 'cli.freeze.unchanged', { version, people, sha256 })];
  if (changes !== null) {
    for (const [change, count] of Object.entries(changes))
      if (count > 0) lines.push(`  ${say(`intake.change.${change}`)}: ${count}`);
  }
  if (cases.checked > 0) lines.push(say('cli.freeze.cases', cases));
  return { json: { version, people, sha256, isNew, changes, cases }, text: lines.join('\n') };
};
