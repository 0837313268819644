/** The lots with their equations, what is open in them and until when, the pieces that a report left out, and the postings. */
import { z } from 'zod';
import { blockingLots } from '../../delivery/letters/lot-account.ts';
import { lotFolder } from '../../delivery/letters/lot-files.ts';
import { listLotAccounts, listLots } from '../../delivery/letters/lot-store.ts';
import { formatPieceNumber } from '../../delivery/letters/piece-code.ts';
import { listUnreportedPieces } from '../../delivery/letters/piece-store.ts';
import { listPostings } from '../../delivery/letters/vendor-store.ts';
import { listWaves } from '../../delivery/wave-store.ts';
import { actingName, count, isoInstant, namesByRef, withNames } from '../fields/operation-field.ts';
import { MAX_NAMED, openNames } from '../open-names.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'read',
  input: z.strictObject({ names: withNames, by: actingName.optional() }),
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
        wave: z.string(),
        /** When the wave's letters are to be posted at the latest. */
        latestAt: isoInstant,
      }),
    ),
    /** Pieces that are missing from what the print house reported, the first fifty: why a lot blocks. */
    missing: z.array(z.strictObject({ lot: count, piece: z.string(), ref: z.uuid() })),
    names: namesByRef,
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
  run: async (context, { names }) => {
    const { db, app, campaign } = context;
    const accounts = await listLotAccounts(db, campaign.id);
    const blocking = new Set(blockingLots(accounts).map((lot) => lot.number));
    const known = new Map((await listLots(db, campaign.id)).map((lot) => [lot.id, lot]));
    const waves = new Map((await listWaves(db, campaign.id)).map((wave) => [wave.waveId, wave]));
    const lots = accounts.map(({ lotId, ...lot }) => {
      const { waveId = '', preparedAt = null, formedAt = app.clock() } = known.get(lotId) ?? {};
      return {
        ...lot,
        prepared: preparedAt !== null,
        blocks: blocking.has(lot.number),
        folder: lotFolder(app.exportDir, campaign.slug, lot.number),
        wave: waveId,
        latestAt: waves.get(waveId)?.latestAt ?? formedAt,
      };
    });
    const unreported = await listUnreportedPieces(db, campaign.id, { lots: [...blocking], limit: MAX_NAMED });
    const refs = unreported.map(({ personRef }) => personRef);
    return {
      lots,
      postings: await listPostings(db, campaign.id),
      missing: unreported.map(({ lot, noticeNumber, cycle, personRef }) => ({
        lot,
        piece: formatPieceNumber(noticeNumber, cycle),
        ref: personRef,
      })),
      ...(names ? { names: await openNames(context, refs) } : {}),
    };
  },
});
