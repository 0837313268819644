/** The checklist of a campaign: what is due until when, and what is done, by what the system knows or by a named person's tick. */
import { ensureActor } from '../../campaign/actors/ensure-actor.ts';
import type { Campaign } from '../../campaign/campaign.ts';
import type { CampaignFile } from '../../campaign/folder/campaign-file.ts';
import { needFolder } from '../../campaign/folder/campaign-folder.ts';
import type { ChecklistDone, ChecklistStep } from '../../campaign/law/checklist.ts';
import { listChecklist } from '../../campaign/law/list-clocks.ts';
import type { DoneFact } from '../../campaign/law/regime.ts';
import { countOutcomes } from '../../delivery/standing-store.ts';
import type { Fact } from '../../journal/fact.ts';
import { type FactKind, readFactBody } from '../../journal/facts/fact-kind.ts';
import { recordFact } from '../../journal/record-fact.ts';
import { listFacts } from '../../journal/store.ts';
import { type Day, toDay } from '../../kernel/calendar.ts';
import { AppError } from '../../kernel/errors.ts';
import { nearestWord } from '../../kernel/nearest-word.ts';
import type { App } from '../../platform/app.ts';
import { transaction } from '../../platform/postgres/db.ts';
import { readDraft } from '../drafts/read-draft.ts';

/** The first fact of the kind shows that the step is done. */
const shownBy: Partial<Record<FactKind, DoneFact>> = {
  'list.frozen': 'list_frozen',
  'publication.recorded': 'publication',
  'consent.answered': 'consent',
  'gifts.received': 'gifts',
};

type ChecklistApp = Pick<App, 'pool' | 'keys' | 'clock'>;
/** `folder` is the one that was named; null: the draft's newest revision counts. */
type ChecklistOf = { readonly campaign: Campaign; readonly folder: string | null };

export async function campaignChecklist(
  app: ChecklistApp,
  { campaign, folder }: ChecklistOf,
): Promise<readonly ChecklistStep[]> {
  const { file, policy } = needFolder(await readDraft(app, { campaignId: campaign.id, folder }));
  const now = app.clock();
  return listChecklist(file, now, await findDone(app, campaign, file, toDay(now)), policy);
}

/** Ticks a step, or opens it again, under a name. Throws STEP_UNKNOWN; what is so already writes no fact. */
export async function tickStep(
  app: ChecklistApp,
  { campaign, folder, step, by, isDone }: ChecklistOf & { step: string; by: string; isDone: boolean },
): Promise<readonly ChecklistStep[]> {
  const steps = await campaignChecklist(app, { campaign, folder });
  const found = steps.find((one) => one.id === step);
  if (!found) {
    const ids = steps.map((one) => one.id);
    throw new AppError('STEP_UNKNOWN', { step, known: nearestWord(step, ids) ?? ids.join(', ') });
  }
  if ((found.done !== null) === isDone) return steps;
  await transaction(app.pool, async (tx) => {
    const actorId = await ensureActor(app, tx, { campaignId: campaign.id, name: by });
    const kind = isDone ? 'checklist.ticked' : 'checklist.reopened';
    await recordFact(tx, { campaignId: campaign.id, kind, occurredAt: app.clock(), actorId, body: { step } });
  });
  return await campaignChecklist(app, { campaign, folder });
}

async function findDone(app: ChecklistApp, campaign: Campaign, file: CampaignFile, today: Day): Promise<ChecklistDone> {
  const facts: Partial<Record<DoneFact, Day>> = {};
  const ticks = new Map<string, Day>();
  let lastWord: Day | undefined;
  for (const fact of await listFacts(app.pool, campaign.id)) {
    const day = toDay(fact.occurredAt);
    const shown = shownBy[fact.kind];
    if (shown) facts[shown] ??= day;
    if (fact.personsFirst > 0 || fact.kind === 'people.decided') lastWord = day;
    noteTick(ticks, fact, day);
  }
  const { opensOn } = file.callCentre;
  if (opensOn <= today) facts.centre_open = opensOn;
  const open = (await countOutcomes(app.pool, campaign.id)).filter(
    ({ term }) => term === 'underway' || term === 'undecided',
  );
  if (open.length === 0 && lastWord !== undefined) facts.told = lastWord;
  return { facts, ticks };
}

function noteTick(ticks: Map<string, Day>, { kind, body }: Fact, day: Day): void {
  if (kind !== 'checklist.ticked' && kind !== 'checklist.reopened') return;
  const { step } = readFactBody(kind, body);
  if (kind === 'checklist.ticked') ticks.set(step, day);
  else ticks.delete(step);
}
