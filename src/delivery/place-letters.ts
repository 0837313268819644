/**
 * The fallback sweep: people whose date has passed get their new standing, and those for whom a letter is due get a place in
 * their letter wave. Runs as often as wanted; a bounce that comes after the letter wave was frozen is picked up here.
 */

import { getCampaign } from '../campaign/find-campaign.ts';
import { getPlanSnapshot } from '../campaign/plan/create-plan.ts';
import { tellingWave, textForPlace } from '../campaign/wave/wave.ts';
import { recordFact } from '../journal/record-fact.ts';
import { toDay } from '../kernel/calendar.ts';
import type { App } from '../platform/app.ts';
import { transaction } from '../platform/postgres/db.ts';
import { advancePeople } from './advance-people.ts';
import { insertPlaces } from './insert-places.ts';
import { isAnyoneOverdue, listDuePeople, listLetterDue } from './standing-store.ts';
import { listWaves } from './wave-store.ts';

const PEOPLE_PER_BATCH = 1_000;

/** Returns how many people got a place in a letter wave. */
export async function placeLetters(
  app: Pick<App, 'pool' | 'files' | 'keys' | 'clock'>,
  { campaignId }: { campaignId: string },
): Promise<number> {
  await moveDuePeople(app, campaignId);
  const campaign = await getCampaign(app.pool, campaignId);
  if (campaign.planId === null) return 0;
  const planId = campaign.planId;
  if ((await listLetterDue(app.pool, campaignId, 1)).length === 0) return 0;
  const { listVersion, campaignFile } = await getPlanSnapshot(app, planId);
  let placed = 0;
  for (;;) {
    const batch = await transaction(app.pool, async (tx) => {
      const due = await listLetterDue(tx, campaignId, PEOPLE_PER_BATCH);
      if (due.length === 0) return 0;
      const waves = (await listWaves(tx, campaignId)).filter((wave) => wave.planId === planId);
      const places = due.flatMap((person) => {
        const wave = tellingWave(waves, person.segment, 'letter');
        if (!wave) return [];
        const text = textForPlace(campaignFile, wave.waveId, person.segment);
        return [{ member: { ...person, siteKey: null }, waveId: wave.waveId, listVersion, text }];
      });
      const inserted = await insertPlaces(tx, { campaignId, planId, waves }, places);
      if (inserted > 0) {
        await recordFact(tx, { campaignId, kind: 'letters.due', occurredAt: app.clock(), body: { people: inserted } });
      }
      await advancePeople(
        tx,
        campaignId,
        due.map(({ ref }) => ref),
        app.clock(),
      );
      return inserted;
    });
    if (batch === 0) return placed;
    placed += batch;
  }
}

async function moveDuePeople(app: Pick<App, 'pool' | 'clock'>, campaignId: string): Promise<void> {
  const today = toDay(app.clock());
  if (!(await isAnyoneOverdue(app.pool, campaignId, today))) return;
  for (let afterRank = -1; ; ) {
    const due = await listDuePeople(app.pool, campaignId, today, PEOPLE_PER_BATCH, afterRank);
    if (due.length === 0) return;
    await transaction(app.pool, (tx) =>
      advancePeople(
        tx,
        campaignId,
        due.map(({ ref }) => ref),
        app.clock(),
      ),
    );
    afterRank = due.at(-1)?.rank ?? afterRank;
  }
}
