/**
 * Posts what is open in lots by hand, where no vendor's file comes: one stamped 差出票 over several lots, entered by a named person.
 */
import { AppError } from '../../kernel/errors.ts';
import type { App } from '../../platform/app.ts';
import { transaction } from '../../platform/postgres/db.ts';
import { findLot } from './lot-store.ts';
import { listPieceOutcomes, listPieces } from './piece-store.ts';
import { findPostingDay, type PostingSlip, recordPosting } from './record-posting.ts';

/** Returns how many pieces were posted. Throws LOT_MISSING, and VENDOR_FILE_INVALID when the slip is on record with another day. */
export async function postLots(
  app: Pick<App, 'pool' | 'clock'>,
  input: { campaignId: string; lotNumbers: readonly number[]; slip: PostingSlip; actorId: string },
): Promise<number> {
  const { campaignId, slip } = input;
  return await transaction(app.pool, async (tx) => {
    const known = await findPostingDay(tx, campaignId, slip.slipNumber);
    if (known !== null && known !== slip.postedOn) {
      throw new AppError('VENDOR_FILE_INVALID', `the slip ${slip.slipNumber} is on record with the day ${known}`);
    }
    const pieces = [];
    for (const number of input.lotNumbers) {
      const lot = await findLot(tx, campaignId, number);
      if (!lot?.preparedAt) throw new AppError('LOT_MISSING', `there is no prepared lot ${number}`);
      pieces.push(...(await listPieces(tx, lot.id)));
    }
    const outcomes = await listPieceOutcomes(
      tx,
      pieces.map((piece) => piece.id),
    );
    const open = pieces.filter((piece) => (outcomes.get(piece.id)?.size ?? 0) === 0);
    const posted = await recordPosting(tx, { campaignId, slip, pieces: open, at: app.clock(), actorId: input.actorId });
    return posted.length;
  });
}
