/** A named person's decision about rejected rows: not a person, or covered by a substitute measure. */
import { z } from 'zod';
import { listOpenRows } from '../../intake/rejected/list-open-rows.ts';
import { settleRow } from '../../intake/rejected/settle-row.ts';
import { AppError } from '../../kernel/errors.ts';
import { actingName, count, definedOnly, wordOf } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';

const settlements = { 'not-a-person': 'not_a_person', substitute: 'substitute_measure' } as const;

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({
    settlement: wordOf(settlements),
    by: actingName,
    /** The rows by id; without them all open rows with `reason`. */
    row: z.array(z.string()).min(1).optional(),
    reason: z.string().optional(),
    /** What stays with the rows, sealed. */
    note: z.string().optional(),
  }),
  output: z.strictObject({ settled: count, open: count }),
  run: async ({ app, campaign, actor, concerns }, { settlement, by, row, reason, note }) => {
    if (row === undefined && reason === undefined) throw new AppError('USAGE_WRONG.rows');
    const open = await listOpenRows(app, { campaign });
    const rowIds = row ?? open.filter(({ reasons }) => reasons.includes(reason ?? '')).map(({ id }) => id);
    const unknown = rowIds.filter((id) => !open.some((known) => known.id === id));
    if (unknown.length > 0) throw new AppError('USAGE_WRONG.rowsUnknown', { rows: unknown.join(', ') });
    await concerns(rowIds);
    const actorId = await actor(by);
    return await settleRow(app, { campaign, rowIds, settlement, actorId, ...definedOnly({ note }) });
  },
});
