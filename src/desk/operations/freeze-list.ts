/** The people imported so far become list version n, the one that is approved and sent to. */
import { z } from 'zod';
import { diffVersions } from '../../intake/list/diff-versions.ts';
import { actingName, count, sha256 } from '../fields/operation-field.ts';
import { freezeCampaignList } from '../lifecycle/freeze-campaign-list.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({ by: actingName.optional() }),
  output: z.strictObject({
    version: count,
    people: count,
    sha256,
    isNew: z.boolean(),
    /** How many people were added, removed or changed since the version before; null for the first. */
    changes: z.record(z.string(), count).nullable(),
    cases: z.strictObject({ checked: count, found: count }),
  }),
  run: async ({ app, campaign, actor }, { by }) => {
    const acting = by === undefined ? {} : { actorId: await actor(by) };
    const { version, people, sha256, isNew, cases } = await freezeCampaignList(app, { campaign, ...acting });
    const changes = version > 1 ? (await diffVersions(app.pool, campaign.id, version - 1, version)).counts : null;
    return { version, people, sha256, isNew, changes, cases };
  },
});
