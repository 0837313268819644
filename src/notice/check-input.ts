// What every check of a notice reads, prepared once: the text, the campaign it belongs to, and the values it will be filled with.
import type { CampaignFile } from '../campaign/folder/campaign-file.ts';
import { dayOf } from '../campaign/folder/local-time.ts';
import { type NoticeContext, noticeContext } from './notice-context.ts';
import { type Passage, toPassages } from './notice-passage.ts';
import { allBlocks, flattenBlocks, type NoticeShape } from './notice-source.ts';
import type { CompiledNotice } from './read-notice.ts';

export type CheckInput = {
  notice: CompiledNotice;
  campaign: CampaignFile;
  context: NoticeContext;
  /** Waves that use this variant, in the order of the campaign file. */
  waves: CampaignFile['waves'];
  /** Everything in the text, whatever section it stands in. */
  passages: Passage[];
  /** Every combination of sections that a person of this campaign may read. */
  shapes: NoticeShape[];
  read: (shape: NoticeShape) => Passage[];
  lineOf: (path: string) => number;
};

/** Prepares a text for checking against a campaign. Dates of sending are those of the first wave that uses the variant. */
export function checkInput(
  notice: CompiledNotice,
  campaign: CampaignFile,
  lineOf: (path: string) => number,
): CheckInput {
  const segments = campaign.segments
    .filter((segment) => segment.variant === notice.variant)
    .map((segment) => segment.id);
  const waves = campaign.waves.filter(
    (wave) => wave.segments.some((id) => segments.includes(id)) && wave.channel !== 'gift',
  );
  const giftId = waves.find((wave) => wave.gift)?.gift;
  const gift = campaign.gifts.find((candidate) => candidate.id === giftId) ?? campaign.gifts[0];
  const sentOn = waves.map((wave) => dayOf(wave.start)).sort()[0] ?? notice.front.asOf;
  const context = noticeContext(notice, campaign, { sentOn, gift });
  const hasGift = campaign.gifts.length > 0;
  const shapes = (['email', 'letter'] as const).flatMap((channel) =>
    [false, true].flatMap((minor) =>
      (hasGift ? [false, true] : [false]).map((shown) => ({
        channel,
        minor,
        gift: shown,
        certainty: campaign.incident.certainty,
      })),
    ),
  );
  return {
    notice,
    campaign,
    context,
    waves,
    passages: toPassages(allBlocks(notice.blocks), context),
    shapes,
    read: (shape) => toPassages(flattenBlocks(notice.blocks, shape), context),
    lineOf,
  };
}
