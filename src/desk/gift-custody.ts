/** What an act of custody over the cards in stock takes and answers: cards are cash, so each bears two names. */
import { z } from 'zod';
import type { Campaign } from '../campaign/campaign.ts';
import { getPlanSnapshot } from '../campaign/plan/create-plan.ts';
import type { GiftAccount } from '../delivery/gifts/gift-store.ts';
import type { CustodyInput } from '../delivery/gifts/record-stock.ts';
import { AppError } from '../kernel/errors.ts';
import type { App } from '../platform/app.ts';
import { actingName, count, numberWithin } from './fields/operation-field.ts';
import { loadCampaignFolder } from './open-campaign.ts';
import type { WriteContext } from './operation.ts';

const MAX_CARDS = 999_999_999;

export const custodyFields = (smallest: number) =>
  z.strictObject({
    gift: z.string(),
    quantity: numberWithin(smallest, MAX_CARDS),
    by: actingName,
    and: actingName,
  });

/** reserved = posted + spoiled + back + lost + open. */
export const giftAccount = z.strictObject({
  gift: z.string(),
  onHand: count,
  received: count,
  counted: count,
  lostFromStock: count,
  reserved: count,
  open: count,
  posted: count,
  spoiled: count,
  back: count,
  lost: count,
  balanced: z.boolean(),
}) satisfies z.ZodType<GiftAccount>;

type Custody = Pick<CustodyInput, 'gift' | 'quantity'> & {
  readonly by: string;
  readonly and: string;
  readonly day?: string | undefined;
  readonly document?: string | undefined;
};

/** The gift and both people in the form that the books take. Throws GIFT_UNKNOWN, and PLAN_MISSING without plan and folder. */
export async function openCustody(
  { app, campaign, folder, language, actor }: Pick<WriteContext, 'app' | 'campaign' | 'folder' | 'language' | 'actor'>,
  { gift, quantity, by, and, day, document }: Custody,
): Promise<CustodyInput> {
  const campaignId = campaign.id;
  await assertGift(app, { campaign, folder, language }, gift);
  return {
    campaignId,
    gift,
    quantity,
    actorId: await actor(by),
    witnessId: await actor(and),
    at: app.clock(),
    ...(document === undefined ? {} : { document }),
    ...(day === undefined ? {} : { day }),
  };
}

/** Cards are often ordered before anything is approved, so the folder's gifts count while there is no plan. */
async function assertGift(
  app: Pick<App, 'pool' | 'files' | 'keys'>,
  { campaign, folder, language }: { campaign: Campaign } & Pick<WriteContext, 'folder' | 'language'>,
  gift: string,
): Promise<void> {
  if (campaign.planId === null && folder === null) throw new AppError('PLAN_MISSING.none');
  const file =
    campaign.planId === null
      ? (await loadCampaignFolder(folder ?? '', language)).file
      : (await getPlanSnapshot(app, campaign.planId)).campaignFile;
  if (file.gifts.some((known) => known.id === gift)) return;
  throw new AppError('GIFT_UNKNOWN.campaign', { gift, known: file.gifts.map((known) => known.id).join(', ') || '-' });
}
