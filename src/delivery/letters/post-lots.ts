/**
 * Posts what is open in lots by hand, where no vendor's file comes: one stamped 差出票 over several lots, entered by a named person.
 */
import { campaignSpan } from '../../campaign/campaign-span.ts';
import { type Day, toDay } from '../../kernel/calendar.ts';
import { AppError } from '../../kernel/errors.ts';
import { acceptDay } from '../../kernel/outside-day.ts';
import type { App } from '../../platform/app.ts';
import { transaction } from '../../platform/postgres/db.ts';
import { findLot } from './lot-store.ts';
import { listPieceRecords, listPieces } from './piece-store.ts';
import { type PostingSlip, recordPosting } from './record-posting.ts';
import { findPosting } from './vendor-store.ts';

/**
 * Returns how many pieces were posted. Throws LOT_MISSING, DAY_REFUSED (before a lot was formed, in the future, outside the campaign), and
 * VENDOR_FILE_INVALID when the slip is on record with another day.
 */
export async function postLots(
  app: Pick<App, 'pool' | 'keys' | 'clock'>,
  input: { campaignId: string; lotNumbers: readonly number[]; slip: PostingSlip; actorId: string },
): Promise<number> {
  const { campaignId, slip } = input;
  const span = await campaignSpan(app, campaignId);
  return await transaction(app.pool, async (tx) => {
    const pieces = [];
    let formedOn: Day = '';
    for (const number of input.lotNumbers) {
      const lot = await findLot(tx, campaignId, number);
      if (!lot?.preparedAt) throw new AppError('LOT_MISSING', { number });
      if (toDay(lot.formedAt) > formedOn) formedOn = toDay(lot.formedAt);
      pieces.push(...(await listPieces(tx, lot.id)));
    }
    acceptDay(slip.postedOn, { now: app.clock(), campaign: span, follows: formedOn });
    const known = await findPosting(tx, campaignId, slip.slipNumber);
    if (known !== null && known.postedOn !== slip.postedOn) {
      throw new AppError('VENDOR_FILE_INVALID.slip', { slip: slip.slipNumber, day: known.postedOn });
    }
    const records = await listPieceRecords(
      tx,
      pieces.map((piece) => piece.id),
    );
    const open = pieces.filter((piece) => (records.get(piece.id)?.size ?? 0) === 0);
    const posted = await recordPosting(tx, { campaignId, slip, pieces: open, at: app.clock(), actorId: input.actorId });
    return posted.length;
  });
}
