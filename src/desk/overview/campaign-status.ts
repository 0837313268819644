/**
 * Where a campaign stands: the three equations, progress, clocks and what needs a decision. Read from the rooms' counters in
 * one snapshot, so that the numbers belong together and asking every second costs the same for ten people and for a million.
 */
import type { Campaign } from '../../campaign/campaign.ts';
import { getCampaign } from '../../campaign/find-campaign.ts';
import type { FolderReading } from '../../campaign/folder/campaign-folder.ts';
import { findCampaignHome } from '../../campaign/home/home-store.ts';
import type { HomeReason } from '../../campaign/home/home-verdict.ts';
import type { Clock } from '../../campaign/law/clocks.ts';
import { listClocks } from '../../campaign/law/list-clocks.ts';
import { getPlan, getPlanSnapshot } from '../../campaign/plan/create-plan.ts';
import { type Drift, describeDrift } from '../../campaign/plan/describe-drift.ts';
import type { PlanSnapshot } from '../../campaign/plan/plan.ts';
import type { Channel } from '../../campaign/wave/channel.ts';
import type { WaitCode } from '../../campaign/wave/wave-opening.ts';
import { countOpenQuestions } from '../../delivery/letters/line-store.ts';
import { countPiecesToPull } from '../../delivery/letters/piece-store.ts';
import { countLiveWorkers } from '../../delivery/mail/live-workers.ts';
import type { PersonTerm } from '../../delivery/outcome.ts';
import { countOutcomes, type OutcomeCount } from '../../delivery/standing-store.ts';
import { listWaves, type WaveCounts } from '../../delivery/wave-store.ts';
import { listWaveWaits } from '../../delivery/wave-waits.ts';
import { countAccounting } from '../../evidence/figures/count-accounting.ts';
import { findRecount } from '../../evidence/figures/recount-store.ts';
import type { RosterCount } from '../../intake/count-roster.ts';
import { getListVersion } from '../../intake/list/list-members.ts';
import { findHead } from '../../journal/store.ts';
import { AppError } from '../../kernel/errors.ts';
import { listUnpriced, type UnpricedLine } from '../../ledger/list-unpriced.ts';
import type { App } from '../../platform/app.ts';
import { hasSigningKey, openSigningKey } from '../../platform/crypto/sign.ts';
import { type Db, readSnapshot } from '../../platform/postgres/db.ts';
import { readDraft } from '../drafts/read-draft.ts';
import { snapshotFolder } from '../plan/propose-plan.ts';

export type WaveStatus = WaveCounts & {
  readonly id: string;
  readonly channel: Channel;
  readonly startAt: string;
  readonly latestAt: string;
  /** Why it does not move, the first to be looked at first; [] when it moves. `until`: when the reason ends by itself. */
  readonly waits: readonly { readonly code: WaitCode; readonly until: string | null }[];
};

/** Something a person must decide or do; `code` is a word of the catalogue (`status.decision.<code>`). */
export type OpenDecision = { readonly code: string; readonly count: number; readonly dueOn: string | null };

export type StatusDocument = {
  readonly campaign: string;
  readonly state: Campaign['state'];
  readonly roster: RosterCount;
  readonly waves: readonly WaveStatus[];
  readonly persons: Record<PersonTerm, number> & { readonly total: number };
  readonly outcomes: readonly OutcomeCount[];
  /** All three equations hold, each total kept by another table than its terms. The recount proves them against the rows. */
  readonly balanced: boolean;
  readonly plan: { readonly sha256: string; readonly listVersion: number } | null;
  readonly drift: readonly Drift[];
  readonly clocks: readonly Clock[];
  readonly decisions: readonly OpenDecision[];
  /** What facts counted and no rate prices: in no estimate of what the campaign costs. */
  readonly unpriced: readonly UnpricedLine[];
  readonly workers: number;
  /** Head of the journal's chain: whoever keeps it can hold the company to everything before it. */
  readonly journal: { readonly block: number; readonly hash: string } | null;
  /** Fingerprint of the key that signs this campaign's bundles; null before there is one. */
  readonly keyFingerprint: string | null;
  readonly at: string;
};

type StatusApp = Pick<App, 'pool' | 'keys' | 'files' | 'clock'>;

