// A campaign brought to its launch in this process, in a second: scaffolded folder, imported and frozen list, two approvals.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureActor } from '../../src/campaign/actors/ensure-actor.ts';
import type { Campaign } from '../../src/campaign/campaign.ts';
import { ensureCampaign } from '../../src/campaign/ensure-campaign.ts';
import { getCampaign } from '../../src/campaign/find-campaign.ts';
import { scaffoldCampaign } from '../../src/campaign/folder/scaffold-campaign.ts';
import { recordPublication } from '../../src/campaign/publications/record-publication.ts';
import { launchCampaign } from '../../src/desk/lifecycle/launch-campaign.ts';
import { approveCampaign } from '../../src/desk/plan/approve-campaign.ts';
import { importRoster } from '../../src/intake/import-roster.ts';
import { freezeList } from '../../src/intake/list/freeze-list.ts';
import { toDay } from '../../src/kernel/calendar.ts';
import { sha256Hex } from '../../src/kernel/canonical.ts';
import type { App } from '../../src/platform/app.ts';
import { folderContent } from './folder-content.ts';
import { type JourneyPerson, journeyRoster } from './journey-roster.ts';

export type JourneyOptions = {
  /** An empty or new folder for the campaign and its roster. */
  readonly dir: string;
  readonly slug: string;
  readonly people: readonly JourneyPerson[];
  readonly mailsPerMinute: number;
  readonly piecesPerLot?: number;
};

const approvers = ['総務 花子', '法務 一郎'];

/** Waves have begun, so that work starts with the first worker. */
export async function launchJourney(app: App, options: JourneyOptions): Promise<Campaign> {
  const { dir, slug, people, mailsPerMinute, piecesPerLot = 1_000 } = options;
  const today = toDay(app.clock());
  const folder = join(dir, slug);
  await scaffoldCampaign({ dir: folder, today, id: slug, isTrial: true });
  const file = join(folder, 'campaign.yaml');
  const text = readFileSync(file, 'utf8')
    .replaceAll(/start: \d{4}-\d\d-\d\d \d\d:\d\d/g, `start: ${today} 00:00`)
    // No card in a letter: lots are formed at once, and wait for no consent and no stock.
    .replaceAll(/(channel: letter,.*?), gift: quo500/g, '$1')
    .replace('messagesPerMinute: 6000', `messagesPerMinute: ${mailsPerMinute}`)
    .replace('pieces: 1000', `pieces: ${piecesPerLot}`);
  writeFileSync(file, text);
  const campaign = await ensureCampaign(app, await folderContent(folder));
  const roster = join(dir, 'roster.csv');
  writeFileSync(roster, journeyRoster(people));
  const actorId = await ensureActor(app, app.pool, { campaignId: campaign.id, name: '情報 守' });
  await importRoster(app, { campaign, file: roster, actorId });
  await freezeList(app, { campaign, actorId });
  for (const by of approvers) {
    const answer = await approveCampaign(app, { campaign, by, language: 'en' });
    if (answer.kind !== 'recorded') throw new Error(`the approval was refused: ${JSON.stringify(answer)}`);
  }
  const url = 'https://www.tameshido.test/oshirase';
  const published = { kind: 'first' as const, url, documentSha256: sha256Hex(url), asOf: app.clock() };
  await recordPublication(app, { campaign, ...published });
  const answer = await launchCampaign(app, { campaign: await getCampaign(app.pool, slug), by: approvers[0] ?? '' });
  if (answer.kind === 'refused') throw new Error(`the launch was refused: ${answer.reasons.join()}`);
  return await getCampaign(app.pool, slug);
}
