/** Every fault of a campaign folder at once, with file, line and remedy. Opens no database. */
import { z } from 'zod';
import { toDay } from '../../kernel/calendar.ts';
import { checkFolder, type FolderCheck } from '../check-campaign.ts';
import { operationOf } from '../operation.ts';
import { problemFields } from '../operation-field.ts';

export const operation = operationOf({
  kind: 'local',
  input: z.strictObject({ folder: z.string() }),
  output: z.strictObject({
    ok: z.boolean(),
    problems: z.array(problemFields),
    warnings: z.array(problemFields),
  }) satisfies z.ZodType<FolderCheck>,
  run: async ({ language, clock }, { folder }) => await checkFolder(folder, { language, today: toDay(clock()) }),
});
