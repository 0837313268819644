/** Builds the bundle for an audience with every person's data in it, encrypted to its receiver and to nobody else. */
import { z } from 'zod';
import { exportListLeaves } from '../../intake/list/list-members.ts';
import { actingName } from '../fields/operation-field.ts';
import { bundleAnswer, bundleCampaign, bundleFields } from '../lifecycle/bundle-campaign.ts';
import { operationOf, type WriteContext } from '../operation.ts';
import { readNamedFile } from '../read-named-file.ts';

/** People per entry of the audit log. */
const PEOPLE_PER_ENTRY = 10_000;

export const operation = operationOf({
  kind: 'write',
  input: bundleFields.extend({
    /** The receiver's public key. */
    to: z.string(),
    /** Who lets everybody's data out. */
    by: actingName,
  }),
  output: bundleAnswer,
  run: async (context, { to, ...given }) => {
    const receiverPem = (await readNamedFile(to)).toString('utf8');
    await noteEverybody(context);
    return await bundleCampaign(context, given, { receiverPem });
  },
});

async function noteEverybody({ app, campaign, concerns }: WriteContext): Promise<void> {
  const { id, listVersion } = campaign;
  if (listVersion === null) return;
  for (let afterRank = -1; ; ) {
    const page = await exportListLeaves(app.pool, id, listVersion, { afterRank, limit: PEOPLE_PER_ENTRY });
    const last = page.at(-1);
    if (last === undefined) return;
    await concerns(page.map(({ ref }) => ref));
    afterRank = last.rank;
  }
}
