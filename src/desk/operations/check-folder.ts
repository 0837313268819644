/** Every fault of a campaign folder at once, with file, line and remedy. Opens no database. */
import { z } from 'zod';
import { toDay } from '../../kernel/calendar.ts';
import { problemFields } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';
import { checkFolder, type FolderCheck } from '../plan/check-campaign.ts';

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
