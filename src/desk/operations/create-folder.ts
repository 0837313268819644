/** A campaign folder with the sample, under an id of its own. Opens no database. */
import { basename, resolve } from 'node:path';
import { z } from 'zod';
import { idOfFolder, isCampaignId } from '../../campaign/folder/folder-id.ts';
import { daySchema } from '../../campaign/folder/local-time.ts';
import { scaffoldCampaign } from '../../campaign/folder/scaffold-campaign.ts';
import { toDay } from '../../kernel/calendar.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'local',
  input: z.strictObject({
    dir: z.string().min(1),
    /** Made from the folder's name when it is not given. */
    id: z.string().refine(isCampaignId, 'want.id').optional(),
    /** The day on which the first wave starts; today by default. */
    startOn: daySchema.optional(),
    /** With the values of a trial company, to try Owabi out. */
    trial: z.boolean().default(false),
  }),
  output: z.strictObject({ dir: z.string(), id: z.string(), files: z.array(z.string()) }),
  run: async ({ clock }, { dir, id: given, startOn, trial }) => {
    const today = startOn ?? toDay(clock());
    const id = given ?? idOfFolder(basename(resolve(dir)), today);
    return { dir, id, files: await scaffoldCampaign({ dir, today, id, isTrial: trial }) };
  },
});
