/** `owabi gifts receive|count|lose|stock`: the stock of gift cards, always with two names. */
import { z } from 'zod';
import { ensureActor } from '../../campaign/actors/ensure-actor.ts';
import { daySchema } from '../../campaign/folder/local-time.ts';
import { getPlanSnapshot } from '../../campaign/plan/create-plan.ts';
import { type GiftAccount, listGiftAccounts } from '../../delivery/gifts/gift-store.ts';
import { type CustodyInput, countGifts, loseGifts, receiveGifts } from '../../delivery/gifts/record-stock.ts';
import { isSlipNumber } from '../../delivery/letters/slip-words.ts';
import { AppError } from '../../kernel/errors.ts';
import type { AppContext, AppRun, CommandContext } from '../command.ts';
import { readOptions } from '../read-options.ts';
import { loadCampaignFolder, resolveCampaign } from '../resolve-campaign.ts';

const custodyOptions = z.object({
  by: z.string().min(1),
  and: z.string().min(1),
  day: daySchema.optional(),
  document: z.string().normalize('NFKC').refine(isSlipNumber, 'want.slipNumber').optional(),
});

const MAX_CARDS = 999_999_999;

/** Reads the arguments `<campaign> <gift> <quantity>` and the two names. */
async function readCustody({ app, args, options }: AppContext, smallest: number): Promise<CustodyInput> {
  const given = readOptions(custodyOptions, options);
  const quantity = Number(args[2]);
  if (!/^\d{1,9}$/.test(args[2] ?? '') || quantity < smallest)
    throw new AppError('USAGE_WRONG.number', { text: args[2] ?? '', from: smallest, to: MAX_CARDS });
  const campaign = await resolveCampaign(app, args[0]);
  const gift = args[1] ?? '';
  await assertGift(app, args[0], campaign.planId, gift);
  return {
    campaignId: campaign.id,
    gift,
    quantity,
    actorId: await ensureActor(app, app.pool, { campaignId: campaign.id, name: given.by }),
    witnessId: await ensureActor(app, app.pool, { campaignId: campaign.id, name: given.and }),
    at: app.clock(),
    ...(given.document === undefined ? {} : { document: given.document }),
    ...(given.day === undefined ? {} : { day: given.day }),
  };
}

/** Cards are often ordered before anything is approved, so the folder's gifts count while there is no plan. */
async function assertGift(
  app: AppContext['app'],
  argument: string | undefined,
  planId: string | null,
  gift: string,
): Promise<void> {
  const file =
    planId === null
      ? (await loadCampaignFolder(argument ?? '', app.config.language)).file
      : (await getPlanSnapshot(app, planId)).campaignFile;
  if (file.gifts.some((known) => known.id === gift)) return;
  throw new AppError('GIFT_UNKNOWN.campaign', { gift, known: file.gifts.map((known) => known.id).join(', ') || '-' });
}

function describe(account: GiftAccount | null, say: CommandContext['say']): string {
  return account === null
    ? say('cli.gifts.stock.none')
    : say('cli.gifts.stock.line', { ...account, balanced: account.balanced ? '✓' : '✗' });
}

export const runGiftsReceive: AppRun = async (context) => {
  const account = await receiveGifts(context.app, await readCustody(context, 1));
  return { json: account, text: describe(account, context.say) };
};

export const runGiftsCount: AppRun = async (context) => {
  const { difference, account } = await countGifts(context.app, await readCustody(context, 0));
  const text = context.say(difference === 0 ? 'cli.gifts.count.agrees' : 'cli.gifts.count.differs', { difference });
  return {
    json: { difference, account },
    text: `${text}\n${describe(account, context.say)}`,
    exitCode: difference === 0 ? 0 : 1,
  };
};

export const runGiftsLose: AppRun = async (context) => {
  const account = await loseGifts(context.app, await readCustody(context, 1));
  return { json: account, text: describe(account, context.say) };
};

export const runGiftsStock: AppRun = async ({ app, args, say }) => {
  const campaign = await resolveCampaign(app, args[0]);
  const gifts = await listGiftAccounts(app.pool, campaign.id);
  const text =
    gifts.length === 0 ? say('cli.gifts.stock.none') : gifts.map((account) => describe(account, say)).join('\n');
  return { json: { gifts }, text, exitCode: gifts.every((account) => account.balanced) ? 0 : 1 };
};
