/** The lots with their equations and what is open in them, and the postings on record. */
import { z } from 'zod';
import { blockingLots } from '../../delivery/letters/lot-account.ts';
import { lotFolder } from '../../delivery/letters/lot-files.ts';
import { listLotAccounts, listLots } from '../../delivery/letters/lot-store.ts';
import { listPostings } from '../../delivery/letters/vendor-store.ts';
import { operationOf } from '../operation.ts';
import { count } from '../operation-field.ts';

export const operation = operationOf({
  kind: 'read',
  input: z.strictObject({}),
  output: z.strictObject({
    lots: z.array(
      z.strictObject({
        number: count,
        isReprint: z.boolean(),
        manifest: count,
        posted: count,
        spoiled: count,
        withdrawn: count,
        returned: count,
        unreprinted: count,
        open: count,
        /** Whether its files are made. */
        prepared: z.boolean(),
        /** The print house reported on it and pieces are missing: no new lot is formed. */
        blocks: z.boolean(),
        folder: z.string(),
      }),
    ),
    postings: z.array(
      z.strictObject({
        id: z.uuid(),
        slipNumber: z.string(),
        postedOn: z.iso.date(),
        postOffice: z.string(),
        pieces: count,
      }),
    ),
  }),
  run: async ({ db, app, campaign }) => {
    const accounts = await listLotAccounts(db, campaign.id);
    const blocking = new Set(blockingLots(accounts).map((lot) => lot.number));
    const prepared = new Map((await listLots(db, campaign.id)).map((lot) => [lot.id, lot.preparedAt !== null]));
    const lots = accounts.map(({ lotId, ...lot }) => ({
      ...lot,
      prepared: prepared.get(lotId) ?? false,
      blocks: blocking.has(lot.number),
      folder: lotFolder(app.exportDir, campaign.slug, lot.number),
    }));
    return { lots, postings: await listPostings(db, campaign.id) };
  },
});
