/** Tells one person's story with the name opened. */
import type { Campaign } from '../../campaign/campaign.ts';
import { getPeople } from '../../intake/get-people.ts';
import { AppError } from '../../kernel/errors.ts';
import type { App } from '../../platform/app.ts';
import { collectStory, type PersonStory } from './person-story.ts';

export type ToldStory = PersonStory & {
  /** Null when the address key was destroyed. */
  readonly name: string | null;
};

/** The caller has put the view on record before it shows anything of it. */
export async function tellStory(
  app: Pick<App, 'pool' | 'keys'>,
  { campaign, ref }: { campaign: Campaign; ref: string },
): Promise<ToldStory> {
  const story = await collectStory(app.pool, campaign, ref);
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
