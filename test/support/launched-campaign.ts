/** A campaign from the shipped sample, with its list loaded, approved by two people and launched: the start of journeys in tests. */
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Campaign } from '../../src/campaign/campaign.ts';
import { ensureCampaign } from '../../src/campaign/ensure-campaign.ts';
import { getCampaign } from '../../src/campaign/find-campaign.ts';
import { scaffoldCampaign } from '../../src/campaign/folder/scaffold-campaign.ts';
import { launchCampaign } from '../../src/desk/lifecycle/launch-campaign.ts';
import { approveCampaign } from '../../src/desk/plan/approve-campaign.ts';
import { importRoster } from '../../src/intake/import-roster.ts';
import { freezeList } from '../../src/intake/list/freeze-list.ts';
import { addDays, type Day, toDay } from '../../src/kernel/calendar.ts';
import type { App } from '../../src/platform/app.ts';
import { folderContent } from './folder-content.ts';

export const rosterHeader = '会員番号,氏名,フリガナ,郵便番号,住所,メールアドレス,漏えい項目,死亡,住所保護';

/** A row of a fictional person; leave out e-mail or address with ''. */
export function rosterRow(
  number: number,
  {
    email = `user${number}@mail.example`,
    address = '東京都千代田区千代田1-1',
    items = '氏名;住所',
    dead = '',
    guarded = '',
  } = {},
): string {
  return `K${String(number).padStart(5, '0')},見本　${number}子,ミホン ${number}コ,${address === '' ? '' : '100-0001'},${address},${email},${items},${dead},${guarded}`;
}

export async function loadRoster(app: App, campaign: Campaign, rows: readonly string[]): Promise<void> {
  const file = join(await mkdtemp(join(tmpdir(), 'owabi-roster-')), 'roster.csv');
  await writeFile(file, `${rosterHeader}\n${rows.join('\n')}\n`);
  await importRoster(app, { campaign, file });
}

/** The campaign file with these waves instead of the sample's, each written like `{ id: email-1, channel: email, … }` without dates. */
export function withWaves(waves: readonly string[]): (campaignYaml: string, today: Day) => string {
  return (text, today) => {
    const dated = waves.map((wave) => `  - { ${wave}, start: ${today} 00:00, latest: ${addDays(today, 20)} }\n`);
    return text.replace(/^waves:.*\n(?: {2}- .*\n)+/m, `waves:\n${dated.join('')}`);
  };
}

/** Approves what is in the folder now, under two declared names. */
export async function approveByTwo(app: App, campaign: Campaign): Promise<void> {
  for (const by of ['総務 花子', '法務 一郎']) {
    const answer = await approveCampaign(app, { campaign, by, language: 'en' });
    if (answer.kind !== 'recorded') throw new Error(`the approval was refused: ${JSON.stringify(answer)}`);
  }
}

/** Returns the running campaign and its folder; nothing is planned or sent yet. */
export async function launchedCampaign(
  app: App,
  rows: readonly string[],
  edit: (campaignYaml: string, today: Day, dir: string) => string = (text) => text,
): Promise<{ campaign: Campaign; dir: string }> {
  const dir = join(await mkdtemp(join(tmpdir(), 'owabi-campaign-')), 'campaign');
  await scaffoldCampaign({ dir, today: addDays(toDay(app.clock()), -1), isTrial: true });
  const file = join(dir, 'campaign.yaml');
  await writeFile(file, edit(await readFile(file, 'utf8'), toDay(app.clock()), dir));
  const campaign = await ensureCampaign(app, await folderContent(dir));
  await loadRoster(app, campaign, rows);
  await freezeList(app, { campaign });
  await approveByTwo(app, campaign);
  await launchCampaign(app, {
    campaign: await getCampaign(app.pool, campaign.id),
    by: '総務 花子',
    withoutPublication: true,
  });
  return { campaign: await getCampaign(app.pool, campaign.id), dir };
}
