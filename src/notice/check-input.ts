// What every check of a notice reads, prepared once: the text, the campaign it belongs to, and the values it will be filled with.
import type { CampaignFile } from '../campaign/folder/campaign-file.ts';
import { dayOf } from '../campaign/folder/local-time.ts';
import { channels, channelTable } from '../campaign/wave/channel.ts';
import { listTextUses, type TextUse } from '../campaign/wave/wave.ts';
import { type NoticeContext, noticeContext } from './notice-context.ts';
import { type Passage, toPassages } from './notice-passage.ts';
import { allBlocks, flattenBlocks, type NoticeShape } from './notice-source.ts';
import type { CompiledNotice } from './read-notice.ts';

export type NoticeCheck = {
  notice: CompiledNotice;
  campaign: CampaignFile;
  context: NoticeContext;
  /** Waves whose people read this text, in the order of the campaign file; [] for a draft that no wave uses yet. */
  waves: CampaignFile['waves'];
  /** Whether a card goes with this text for anyone. */
  carriesGift: boolean;
  /** Everything in the text, whatever section it stands in. */
  passages: Passage[];
  /** Every combination of sections that a person of this campaign may read. */
  shapes: NoticeShape[];
  read: (shape: NoticeShape) => Passage[];
  lineOf: (path: string) => number;
};

/** Prepares a text for checking against a campaign. Dates of sending are those of the first wave that uses the text. */
export function checkInput(
  notice: CompiledNotice,
  campaign: CampaignFile,
  lineOf: (path: string) => number,
): NoticeCheck {
  const uses = listTextUses(campaign).filter(
    (use) => use.variant === notice.variant && use.language === notice.language,
  );
  const waves = campaign.waves.filter((wave) => uses.some((use) => use.wave.id === wave.id));
  const gift = uses.find((use) => use.gift)?.gift ?? campaign.gifts[0];
  const sentOn = waves.map((wave) => dayOf(wave.start)).sort()[0] ?? notice.front.asOf;
  const context = noticeContext(notice, campaign, { sentOn, gift });
  return {
    notice,
    campaign,
    context,
    waves,
    carriesGift: uses.some((use) => use.gift !== null),
    passages: toPassages(allBlocks(notice.blocks), context),
    shapes: listShapes(campaign, uses),
    read: (shape) => toPassages(flattenBlocks(notice.blocks, shape), context),
    lineOf,
  };
}

/** As the waves send it; a draft that no wave uses is read every way a campaign could send it. */
function listShapes(campaign: CampaignFile, uses: readonly TextUse[]): NoticeShape[] {
  const ways =
    uses.length > 0
      ? uses.map(({ wave, gift }) => ({ medium: channelTable[wave.channel].medium, hasGift: gift !== null }))
      : channels.map((channel) => ({
          medium: channelTable[channel].medium,
          hasGift: channelTable[channel].gift !== 'never' && campaign.gifts.length > 0,
        }));
  const { certainty } = campaign.incident;
  const shapes = ways.flatMap(({ medium, hasGift }) =>
    [false, true].flatMap((minor) =>
      (hasGift ? [false, true] : [false]).map((gift): NoticeShape => ({ channel: medium, minor, gift, certainty })),
    ),
  );
  return [...new Map(shapes.map((shape) => [JSON.stringify(shape), shape])).values()];
}
