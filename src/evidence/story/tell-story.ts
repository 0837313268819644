/** Tells one person's story to a named operator, with the name opened; the view is recorded before anything is shown (promise 5). */
import type { Campaign } from '../../campaign/campaign.ts';
import { getPeople } from '../../intake/get-people.ts';
import { AppError } from '../../kernel/errors.ts';
import type { App } from '../../platform/app.ts';
import { collectStory, findPersonRef, type PersonStory } from './person-story.ts';
import { recordViews } from './record-view.ts';

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
  await recordViews(app, { campaignId: campaign.id, refs: [ref], shown: 'story', by });
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
