/** The demo's first chapter: a campaign folder, the rosters of the forensic firm, the rows that nobody could read, the frozen list. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OperationOutput } from '../desk/operations.ts';
import { addDays, toDay } from '../kernel/calendar.ts';
import { AppError } from '../kernel/errors.ts';
import { DEMO_CAMPAIGN, type DemoStage, demoPeople } from './demo-stage.ts';
import { writeSampleRosters } from './sample-roster.ts';

/** The relay of the demo is this machine: no reason to send as slowly as over the internet. */
const DEMO_MAILS_PER_MINUTE = 100_000;

/** Scaffolds the sample campaign with dates around now; its first wave has begun already. */
export async function makeDemoCampaign({ desk, folders, clock, voice }: DemoStage): Promise<void> {
  const startOn = addDays(toDay(clock.now()), -1);
  await desk('create-folder', { dir: folders.campaign, startOn, id: DEMO_CAMPAIGN, trial: true });
  const file = join(folders.campaign, 'campaign.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/messagesPerMinute: 6000/, `messagesPerMinute: ${DEMO_MAILS_PER_MINUTE}`));
  const { ok, problems } = await desk('check-folder', { folder: folders.campaign });
  if (!ok)
    throw new AppError('CAMPAIGN_INVALID.faults', {
      dir: folders.campaign,
      count: problems.length,
      faults: problems.map((p) => `${p.file}:${p.line} ${p.message}`),
    });
  voice.tell(voice.say('demo.checked', { folder: folders.campaign }));
}

/** Loads the rosters, corrects and settles what was rejected, and freezes. Returns the frozen list. */
export async function loadDemoList(stage: DemoStage, people: number): Promise<OperationOutput<'freeze-list'>> {
  const { desk, folders, voice } = stage;
  const rosters = await writeSampleRosters({ dir: folders.rosters, rows: people });
  const by = demoPeople.loader;
  const progress = (label: string, done: number, total: number) => voice.progress(voice.say(label), done, total);
  for (const file of rosters.files) {
    // Named by its folder, so that the first roster registers the campaign.
    const load = () => desk('import-roster', { campaign: folders.campaign, file, by }, { progress });
    const result = await load();
    tellImport(stage, file, result);
    if ((await load()).duplicateOf !== result.importId) throw new AppError('DEMO_STUCK.rosterTwice');
  }
  await settleOpenRows(stage);
  const frozen = await desk('freeze-list', { campaign: DEMO_CAMPAIGN, by });
  voice.tell(
    voice.say('demo.frozen', { version: frozen.version, people: frozen.people, hash: frozen.sha256.slice(0, 16) }),
  );
  return frozen;
}

function tellImport({ voice }: DemoStage, file: string, result: OperationOutput<'import-roster'>): void {
  const { rows, people, merged, rejected } = result;
  voice.tell(voice.say('demo.imported', { file, rows, people, merged, rejected }));
  if (result.report !== null) voice.tell(voice.say('demo.report', { report: result.report }));
}

const EMPTY_ROW = 'empty';

/** What is still open after the corrected rows were loaded is settled by name: not a person, or a substitute measure. */
async function settleOpenRows({ desk, voice }: DemoStage): Promise<void> {
  const campaign = DEMO_CAMPAIGN;
  const by = demoPeople.loader;
  const { open } = await desk('list-rows', { campaign });
  const isEmpty = ({ reasons }: (typeof open)[number]) => reasons.includes(EMPTY_ROW);
  const [emptyRows, others] = [open.filter(isEmpty), open.filter((row) => !isEmpty(row))];
  for (const [settlement, rows] of [
    ['not-a-person', emptyRows],
    ['substitute', others],
  ] as const)
    if (rows.length > 0) await desk('settle-rows', { campaign, settlement, by, row: rows.map(({ id }) => id) });
  voice.tell(voice.say('demo.settledRows', { open: open.length, empty: emptyRows.length, others: others.length }));
}
