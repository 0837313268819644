/** Checks that everyone is within reach: segments that can match, a text and a wave for each, items that exist, someone who notifies. */

import { tellingChannels } from '../wave/channel.ts';
import { personKinds } from '../wave/person-kind.ts';
import { listTextUses, tellingWave, textOf } from '../wave/wave.ts';
import type { CampaignCheck, CampaignFault } from './campaign-fault.ts';
import type { CampaignFile, Segment } from './campaign-file.ts';

export function checkReach({ file, texts }: CampaignCheck): CampaignFault[] {
  return [
    ...checkItems(file),
    ...file.segments.flatMap((segment, index) => checkSegment(file, texts, segment, index)),
    ...checkWaveTexts(file, texts),
    ...checkKinds(file),
    ...(file.parties.some((party) => party.notifies) ? [] : [{ path: 'parties', key: 'nobodyNotifies' }]),
  ];
}

function checkItems(file: CampaignFile): CampaignFault[] {
  const known = file.incident.items.map((one) => one.code);
  const used = [
    ...file.letterRequiredFor.map((code, index) => ({ code, path: `letterRequiredFor.${index}` })),
    ...file.segments.flatMap((segment, at) =>
      (segment.when.items ?? []).map((code, index) => ({ code, path: `segments.${at}.when.items.${index}` })),
    ),
  ];
  return used
    .filter(({ code }) => !known.includes(code))
    .map(({ code, path }) => ({ path, key: 'itemUnknown', params: { code, known: known.join(', ') } }));
}

function checkSegment(file: CampaignFile, texts: readonly string[], segment: Segment, index: number): CampaignFault[] {
  const at = `segments.${index}`;
  const faults: CampaignFault[] = [];
  const { variant, language } = textOf(file, {}, segment);
  const text = `${variant}.${language}`;
  if (!texts.includes(text)) faults.push({ path: `${at}.variant`, key: 'textMissing', params: { text } });
  if (!tellingChannels.some((channel) => tellingWave(file.waves, segment.id, channel)))
    faults.push({ path: `${at}.id`, key: 'segmentUntold', params: { id: segment.id } });
  const earlier = file.segments.slice(0, index).find((one) => isForEveryone(one));
  if (earlier) faults.push({ path: at, key: 'segmentShadowed', params: { id: segment.id, earlier: earlier.id } });
  return faults;
}

/** A wave with a text of its own (a supplement, a gift that follows) needs that text. */
function checkWaveTexts(file: CampaignFile, texts: readonly string[]): CampaignFault[] {
  const uses = listTextUses(file);
  return file.waves.flatMap((wave, index) => {
    if (wave.variant === undefined) return [];
    const used = uses.filter((use) => use.wave.id === wave.id).map((use) => `${use.variant}.${use.language}`);
    return [...new Set(used)]
      .filter((text) => !texts.includes(text))
      .map((text) => ({ path: `waves.${index}.variant`, key: 'textMissing', params: { text } }));
  });
}

/** A kind of person that no segment can match stays undecided whole; better said before the list is loaded. */
function checkKinds(file: CampaignFile): CampaignFault[] {
  return personKinds
    .filter((kind) => !file.segments.some((segment) => segment.when.kinds?.includes(kind) ?? true))
    .map((kind) => ({ path: 'segments', key: 'kindUnreached', params: { kind } }));
}

function isForEveryone(segment: Segment): boolean {
  return Object.values(segment.when).every((condition) => condition === undefined);
}
