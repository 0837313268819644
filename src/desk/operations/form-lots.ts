/** Forms lots of everyone who waits in a wave on paper, or in all of them, and makes the files of the lots that have none. */
import { z } from 'zod';
import { isPrinted } from '../../campaign/wave/channel.ts';
import { listOpenLots, planLots } from '../../delivery/letters/plan-lots.ts';
import { prepareLot } from '../../delivery/letters/prepare-lot.ts';
import { listWaves } from '../../delivery/wave-store.ts';
import { AppError } from '../../kernel/errors.ts';
import type { App } from '../../platform/app.ts';
import { actingName, count, isoInstant } from '../fields/operation-field.ts';
import { operationOf, type WriteContext } from '../operation.ts';

export const operation = operationOf({
  kind: 'write',
  input: z
    .strictObject({
      wave: z.string().optional(),
      /** Letters go without the card they promise: a named person decides it. */
      withoutGift: z.boolean().default(false),
      by: actingName.optional(),
    })
    .refine(({ withoutGift, by }) => !withoutGift || by !== undefined, { path: ['by'], message: 'desk.fault.decider' }),
  output: z.strictObject({
    waves: z.array(
      z.strictObject({
        wave: z.string(),
        /** How many lots were formed. */
        lots: count,
        /** Numbers of earlier lots whose counts do not agree; nothing was formed because of them. */
        blockedBy: z.array(count),
        /** Why the wave waits for its cards, or why letters went without them. */
        withoutGift: z.enum(['no_stock', 'no_consent']).nullable(),
        /** When the wave begins, if nothing was formed because it has not. */
        beginsAt: isoInstant.nullable(),
      }),
    ),
    prepared: count,
    pieces: count,
  }),
  run: async ({ app, campaign, actor, progress }, { wave, withoutGift, by }) => {
    const campaignId = campaign.id;
    const withoutGiftBy = withoutGift && by !== undefined ? await actor(by) : null;
    const printed = (await listWaves(app.pool, campaignId)).filter(({ channel }) => isPrinted(channel));
    const chosen = printed.filter(({ waveId }) => wave === undefined || waveId === wave);
    if (chosen.length === 0) throw new AppError('USAGE_WRONG.letterWave', { wave: wave ?? '' });
    const waves = [];
    for (const { waveId } of chosen) {
      const { lotIds, ...planning } = await planLots(app, { campaignId, waveId, withoutGiftBy });
      waves.push({ wave: waveId, lots: lotIds.length, ...planning });
    }
    return { waves, ...(await prepareOpen(app, campaignId, progress)) };
  },
});

async function prepareOpen(app: App, campaignId: string, progress: WriteContext['progress']) {
  const open = await listOpenLots(app.pool, campaignId);
  let pieces = 0;
  for (const [index, lot] of open.entries()) {
    progress('cli.lots.form.progress', index, open.length);
    const outcome = await prepareLot(app, { lotId: lot.id, epoch: lot.epoch });
    if (outcome.kind === 'prepared') pieces += outcome.pieces;
  }
  return { prepared: open.length, pieces };
}
