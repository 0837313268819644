/** Tells one person's story to a named operator, with the name opened; the view is recorded before anything is shown (promise 5). */
import { ensureActor } from '../campaign/actors/ensure-actor.ts';
import type { Campaign } from '../campaign/campaign.ts';
import { getPeople } from '../intake/get-people.ts';
import { recordFact } from '../journal/record-fact.ts';
import { AppError } from '../kernel/errors.ts';
import type { App } from '../platform/app.ts';
import { transaction } from '../platform/db.ts';
import { collectStory, findPersonRef, type PersonStory } from './person-story.ts';

export type ToldStory = PersonStory & {
  /** Null when the address key was destroyed. */
  readonly name: string | null;
};

/** `person` is a notice number or a reference; `by` the person who looks, null for the operator of this machine. */
export async function tellStory(
  app: Pick<App, 'pool' | 'keys' | 'clock'>,
  { campaign, person, by = null }: { campaign: Campaign; person: string; by?: string | null },
): Promise<ToldStory> {
  const ref = await findPersonRef(app.pool, campaign.id, person);
  const story = await collectStory(app.pool, campaign, ref);
  await transaction(app.pool, async (tx) => {
    const actorId = by === null ? null : await ensureActor(app, tx, { campaignId: campaign.id, name: by });
    await recordFact(tx, {
      campaignId: campaign.id,
      kind: 'person.viewed',
      occurredAt: app.clock(),
      actorId,
      body: { ref },
    });
  });
  return { ...story, name: await openName(app, campaign, ref) };
}

async function openName(app: Pick<App, 'pool' | 'keys'>, campaign: Campaign, ref: string): Promise<string | null> {
  try {
    return (await getPeople(app, campaign, [ref])).get(ref)?.name ?? null;
  } catch (error) {
    // After a purge the story still proves what was sent; only the name is gone.
    if (error instanceof AppError && error.code === 'KEY_MISSING') return null;
    throw error;
  }
}
