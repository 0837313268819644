/** The regulator's numbers (規則8条1項 ③ ⑥ ⑦), all from one moment. */
import { z } from 'zod';
import { countFigures } from '../../evidence/figures/count-figures.ts';
import type { Figures } from '../../evidence/figures/figures.ts';
import { readSnapshot } from '../../platform/postgres/db.ts';
import { count } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'read',
  input: z.strictObject({}),
  output: z.strictObject({
    principals: z.strictObject({ people: count, records: count, openRows: count }),
    response: z.strictObject({
      total: count,
      told: count,
      toldByEmail: count,
      toldByLetter: count,
      underway: count,
      substitute: count,
      excluded: count,
      undecided: count,
      outcomes: z.record(z.string(), count),
      enquiries: z.strictObject({ contacts: count, callsOffered: count, callsAnswered: count }),
    }),
    publications: z.array(z.strictObject({ kind: z.string(), url: z.string(), asOf: z.iso.datetime() })),
  }) satisfies z.ZodType<Figures>,
  run: async ({ app, campaign }) => await readSnapshot(app.pool, (db) => countFigures(db, campaign.id)),
});
