/** The demo's first chapter: a campaign folder, the rosters of the forensic firm, the rows that nobody could read, the frozen list. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureActor } from '../campaign/actors/ensure-actor.ts';
import { ensureCampaign } from '../campaign/ensure-campaign.ts';
import { readCampaignFolder } from '../campaign/folder/campaign-folder.ts';
import { scaffoldCampaign } from '../campaign/folder/scaffold-campaign.ts';
import { checkFolder } from '../desk/check-campaign.ts';
import { countRoster } from '../intake/count-roster.ts';
import { type ImportResult, importRoster } from '../intake/import-roster.ts';
import { type FrozenList, freezeList } from '../intake/list/freeze-list.ts';
import { settleRow } from '../intake/rejected/settle-row.ts';
import { listRejectedRows } from '../intake/store.ts';
import { addDays, toDay } from '../kernel/calendar.ts';
import { AppError } from '../kernel/errors.ts';
import type { Language } from '../platform/language.ts';
import { DEMO_CAMPAIGN, type DemoStage, demoPeople } from './demo-stage.ts';
import { writeSampleRosters } from './sample-roster.ts';

/** The relay of the demo is this machine: no reason to send as slowly as over the internet. */
const DEMO_MAILS_PER_MINUTE = 100_000;

/** Scaffolds the sample campaign with dates around now; its first wave has begun already. */
export async function makeDemoCampaign({ app, folders, clock, voice }: DemoStage, language: Language): Promise<void> {
  const today = toDay(clock.now());
  await scaffoldCampaign({ dir: folders.campaign, today: addDays(today, -1), id: DEMO_CAMPAIGN, isTrial: true });
  const file = join(folders.campaign, 'campaign.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/messagesPerMinute: 6000/, `messagesPerMinute: ${DEMO_MAILS_PER_MINUTE}`));
  const { ok, problems } = await checkFolder(folders.campaign, { language, today });
  if (!ok)
    throw new AppError('CAMPAIGN_INVALID.faults', {
      dir: folders.campaign,
      count: problems.length,
      faults: problems.map((p) => `${p.file}:${p.line} ${p.message}`),
    });
  const { folder } = await readCampaignFolder(folders.campaign);
  if (folder) await ensureCampaign(app, folder);
  voice.tell(voice.say('demo.checked', { folder: folders.campaign }));
}

/** Loads the rosters, corrects and settles what was rejected, and freezes. Returns the roster's size and the frozen list. */
export async function loadDemoList(stage: DemoStage, people: number): Promise<FrozenList> {
  const { app, folders, voice } = stage;
  const campaign = await stage.campaign();
  const rosters = await writeSampleRosters({ dir: folders.rosters, rows: people });
  const actorId = await ensureActor(app, app.pool, { campaignId: campaign.id, name: demoPeople.loader });
  for (const file of rosters.files) {
    const result = await importRoster(app, {
      campaign,
      file,
      actorId,
      onProgress: ({ bytes, totalBytes }) => voice.progress(voice.say('demo.importing'), bytes, totalBytes),
    });
    tellImport(stage, file, result);
    const again = await importRoster(app, { campaign, file, actorId });
    if (again.duplicateOf !== result.importId) throw new AppError('DEMO_STUCK.rosterTwice');
  }
  await settleOpenRows(stage, actorId);
  const frozen = await freezeList(app, { campaign, actorId });
  voice.tell(
    voice.say('demo.frozen', { version: frozen.version, people: frozen.people, hash: frozen.sha256.slice(0, 16) }),
  );
  return frozen;
}

function tellImport({ voice }: DemoStage, file: string, result: ImportResult): void {
  const { rows, people, merged, rejected } = result;
  voice.tell(voice.say('demo.imported', { file, rows, people, merged, rejected }));
  if (result.report) voice.tell(voice.say('demo.report', { report: result.report }));
}

const EMPTY_ROW = 'empty';

/** What is still open after the corrected rows were loaded is settled by name: not a person, or a substitute measure. */
async function settleOpenRows(stage: DemoStage, actorId: string): Promise<void> {
  const { app, voice } = stage;
  const campaign = await stage.campaign();
  const before = await countRoster(app.pool, campaign.id);
  const open = await listRejectedRows(app.pool, campaign.id, { isOpenOnly: true });
  const emptyRows = open.filter((row) => row.reason === EMPTY_ROW);
  const others = open.filter((row) => row.reason !== EMPTY_ROW);
  if (emptyRows.length > 0)
    await settleRow(app, { campaign, rowIds: emptyRows.map((row) => row.id), settlement: 'not_a_person', actorId });
  if (others.length > 0)
    await settleRow(app, { campaign, rowIds: others.map((row) => row.id), settlement: 'substitute_measure', actorId });
  voice.tell(voice.say('demo.settledRows', { open: before.open, empty: emptyRows.length, others: others.length }));
}