/** `folder` is the one that was named; without it the draft's newest revision counts. Throws CAMPAIGN_MISSING. */
export async function campaignStatus(
  app: StatusApp,
  campaignId: string,
  { folder = null }: { folder?: string | null } = {},
): Promise<StatusDocument> {
  const counted = await readSnapshot(app.pool, (db) => count(db, campaignId));
  const { campaign, roster, outcomes, waves, persons, balanced, head, unlisted, pull, differences } = counted;
  const plan = campaign.planId === null ? null : await getPlan(app.pool, campaign.planId);
  const reading = await findReading(app, campaign, folder);
  const clocks = reading?.file ? listClocks(reading.file, app.clock(), reading.policy) : [];
  const snapshot = await findSnapshot(app, campaign);
  const drift = await findDrift(app, campaign, reading, snapshot);
  const workers = await countLiveWorkers(app.pool);
  const lines = await countOpenQuestions(app.pool, campaignId);
  const home = (await findCampaignHome(app.pool, campaignId))?.home ?? null;
  const waits = await listWaveWaits(app.pool, counted.records, {
    campaignId,
    state: campaign.state,
    now: app.clock(),
    counts: new Map(waves.map((wave) => [wave.id, wave])),
    snapshot,
    hasWorker: workers > 0,
  });
  const unpriced = await listUnpriced(app, campaignId);
  return {
    campaign: campaign.slug,
    state: campaign.state,
    roster,
    waves: waves.map((wave) => ({
      ...wave,
      waits: (waits.get(wave.id) ?? []).map(({ code, until }) => ({ code, until: until?.toISOString() ?? null })),
    })),
    persons,
    outcomes,
    balanced,
    plan: plan ? { sha256: plan.sha256, listVersion: plan.listVersion } : null,
    drift,
    clocks,
    decisions: listDecisions(
      campaign,
      { unlisted, pull, lines, differences, unpriced: unpriced.length, suspended: home?.suspended ?? null },
      roster,
      outcomes,
      drift,
      workers,
    ),
    unpriced,
    workers,
    journal: head ? { block: head.number, hash: head.hash } : null,
    keyFingerprint: hasSigningKey(app.keys.dir, campaignId)
      ? openSigningKey(app.keys.dir, campaignId).fingerprint
      : null,
    at: app.clock().toISOString(),
  };
}

async function count(db: Db, campaignId: string) {
  const campaign = await getCampaign(db, campaignId);
  const { balanced, roster, persons, waves } = await countAccounting(db, campaignId);
  const records = await listWaves(db, campaignId);
  const dates = new Map(records.map((wave) => [wave.waveId, wave]));
  return {
    campaign,
    records,
    roster,
    persons,
    balanced,
    outcomes: await countOutcomes(db, campaignId),
    waves: waves.map(
      (wave): Omit<WaveStatus, 'waits'> => ({
        ...wave,
        startAt: dates.get(wave.id)?.startAt.toISOString() ?? '',
        latestAt: dates.get(wave.id)?.latestAt.toISOString() ?? '',
      }),
    ),
    head: await findHead(db, campaignId),
    pull: await countPiecesToPull(db, campaignId),
    differences: (await findRecount(db, campaignId))?.differences ?? 0,
    // Imported since the newest version was frozen: they are on no list that could be approved.
    unlisted:
      campaign.listVersion === null
        ? 0
        : roster.people - (await getListVersion(db, campaignId, campaign.listVersion)).people,
  };
}

/** Null when the folder was moved or the keys are elsewhere: status answers all the same, and what is missing is not shown. */
async function findReading(app: StatusApp, campaign: Campaign, folder: string | null): Promise<FolderReading | null> {
  return await orNull(async () => await readDraft(app, { campaignId: campaign.id, folder }));
}

/** The plan that runs; null before there is one, and where its keys are elsewhere. */
async function findSnapshot(app: StatusApp, { planId }: Campaign): Promise<PlanSnapshot | null> {
  return planId === null ? null : await orNull(() => getPlanSnapshot(app, planId));
}

async function findDrift(
  app: StatusApp,
  campaign: Campaign,
  reading: FolderReading | null,
  approved: PlanSnapshot | null,
): Promise<Drift[]> {
  if (approved === null || reading === null) return [];
  const { folder } = reading;
  if (!folder) return [{ what: 'campaign.yaml', path: '', change: 'changed' }];
  const now = await orNull(() => snapshotFolder(app, campaign, folder));
  return now === null ? [] : describeDrift(folder, approved, now);
}

async function orNull<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

function listDecisions(
  campaign: Campaign,
  found: Readonly<Record<'unlisted' | 'pull' | 'lines' | 'differences' | 'unpriced', number>> & {
    readonly suspended: HomeReason | null;
  },
  roster: RosterCount,
  outcomes: readonly OutcomeCount[],
  drift: readonly Drift[],
  workers: number,
): OpenDecision[] {
  const decisions: OpenDecision[] = [];
  const add = (code: string, count: number, dueOn: string | null = null) => {
    if (count > 0) decisions.push({ code, count, dueOn });
  };
  if (found.suspended !== null) add(`home_${found.suspended}`, 1);
  add('rows_open', roster.open);
  add('people_unlisted', found.unlisted);
  add('letters_to_pull', found.pull);
  add('lines_open', found.lines);
  add('counts_differ', found.differences);
  add('facts_unpriced', found.unpriced);
  for (const { term, outcome, people, earliestDueOn } of outcomes) {
    if (
      term === 'undecided' ||
      outcome === 'mail_uncertain' ||
      outcome === 'letter_uncertain' ||
      outcome === 'letter_returned'
    )
      add(outcome, people, earliestDueOn);
  }
  add('plan_drift', drift.length);
  if (campaign.proposedPlanId !== null && campaign.proposedPlanId !== campaign.planId) add('plan_waits', 1);
  if (campaign.state === 'running' && workers === 0) add('no_worker', 1);
  return decisions;
}
