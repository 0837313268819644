/** `owabi freeze`: the people imported so far become list version n, the one that is approved and sent to. */
import { ensureActor } from '../campaign/actors/ensure-actor.ts';
import { diffVersions } from '../intake/diff-versions.ts';
import { freezeList } from '../intake/freeze-list.ts';
import type { CliCommand } from './command.ts';
import { resolveCampaign } from './resolve-campaign.ts';

export const freezeCommand: CliCommand = {
  name: 'freeze',
  args: '<campaign>',
  summary: 'cli.freeze.summary',
  options: [['--by <name>', 'cli.import.by']],
  needs: 'app',
  run: async ({ app, args, options, say }) => {
    const campaign = await resolveCampaign(app, args[0]);
    const actorId =
      typeof options.by === 'string'
        ? await ensureActor(app, app.pool, { campaignId: campaign.id, name: options.by })
        : null;
    const frozen = await freezeList(app, { campaign, ...(actorId === null ? {} : { actorId }) });
    const { version, people, sha256, isNew } = frozen;
    const changes = version > 1 ? (await diffVersions(app.pool, campaign.id, version - 1, version)).counts : null;
    const lines = [say(isNew ? 'cli.freeze.done' : 'cli.freeze.unchanged', { version, people, sha256 })];
    if (changes !== null) {
      for (const [change, count] of Object.entries(changes))
        if (count > 0) lines.push(`  ${say(`intake.change.${change}`)}: ${count}`);
    }
    return { json: { version, people, sha256, isNew, changes }, text: lines.join('\n') };
  },
};
